import type { NoticeCode } from '../../core/domain/plan/notice.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { Paint } from '../layout/paint.ts';
import { countsText, verdictText } from './headline.ts';
import { approvedSection, changesSection, deferredSection, heldSection } from './text-changes.ts';
import {
  absentSection,
  endedSection,
  idleSection,
  noticesSection,
  redundantSection,
  unlistedSection,
  unmanageableSection,
  upcomingSection,
} from './text-lists.ts';

/** Notices that stop every write, so they stand right below the first line. */
const STOPPING: ReadonlySet<NoticeCode> = new Set(['paused', 'clock-skew']);

/**
 * A plan for a terminal. Opens with whom it concerns and what becomes of it; then what is to be written and why, what is
 * not and why not, and what else is worth knowing. Sections that would be empty are left out.
 */
export function renderPlanText(plan: Plan, paint: Paint): string {
  const stopping = plan.notices.filter(({ code }) => STOPPING.has(code));
  const others = plan.notices.filter(({ code }) => !STOPPING.has(code));
  const sections = [
    headline(plan, paint),
    noticesSection('Nothing is written until this is settled', stopping, paint),
    changesSection(plan, paint),
    approvedSection(plan, paint),
    heldSection(plan, paint),
    deferredSection(plan, paint),
    unmanageableSection(plan, paint),
    absentSection(plan, paint),
    upcomingSection(plan, paint),
    endedSection(plan, paint),
    unlistedSection(plan, paint),
    redundantSection(plan, paint),
    idleSection(plan, paint),
    noticesSection('Notices', others, paint),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function headline(plan: Plan, paint: Paint): readonly string[] {
  const text = verdictText(plan);
  const verdict = plan.verdict === 'held' ? paint.fail(text) : paint.strong(text);
  return [`Account ${plan.account}, ${plan.mode}: ${countsText(plan.counts)}. ${verdict}`];
}
