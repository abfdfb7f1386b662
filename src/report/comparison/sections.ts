import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText, writtenName } from '../../core/domain/account/principal.ts';
import type {
  AccessShift,
  Comparison,
  Obstacles,
  Risk,
  SilentShift,
  StatusChange,
  TermChange,
  TermEffect,
} from '../../core/domain/answer/comparison.ts';
import { DEFERRED_WORDS } from '../../core/domain/plan/deferred-words.ts';
import type { Notice } from '../../core/domain/plan/notice.ts';
import type { Deferred, Refusal, Unmanageable } from '../../core/domain/plan/plan.ts';
import { levelsText, lineText } from '../words/phrase.ts';
import { UNMANAGEABLE_KINDS, UNMANAGEABLE_WORDS } from '../words/reason-words.ts';
import { type ComparisonRow, type ComparisonSection, section, type Tone } from './section.ts';
import {
  belowWords,
  courseWords,
  outcomeWords,
  resourceWords,
  SILENT_WORDS,
  STANDING_WORDS,
  shiftLines,
  shiftWords,
} from './words.ts';

/** The sections of a comparison: rules that allow more, then the largest risks first. Empty sections are omitted. */
export function comparisonSections(comparison: Comparison): readonly ComparisonSection[] {
  const { refused, inTheWay } = obstacleSections(comparison.obstacles);
  const { ahead } = comparison;
  const sections: readonly ComparisonSection[] = [
    termSection(comparison, 'Policy rules: allow more than before', ['loosens']),
    refused,
    risky(comparison, 'new-account-admin', 'New account admins'),
    risky(comparison, 'account-wide', 'Account-wide access'),
    statusSection(comparison, 'No longer granted anything, and keeping their access', isLeftWith),
    shiftSection(comparison, 'new-admin', 'New admin access', 'gain'),
    shiftSection(comparison, 'no-longer-account-admin', 'No longer account admin', 'loss'),
    shiftSection(comparison, 'taken', 'Access taken', 'loss'),
    shiftSection(comparison, 'given', 'Access given', 'gain'),
    termSection(comparison, 'Policy rules: other changes', ['changes', 'tightens']),
    statusSection(comparison, 'Newly named, or no longer named', (change) => !isLeftWith(change)),
    section(
      'Ahead',
      'plain',
      ahead.filter(({ risk }) => !isLargest(risk)),
      courseRow,
    ),
    ...inTheWay,
    silentSection(comparison),
  ];
  return sections.filter(({ count }) => count > 0);
}

/** Removing someone from the policy may have been meant to remove their access. It does not. */
function isLeftWith({ before, outcome }: StatusChange): boolean {
  return before === 'named' && (outcome === 'keeps' || outcome === 'observed');
}

/** These risks are as large if the access only begins later. */
function isLargest(risk: Risk | null): boolean {
  return risk === 'new-account-admin' || risk === 'account-wide';
}

function risky({ shifts, ahead }: Comparison, risk: Risk, title: string): ComparisonSection {
  const items = [...shifts, ...ahead].filter((one) => one.risk === risk);
  return section(title, 'gain', items, (one) => ('was' in one ? shiftRow(one) : courseRow(one)), true);
}

function shiftSection({ shifts }: Comparison, risk: Risk, title: string, tone: Tone): ComparisonSection {
  const items = shifts.filter((shift) => shift.risk === risk);
  return section(title, tone, items, shiftRow, risk === 'no-longer-account-admin');
}

function shiftRow(shift: AccessShift): ComparisonRow {
  return {
    who: shift.principal === null ? writtenName(shift.name) : principalText(shift.principal),
    what: resourceWords(shift.resource),
    change: shiftWords(shift),
    says: belowWords(shift),
    lines: shiftLines(shift),
  };
}

function termSection({ terms }: Comparison, title: string, effects: readonly TermEffect[]): ComparisonSection {
  const items = terms.filter(({ effect }) => effects.includes(effect));
  const isFurther = effects.includes('loosens');
  return { ...section(title, isFurther ? 'warn' : 'plain', items, termRow, isFurther), subject: 'key' };
}

function termRow({ term, what, means }: TermChange): ComparisonRow {
  return { who: term, what: '', change: what, says: [means], lines: [] };
}

function statusSection(
  { statuses }: Comparison,
  title: string,
  fits: (change: StatusChange) => boolean,
): ComparisonSection {
  return section(title, 'warn', statuses.filter(fits), statusRow);
}

function statusRow({ name, before, after, outcome, gave }: StatusChange): ComparisonRow {
  return {
    who: writtenName(name),
    what: '',
    change: `${STANDING_WORDS[before]} → ${STANDING_WORDS[after]}`,
    says: [outcomeWords(after, outcome), ...remedyLines(name, after, outcome)],
    lines: gaveLines(gave),
  };
}

/** How many of the grants of one person are listed. */
const GAVE_MOST = 5;

function gaveLines(gave: StatusChange['gave']): readonly string[] {
  if (gave.length === 0) return [];
  const shown = gave.slice(0, GAVE_MOST).map(({ resource, level }) => `${level} on ${resourceWords(resource)}`);
  const more = gave.length > GAVE_MOST ? [`${gave.length - GAVE_MOST} more`] : [];
  return [`the old policy gave ${[...shown, ...more].join(', ')}`];
}

function remedyLines(
  name: StatusChange['name'],
  after: StatusChange['after'],
  outcome: StatusChange['outcome'],
): readonly string[] {
  if (outcome !== 'keeps' || after !== 'not-in-policy') return [];
  return 'token' in name
    ? ['to remove their access: keep a grant for them, with an `until` in the past']
    : ['to remove their access: name them in `ends`'];
}

/** A difference that changes no access now: what each policy says of it, now and later. */
function courseRow({ name, resource, before, after }: Omit<SilentShift, 'why'>): ComparisonRow {
  return {
    who: writtenName(name),
    what: resourceWords(resource),
    change: `${courseWords(before)} → ${courseWords(after)}`,
    says: [],
    lines: [],
  };
}

function silentSection({ silent }: Comparison): ComparisonSection {
  const toRow = (one: SilentShift) => ({ ...courseRow(one), says: [SILENT_WORDS[one.why]] });
  return section('Different text, same access now', 'plain', silent, toRow);
}

/** What would keep the new policy from being applied to the account: what a guard would hold, and everything else. */
export function obstacleSections({ refusals, deferred, unmanageable, notices }: Obstacles): {
  readonly refused: ComparisonSection;
  readonly inTheWay: readonly ComparisonSection[];
} {
  return {
    refused: { ...section('A guard would hold it', 'warn', refusals, refusalRow, true), subject: 'rule' },
    inTheWay: [
      section('Deferred: not written until what it waits for is settled', 'warn', deferred, deferredRow),
      section(
        'Unmanageable: the policy asks for a different level, and grantd cannot write it',
        'warn',
        unmanageable,
        unmanageableRow,
      ),
      { ...section('Notices', 'plain', notices, noticeRow), subject: 'code' },
    ],
  };
}

function refusalRow({ rule, message, remedy }: Refusal): ComparisonRow {
  return { who: rule, what: '', change: message, says: [], lines: [`to go on: ${remedy}`] };
}

function deferredRow({ change, reason, waitsFor }: Deferred): ComparisonRow {
  return {
    who: principalText(change.principal),
    what: change.resource.label,
    change: levelsText(change),
    says: [DEFERRED_WORDS[reason].cause, `help: ${DEFERRED_WORDS[reason].remedy}`],
    lines: [`waits for ${waitsFor}`],
  };
}

function unmanageableRow({ principal, resource, kind, actual, entitled, reason }: Unmanageable): ComparisonRow {
  return {
    who: principalText(principal),
    what: resource.label,
    change: `has ${levelName(actual)}, entitled ${levelName(entitled)}`,
    says: [
      `${UNMANAGEABLE_KINDS[kind]}: ${UNMANAGEABLE_WORDS[reason].cause}`,
      `help: ${UNMANAGEABLE_WORDS[reason].remedy}`,
    ],
    lines: [],
  };
}

function noticeRow({ code, message, remedy, at }: Notice): ComparisonRow {
  return {
    who: code,
    what: at === null ? '' : lineText(at),
    change: message,
    says: [],
    lines: [`help: ${remedy}`],
  };
}
