import { principalNameText } from '../../core/domain/account/principal.ts';
import { type Comparison, isSameEverywhere } from '../../core/domain/answer/comparison.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import { leftBehindText } from '../plan/headline.ts';

/** How many people and tokens gain or lose access, become account admin, or stop being one. Each counts once a field. */
export interface ComparisonCounts {
  readonly gain: number;
  readonly lose: number;
  readonly newAccountAdmins: number;
  readonly noLongerAccountAdmins: number;
}

/** Counts each person or token once per field, by name. */
export function countShifts({ shifts }: Comparison): ComparisonCounts {
  const count = (fits: (shift: Comparison['shifts'][number]) => boolean) =>
    new Set(shifts.filter(fits).map(({ name }) => principalNameText(name))).size;
  return {
    gain: count(({ before, after }) => after.level > before.level),
    lose: count(({ before, after }) => after.level < before.level),
    newAccountAdmins: count(({ risk }) => risk === 'new-account-admin'),
    noLongerAccountAdmins: count(({ risk }) => risk === 'no-longer-account-admin'),
  };
}

/** What changes, in one sentence. */
export function comparisonHeadline(comparison: Comparison): string {
  if (isSameEverywhere(comparison)) return 'No difference: both policies say the same about everyone.';
  const { gain, lose, newAccountAdmins, noLongerAccountAdmins } = countShifts(comparison);
  const parts = [
    `${gain} ${gain === 1 ? 'gains' : 'gain'}, ${lose} ${lose === 1 ? 'loses' : 'lose'}`,
    ...(newAccountAdmins > 0 ? [counted(newAccountAdmins, 'new account admin')] : []),
    ...(noLongerAccountAdmins > 0 ? [`${noLongerAccountAdmins} no longer account admin`] : []),
    ...(comparison.terms.length > 0 ? [`${counted(comparison.terms.length, 'change')} of policy rules`] : []),
    ...(comparison.ahead.length > 0 ? [`${comparison.ahead.length} ahead`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** What was compared, and what the comparison assumes. */
export function basisText(comparison: Comparison): string {
  return [...unwritten(comparison), basisSentence(comparison), ...leftBehind(comparison)].join(' ');
}

function unwritten({ mode, isPaused }: Comparison): readonly string[] {
  if (isPaused) return ['The new policy is paused: this is what it would do.'];
  return mode.after === 'observe' ? ['The new policy is in mode observe: this is what it would do.'] : [];
}

function leftBehind({ mode, leftBehind: left }: Comparison): readonly string[] {
  const text = left && leftBehindText({ mode: mode.after, leftBehind: left });
  return text === null ? [] : [`${text}.`];
}

function basisSentence({ basis, at, shifts }: Comparison): string {
  const moment = `at ${instantText(at)}`;
  if (basis === 'account')
    return `Compared ${moment} on the account of the snapshot, as if the old policy had been applied to it.`;
  const isUnsure = shifts.some(({ before, after }) => before.perhaps !== null || after.perhaps !== null);
  const unsure = isUnsure ? ' Only an account can decide what is marked `perhaps`.' : '';
  return `Compared ${moment} by the two texts, as if every name matched exactly one resource.${unsure} Use --snapshot FILE to compare on an account.`;
}

/** `authoritative`, or `observe → authoritative`. */
export function modesText({ mode: { before, after } }: Comparison): string {
  return before === after ? after : `${before} → ${after}`;
}
