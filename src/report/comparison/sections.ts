import { principalNameText, principalText } from '../../core/domain/account/principal.ts';
import type { AheadShift, Comparison, Risk, StatusChange, TermEffect } from '../../core/domain/answer/comparison.ts';
import { obstacleSections } from './obstacles.ts';
import type { ComparisonRow, ComparisonSection, Tone } from './section.ts';
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

/** Everything that a comparison tells, the largest risks first; sections that would be empty are left out. */
export function comparisonSections(comparison: Comparison): readonly ComparisonSection[] {
  const { refused, inTheWay } = obstacleSections(comparison.obstacles);
  const { ahead } = comparison;
  const sections: readonly ComparisonSection[] = [
    refused,
    risky(comparison, 'new-account-admin', 'New account admins'),
    risky(comparison, 'account-wide', 'Account-wide access'),
    termSection(comparison, 'How far the policy goes: further than before', ['loosens']),
    statusSection(comparison, 'No longer granted anything, and left with what they hold', isLeftWith),
    shiftSection(comparison, 'new-admin', 'New admin access', 'gain'),
    shiftSection(comparison, 'no-longer-account-admin', 'No longer account admin', 'loss'),
    shiftSection(comparison, 'taken', 'Access taken', 'loss'),
    shiftSection(comparison, 'given', 'Access given', 'gain'),
    termSection(comparison, 'How far the policy goes: other changes', ['changes', 'tightens']),
    statusSection(comparison, 'Newly named, or no longer', (change) => !isLeftWith(change)),
    section('Ahead', 'plain', ahead.filter(({ risk }) => !isLargest(risk)).map(aheadRow)),
    ...inTheWay,
    silentSection(comparison),
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function section(title: string, tone: Tone, rows: readonly ComparisonRow[], isOpen = false): ComparisonSection {
  return { title, subject: 'who', tone, isOpen, rows };
}

/** Whoever took them out of the policy may have meant to take their access away, which this does not. */
function isLeftWith({ before, outcome }: StatusChange): boolean {
  return before === 'named' && outcome === 'keeps';
}

/** Of these, what only begins later is as large a risk as what begins now. */
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
      who: shift.principal === null ? principalNameText(shift.name) : principalText(shift.principal),
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
    who: principalNameText(name),
    what: '',
    change: `${STANDING_WORDS[before]} → ${STANDING_WORDS[after]}`,
    says: [outcomeWords(after, outcome), ...remedyLines(name, after, outcome)],
    lines: gaveLines(gave),
  }));
  return section(title, 'warn', rows);
}

/** How many of the things that somebody was given are named. */
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
    ? ['to take it away: leave them a grant, with an `until` that has come']
    : ['to take it away: name them in `ends`'];
}

function aheadRow({ name, resource, before, after }: AheadShift): ComparisonRow {
  return {
    who: principalNameText(name),
    what: resourceWords(resource),
    change: `${courseWords(before)} → ${courseWords(after)}`,
    says: [],
    lines: [],
  };
}

function silentSection({ silent }: Comparison): ComparisonSection {
  const rows = silent.map(({ why, name, resource, before, after }) => ({
    who: principalNameText(name),
    what: resourceWords(resource),
    change: `${courseWords(before)} → ${courseWords(after)}`,
    says: [SILENT_WORDS[why]],
    lines: [],
  }));
  return section('Other words, and no change of access now', 'plain', rows);
}
