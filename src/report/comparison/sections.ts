import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText, writtenName } from '../../core/domain/account/principal.ts';
import type {
  AheadShift,
  Comparison,
  Obstacles,
  Risk,
  StatusChange,
  TermEffect,
} from '../../core/domain/answer/comparison.ts';
import { levelsText, lineText } from '../words/phrase.ts';
import { DEFERRED_WORDS, UNMANAGEABLE_KINDS, UNMANAGEABLE_WORDS } from '../words/reason-words.ts';
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

/** What a section is about: gains, losses, what deserves a look, or what is only worth knowing. */
export type Tone = 'gain' | 'loss' | 'warn' | 'plain';

/** One row of a comparison. Its text is not yet safe to print. */
export interface ComparisonRow {
  readonly who: string;
  readonly what: string;
  readonly change: string;
  /** grantd's own sentences: no text of a policy or an account. */
  readonly says: readonly string[];
  /** Reasons with names in them. */
  readonly lines: readonly string[];
}

/** Rows of one kind. With `isOpen` they are never folded, however many there are. */
export interface ComparisonSection {
  readonly title: string;
  /** The heading of the first column. */
  readonly subject: 'who' | 'key' | 'rule' | 'code';
  readonly tone: Tone;
  readonly isOpen: boolean;
  readonly rows: readonly ComparisonRow[];
}

/** The sections of a comparison, the largest risks first. Empty sections are omitted. */
export function comparisonSections(comparison: Comparison): readonly ComparisonSection[] {
  const { refused, inTheWay } = obstacleSections(comparison.obstacles);
  const { ahead } = comparison;
  const sections: readonly ComparisonSection[] = [
    refused,
    risky(comparison, 'new-account-admin', 'New account admins'),
    risky(comparison, 'account-wide', 'Account-wide access'),
    termSection(comparison, 'Policy rules: allow more than before', ['loosens']),
    statusSection(comparison, 'No longer granted anything, and keeping their access', isLeftWith),
    shiftSection(comparison, 'new-admin', 'New admin access', 'gain'),
    shiftSection(comparison, 'no-longer-account-admin', 'No longer account admin', 'loss'),
    shiftSection(comparison, 'taken', 'Access taken', 'loss'),
    shiftSection(comparison, 'given', 'Access given', 'gain'),
    termSection(comparison, 'Policy rules: other changes', ['changes', 'tightens']),
    statusSection(comparison, 'Newly named, or no longer named', (change) => !isLeftWith(change)),
    section('Ahead', 'plain', ahead.filter(({ risk }) => !isLargest(risk)).map(aheadRow)),
    ...inTheWay,
    silentSection(comparison),
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function section(title: string, tone: Tone, rows: readonly ComparisonRow[], isOpen = false): ComparisonSection {
  return { title, subject: 'who', tone, isOpen, rows };
}

/** Removing someone from the policy may have been meant to remove their access. It does not. */
function isLeftWith({ before, outcome }: StatusChange): boolean {
  return before === 'named' && (outcome === 'keeps' || outcome === 'observed');
}

/** These risks are as large if the access only begins later. */
function isLargest(risk: Risk | null): boolean {
  return risk === 'new-account-admin' || risk === 'account-wide';
}

function risky(comparison: Comparison, risk: Risk, title: string): ComparisonSection {
  const ahead = comparison.ahead.filter((one) => one.risk === risk).map(aheadRow);
  return section(title, 'gain', [...shiftSection(comparison, risk, title, 'gain').rows, ...ahead], true);
}

function shiftSection({ shifts }: Comparison, risk: Risk, title: string, tone: Tone): ComparisonSection {
  const rows = shifts
    .filter((shift) => shift.risk === risk)
    .map((shift) => ({
      who: shift.principal === null ? writtenName(shift.name) : principalText(shift.principal),
      what: resourceWords(shift.resource),
      change: shiftWords(shift),
      says: belowWords(shift),
      lines: shiftLines(shift),
    }));
  return section(title, tone, rows, risk === 'no-longer-account-admin');
}

function termSection({ terms }: Comparison, title: string, effects: readonly TermEffect[]): ComparisonSection {
  const rows = terms
    .filter(({ effect }) => effects.includes(effect))
    .map(({ term, what, means }) => ({ who: term, what: '', change: what, says: [means], lines: [] }));
  const isFurther = effects.includes('loosens');
  return { ...section(title, isFurther ? 'warn' : 'plain', rows, isFurther), subject: 'key' };
}

function statusSection(
  { statuses }: Comparison,
  title: string,
  fits: (change: StatusChange) => boolean,
): ComparisonSection {
  const rows = statuses.filter(fits).map(({ name, before, after, outcome, gave }) => ({
    who: writtenName(name),
    what: '',
    change: `${STANDING_WORDS[before]} → ${STANDING_WORDS[after]}`,
    says: [outcomeWords(after, outcome), ...remedyLines(name, after, outcome)],
    lines: gaveLines(gave),
  }));
  return section(title, 'warn', rows);
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

function aheadRow({ name, resource, before, after }: AheadShift): ComparisonRow {
  return {
    who: writtenName(name),
    what: resourceWords(resource),
    change: `${courseWords(before)} → ${courseWords(after)}`,
    says: [],
    lines: [],
  };
}

function silentSection({ silent }: Comparison): ComparisonSection {
  const rows = silent.map(({ why, name, resource, before, after }) => ({
    who: writtenName(name),
    what: resourceWords(resource),
    change: `${courseWords(before)} → ${courseWords(after)}`,
    says: [SILENT_WORDS[why]],
    lines: [],
  }));
  return section('Different text, same access now', 'plain', rows);
}

/** What would keep the new policy from being applied to the account: what a guard would hold, and everything else. */
export function obstacleSections({ refusals, deferred, unmanageable, notices }: Obstacles): {
  readonly refused: ComparisonSection;
  readonly inTheWay: readonly ComparisonSection[];
} {
  return {
    refused: {
      title: 'A guard would hold it',
      subject: 'rule',
      tone: 'warn',
      isOpen: true,
      rows: refusals.map(({ rule, message, remedy }) => ({
        who: rule,
        what: '',
        change: message,
        says: [],
        lines: [`to go on: ${remedy}`],
      })),
    },
    inTheWay: [
      {
        title: 'Deferred: the policy asks for it, and it waits',
        subject: 'who',
        tone: 'warn',
        isOpen: false,
        rows: deferred.map(({ change, reason, waitsFor }) => ({
          who: principalText(change.principal),
          what: change.resource.label,
          change: levelsText(change),
          says: [DEFERRED_WORDS[reason].cause, `help: ${DEFERRED_WORDS[reason].remedy}`],
          lines: [`waits for ${waitsFor}`],
        })),
      },
      {
        title: 'Unmanageable: the policy asks for a different level, and grantd cannot write it',
        subject: 'who',
        tone: 'warn',
        isOpen: false,
        rows: unmanageable.map(({ principal, resource, kind, actual, entitled, reason }) => ({
          who: principalText(principal),
          what: resource.label,
          change: `has ${levelName(actual)}, entitled ${levelName(entitled)}`,
          says: [
            `${UNMANAGEABLE_KINDS[kind]}: ${UNMANAGEABLE_WORDS[reason].cause}`,
            `help: ${UNMANAGEABLE_WORDS[reason].remedy}`,
          ],
          lines: [],
        })),
      },
      {
        title: 'Notices',
        subject: 'code',
        tone: 'plain',
        isOpen: false,
        rows: notices.map(({ code, message, remedy, at }) => ({
          who: code,
          what: at === null ? '' : lineText(at),
          change: message,
          says: [],
          lines: [`help: ${remedy}`],
        })),
      },
    ],
  };
}
