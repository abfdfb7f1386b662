import { levelName } from '../../core/domain/account/access-level.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { ChangeOutcome, ForeignChange, RunResult } from '../../core/domain/run/run-result.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded, type Cell, heading } from '../layout/text.ts';
import { leftBehindSentence, observedSentence, verdictText, waitingParts } from '../plan/headline.ts';
import { changeCells, deferredSection, heldSection } from '../plan/text.ts';
import { principalWords } from '../words/phrase.ts';
import { isByReading, type SeenOutcome, seenOutcome, staleDifferences, staleHelp } from './words.ts';

type Written = Extract<RunResult, { readonly kind: 'written' }>;

/** What a run did, for a terminal: the result of each row, what else changed, what is still to do, and one closing line. */
export function renderRunText(result: RunResult, paint: Paint): string {
  const sections = runSections(result, paint).filter((lines) => lines.length > 0);
  return `${fitText(sections.map((lines) => lines.join('\n')).join('\n\n'), paint)}\n`;
}

function runSections(result: RunResult, paint: Paint): readonly (readonly string[])[] {
  switch (result.kind) {
    case 'stale':
      return [
        [
          paint.fail(
            `Nothing was written: the plan differs from ${result.agreed.saved ? 'the saved plan' : 'the one that you agreed to'}.`,
          ),
          ...bounded(staleDifferences(result.agreed, result.plan), (shown) => shown.map((line) => `  ${line}`)),
          `  help: ${staleHelp(result.agreed, result.plan)}`,
        ],
      ];
    case 'complete':
      return [[paint.strong(verdictText(result.plan))]];
    case 'not-written':
      return [
        heldSection(result.plan, paint),
        deferredSection(result.plan, paint),
        [paint.warn([verdictText(result.plan), ...leftBehindSentence(result.plan)].join(' '))],
      ];
    case 'written':
      return [
        ['Result of each change', ...outcomeLines(result.outcomes, paint), ...stickHelp(result.outcomes)],
        foreignSection(result.foreign, paint),
        remainingSection(result, paint),
        result.after === null ? [] : heldSection(result.after, paint),
        result.after === null ? [] : deferredSection(result.after, paint),
        [closingLine(result, paint)],
      ];
  }
}

function outcomeLines(outcomes: readonly ChangeOutcome[], paint: Paint): readonly string[] {
  const byAccess = new Map<number, ChangeOutcome[]>();
  for (const outcome of outcomes) {
    const { access } = outcome.change;
    byAccess.set(access, [...(byAccess.get(access) ?? []), outcome]);
  }
  return [...byAccess.values()].flatMap((own) => [
    ...own.slice(0, 1).map(({ change }) => `  ${paint.strong(principalWords(change.principal))}`),
    ...alignColumns(
      own.map((outcome) => outcomeCells(outcome, paint)),
      '    ',
    ),
  ]);
}

/** What to do about what Mailtrap accepted and a read shows as it was. */
function stickHelp(outcomes: readonly ChangeOutcome[]): readonly string[] {
  return outcomes.map(seenOutcome).includes('did-not-stick') ? [`  help: ${DID_NOT_STICK}`] : [];
}

const DID_NOT_STICK =
  'Mailtrap accepted what did not stick, and shows it as it was before; run grantd apply again, and if it does not stick either, make the change in Mailtrap';

function outcomeCells(outcome: ChangeOutcome, paint: Paint): readonly Cell[] {
  const colour = outcome.outcome === 'applied' ? paint.gain : paint.fail;
  const { cause } = outcome.change;
  const words = `${OUTCOMES[seenOutcome(outcome)]}${detailText(outcome)}${cause === undefined ? '' : ` (cause: ${cause})`}`;
  return [...changeCells(outcome.change, paint), { text: words, paint: colour }];
}

/** In the order of the closing line. */
const OUTCOMES: Readonly<Record<SeenOutcome, string>> = {
  applied: 'applied',
  'did-not-stick': 'did not stick',
  failed: 'failed',
  'changed-by-someone-else': 'changed by someone else',
  'not-tried': 'not tried',
  unconfirmed: 'not confirmed',
};

function detailText(outcome: ChangeOutcome): string {
  const { found, reason } = outcome;
  if (!isByReading(outcome)) return reason === null ? '' : `: ${visibleText(reason)}`;
  return found === null ? ': no read shows the result' : `: the account shows ${levelName(found)}`;
}

function foreignSection(foreign: readonly ForeignChange[], paint: Paint): readonly string[] {
  if (foreign.length === 0) return [];
  const lines = bounded(foreign, (shown) =>
    alignColumns(
      shown.map(({ principal, row, before }) => [
        { text: principalWords(principal) },
        { text: visibleText(resourceKey(row)) },
        { text: `${levelName(before)} → ${levelName(row.level)}` },
      ]),
      '  ',
    ),
  );
  return [paint.warn(heading('Changed during the run, but not by it', foreign.length, 'row')), ...lines];
}

function remainingSection({ after, unconfirmed }: Written, paint: Paint): readonly string[] {
  if (unconfirmed !== null) {
    return [
      paint.fail(`grantd could not read the account after the writes: ${visibleText(unconfirmed.message)}`),
      `  help: ${visibleText(unconfirmed.remedy)}`,
    ];
  }
  if (after === null || after.changes.length === 0) return [];
  const lines = bounded(after.changes, (shown) =>
    alignColumns(
      shown.map((change) => [{ text: principalWords(change.principal) }, ...changeCells(change, paint)]),
      '  ',
    ),
  );
  return [heading('Still to do', after.changes.length, 'change'), ...lines];
}

function closingLine({ plan, outcomes, after, unconfirmed }: Written, paint: Paint): string {
  const seen = outcomes.map(seenOutcome);
  const counts = Object.entries(OUTCOMES).flatMap(([outcome, words]) => {
    const count = seen.filter((one) => one === outcome).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const text = `Account ${plan.account}: ${counts.join(', ')}. ${remainsText(after, unconfirmed !== null)}`;
  return outcomes.every(({ outcome }) => outcome === 'applied') && unconfirmed === null
    ? paint.strong(text)
    : paint.fail(text);
}

function remainsText(after: Plan | null, isUnconfirmed: boolean): string {
  if (after === null || isUnconfirmed) return 'The state of the account is not confirmed.';
  if (after.verdict === 'complete') return verdictText(after);
  const left = after.changes.length === 0 ? [] : [`${counted(after.changes.length, 'change')} left`];
  return [
    `${[...left, ...waitingParts(after)].join(', ')}.`,
    ...observedSentence(after),
    ...leftBehindSentence(after),
  ].join(' ');
}
