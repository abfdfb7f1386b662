import type { ChangeOutcome, Outcome } from '../../core/domain/run/run-result.ts';

/** What a report may say of a change: `unconfirmed` where only a read could tell, and no read showed the row. */
export type SeenOutcome = Outcome | 'unconfirmed';

/** What a row shows can only be told where it was read after the write. */
export function seenOutcome(outcome: ChangeOutcome): SeenOutcome {
  return isByReading(outcome) && outcome.found === null ? 'unconfirmed' : outcome.outcome;
}

/** Whether the outcome says what the account showed, and not what became of the request. */
export function isByReading({ outcome }: ChangeOutcome): boolean {
  return outcome === 'did-not-stick' || outcome === 'changed-by-somebody-else';
}
