import type { Change, Plan } from '../domain/plan.ts';
import { resourceKey } from '../domain/resource.ts';
import type { ChangeOutcome, RunResult } from '../domain/run-result.ts';
import type { Confirmed } from './confirm-applied.ts';

/** Folds the rounds of a run into what became of each change of its plan: what the last round that had it found. */
export function summarizeRun(plan: Plan, rounds: readonly Confirmed[]): RunResult {
  const latest = new Map<string, ChangeOutcome>();
  for (const round of rounds) for (const outcome of round.outcomes) latest.set(rowKey(outcome.change), outcome);
  const foreign = new Map(
    rounds.flatMap((round) => round.foreign).map((change) => [`${change.access} ${resourceKey(change.row)}`, change]),
  );
  const last = rounds.at(-1);
  return {
    kind: 'written',
    plan,
    outcomes: plan.changes.flatMap((change) => latest.get(rowKey(change)) ?? []),
    foreign: [...foreign.values()],
    after: last?.after?.plan ?? null,
    unconfirmed: last?.error ?? null,
  };
}

function rowKey({ access, resource }: Change): string {
  return `${access} ${resourceKey(resource)}`;
}
