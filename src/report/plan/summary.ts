import { endsAccountAdmin, isGain, makesAccountAdmin } from '../../core/domain/plan/batch.ts';
import type { Change, Plan } from '../../core/domain/plan/plan.ts';
import type { Paint } from '../layout/paint.ts';
import { principalWords } from '../words/phrase.ts';
import { countsText, leftBehindSentence, verdictText } from './headline.ts';

/** How many names a line of the summary has, and how many characters. The whole summary fits a screen of 80 × 24. */
const NAMES_MOST = 20;
const LOSERS_CHARACTERS = 480;
const ADMINS_CHARACTERS = 240;

/**
 * What someone needs to decide, however long the plan above it is: the account, the counts, the verdict, who loses something,
 * and who becomes or stops being account admin.
 */
export function summarySection(plan: Plan, paint: Paint): readonly string[] {
  const text = verdictText(plan);
  const verdict = plan.verdict === 'held' ? paint.fail(text) : paint.strong(text);
  return [
    `Account ${plan.account}, ${plan.mode}: ${countsText(plan)}.`,
    verdict,
    ...namesLine('lose something', plan, (change) => !isGain(change), LOSERS_CHARACTERS).map(paint.loss),
    ...adminLines(plan, paint),
    ...leftBehindSentence(plan).map(paint.warn),
  ];
}

function adminLines(plan: Plan, paint: Paint): readonly string[] {
  if (plan.changes.length === 0) return [];
  const lines = [
    ...namesLine('no longer account admin', plan, endsAccountAdmin, ADMINS_CHARACTERS).map(paint.loss),
    ...namesLine('become account admin', plan, makesAccountAdmin, ADMINS_CHARACTERS).map(paint.gain),
  ];
  return lines.length > 0 ? lines : ['  account admins stay the same'];
}

/** `  lose something: ann@example.com, bob@example.com and 3 more`; nothing if no change fits. */
function namesLine(
  words: string,
  { changes }: Plan,
  fits: (change: Change) => boolean,
  charactersMost: number,
): readonly string[] {
  const names = [...new Set(changes.filter(fits).map(({ principal }) => principalWords(principal)))];
  if (names.length === 0) return [];
  const shown: string[] = [];
  for (const name of names.slice(0, NAMES_MOST)) {
    if (shown.length > 0 && [...shown, name].join(', ').length > charactersMost) break;
    shown.push(name);
  }
  const hidden = names.length - shown.length;
  return [`  ${words}: ${shown.join(', ')}${hidden === 0 ? '' : ` and ${hidden} more, listed above`}`];
}
