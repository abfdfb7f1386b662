import { principalNameText } from '../../core/domain/account/principal.ts';
import { type Comparison, isSameEverywhere } from '../../core/domain/answer/comparison.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { counted } from '../words/phrase.ts';

/** How many people and tokens gain, lose, and become account admin or stop being it, each counted once. */
export interface ComparisonCounts {
  readonly gain: number;
  readonly lose: number;
  readonly newAccountAdmins: number;
  readonly noLongerAccountAdmins: number;
}

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

/** What the new policy comes to, in one sentence. */
export function comparisonHeadline(comparison: Comparison): string {
  if (isSameEverywhere(comparison)) return 'No difference: both policies say the same of everybody.';
  const { gain, lose, newAccountAdmins, noLongerAccountAdmins } = countShifts(comparison);
  const parts = [
    `${gain} ${gain === 1 ? 'gains' : 'gain'}, ${lose} ${lose === 1 ? 'loses' : 'lose'}`,
    ...(newAccountAdmins > 0 ? [counted(newAccountAdmins, 'new account admin')] : []),
    ...(noLongerAccountAdmins > 0 ? [`${noLongerAccountAdmins} no longer account admin`] : []),
    ...(comparison.terms.length > 0
      ? [`${counted(comparison.terms.length, 'change', 'changes')} in how far the policy goes`]
      : []),
    ...(comparison.ahead.length > 0 ? [`${comparison.ahead.length} ahead`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** What was compared, and how far that can be relied on. */
export function basisText(comparison: Comparison): string {
  return [...unwritten(comparison), basisSentence(comparison)].join(' ');
}

function unwritten({ mode, isPaused }: Comparison): readonly string[] {
  if (isPaused) return ['The new policy is paused: this is what it would come to.'];
  return mode.after === 'observe' ? ['The new policy is in mode observe: this is what it would come to.'] : [];
}

function basisSentence({ basis, at, shifts }: Comparison): string {
  const moment = `at ${instantText(at)}`;
  if (basis === 'account')
    return `Compared ${moment} on the account of the snapshot, as it would be once it is as the old policy says.`;
  const isUnsure = shifts.some(({ before, after }) => before.perhaps !== null || after.perhaps !== null);
  const unsure = isUnsure ? ' What is told as `perhaps` only an account can decide.' : '';
  return `Compared ${moment} by the two texts: every name is taken to fit exactly one resource.${unsure} With --snapshot FILE they are compared on an account.`;
}

/** `authoritative`, or `observe → authoritative`. */
export function modesText({ mode: { before, after } }: Comparison): string {
  return before === after ? after : `${before} → ${after}`;
}
