import { type Principal, principalText } from '../../core/domain/account/principal.ts';
import {
  type AccountChanges,
  type HolderShift,
  isUnchanged,
  type ResourceShift,
  type RowShift,
} from '../../core/domain/answer/account-changes.ts';
import type { Risk } from '../../core/domain/answer/comparison.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import type { Paint } from '../layout/paint.ts';
import { levelsText } from '../words/phrase.ts';
import type { ComparisonCounts } from './headline.ts';
import { sectionsMarkdown } from './markdown.ts';
import { type ComparisonRow, type ComparisonSection, section, type Tone } from './section.ts';
import { type Opening, sectionsText } from './text.ts';

/** What changed in an account, for a terminal: one sentence, then every difference, the largest risks first. */
export function accountChangesText(changes: AccountChanges, paint: Paint): Iterable<string> {
  const about = `Account ${changes.account}, ${between(changes)}`;
  return sectionsText({ about, ...opening(changes) }, sectionsOf(changes), paint);
}

/** What changed in an account, as a comment. */
export function accountChangesMarkdown(changes: AccountChanges): string {
  const about = `what changed in account ${changes.account}, ${between(changes)}`;
  return sectionsMarkdown({ about, ...opening(changes) }, sectionsOf(changes));
}

/** Counts each person or token once per field. A row that changes no access counts nowhere. */
export function countAccountShifts({ rows }: AccountChanges): ComparisonCounts {
  const count = (fits: (shift: RowShift) => boolean) =>
    new Set(
      rows
        .filter(({ risk }) => risk !== null)
        .filter(fits)
        .map(({ principal }) => holderText(principal)),
    ).size;
  return {
    gain: count(({ reach }) => reach.after > reach.before),
    lose: count(({ reach }) => reach.after < reach.before),
    newAccountAdmins: count(({ risk }) => risk === 'new-account-admin'),
    noLongerAccountAdmins: count(({ risk }) => risk === 'no-longer-account-admin'),
  };
}

function holderText(principal: Principal): string {
  return principal.kind === 'token' ? `token ${principal.tokenId}` : principalText(principal);
}

function between({ from, to }: AccountChanges): string {
  return `from ${instantText(from)} to ${instantText(to)}`;
}

function opening(changes: AccountChanges): Omit<Opening, 'about'> {
  const basis = [
    'Compared by two snapshots, row by row: what came and went in between is not seen.',
    logSentence(changes),
  ];
  return { headline: headline(changes), basis: basis.join(' ') };
}

function logSentence({ hasLog, rows }: AccountChanges): string {
  if (!hasLog) return 'Use --audit-log FILE to see which rows grantd wrote.';
  const written = rows.filter(({ writtenBy }) => writtenBy !== null).length;
  return `By the audit log, grantd wrote ${written} of ${counted(rows.length, 'changed row')}.`;
}

function headline(changes: AccountChanges): string {
  if (isUnchanged(changes)) return 'No difference.';
  const { gain, lose, newAccountAdmins, noLongerAccountAdmins } = countAccountShifts(changes);
  const { holders, resources } = changes;
  const parts = [
    `${gain} gained, ${lose} lost`,
    ...(newAccountAdmins > 0 ? [counted(newAccountAdmins, 'new account admin')] : []),
    ...(noLongerAccountAdmins > 0 ? [`${noLongerAccountAdmins} no longer account admin`] : []),
    ...(holders.length > 0 ? [`${holders.length} came, left or changed`] : []),
    ...(resources.length > 0 ? [counted(resources.length, 'resource')] : []),
  ];
  return `${parts.join(', ')}.`;
}

function sectionsOf(changes: AccountChanges): readonly ComparisonSection[] {
  const { rows, holders, resources, hasLog } = changes;
  const toRow = (shift: RowShift) => rowOf(shift, hasLog);
  const risky = (title: string, risk: Risk | null, tone: Tone, isOpen = false) =>
    section(
      title,
      tone,
      rows.filter((shift) => shift.risk === risk),
      toRow,
      isOpen,
    );
  const sections: readonly ComparisonSection[] = [
    risky('New account admins', 'new-account-admin', 'warn', true),
    risky('Account-wide access', 'account-wide', 'warn', true),
    risky('New admin access', 'new-admin', 'gain'),
    risky('No longer account admin', 'no-longer-account-admin', 'loss'),
    risky('Access taken', 'taken', 'loss'),
    risky('Access given', 'given', 'gain'),
    section('Came, left or changed', 'plain', holders, holderRow),
    section('Resources', 'plain', resources, resourceRow),
    risky('Other rows, same access', null, 'plain'),
  ];
  return sections.filter(({ count }) => count > 0);
}

function rowOf(
  { risk, principal, presence, resource, resourcePresence, ...shift }: RowShift,
  hasLog: boolean,
): ComparisonRow {
  const { writtenBy, row, reach } = shift;
  const says = [
    ...(presence === 'came' ? ['was not in the account before'] : presence === 'left' ? ['has left the account'] : []),
    ...(resourcePresence === 'came'
      ? ['the resource is new']
      : resourcePresence === 'left'
        ? ['the resource is gone']
        : []),
    ...(hasLog && writtenBy === null ? ['not written by grantd, by the audit log'] : []),
  ];
  return {
    who: principalText(principal),
    what: resource.label,
    change: levelsText(risk === null ? row : reach),
    says,
    lines: writtenBy === null ? [] : [`written by grantd at ${instantText(writtenBy.at)}, run ${writtenBy.runId}`],
  };
}

function holderRow({ before, after }: HolderShift): ComparisonRow {
  return presenceRow([before, after].map((principal) => principal && principalText(principal)));
}

function resourceRow({ before, after }: ResourceShift): ComparisonRow {
  return presenceRow([before, after].map((resource) => resource?.label));
}

/** One of the two names is there. */
function presenceRow([was, is]: readonly (string | null | undefined)[]): ComparisonRow {
  const change = was ? (is ? `was ${was}` : 'left') : 'came';
  return { who: `${is ?? was}`, what: '', change, says: [], lines: [] };
}
