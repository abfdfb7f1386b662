import type { AccountMemory } from '../core/domain/account/account-memory.ts';
import type { Restraints } from '../core/domain/plan/restraints.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** How long a contested change rests between two tries. */
export const CONTESTED_REST_MS = 24 * 60 * 60 * 1000;

/** What is remembered, as it bears on a run that begins now. */
export function restraintsNow(memory: AccountMemory, now: Instant, fallback: boolean): Restraints {
  return {
    provenPairs: memory.provenPairs,
    disprovenPairs: memory.disprovenPairs,
    contested: memory.repeated.filter(
      ({ contestedSince, triedAt }) =>
        // A clock that was set back would else let it rest for as long as it was set back.
        contestedSince !== null && triedAt <= now && now - triedAt < CONTESTED_REST_MS,
    ),
    acceptedAt: memory.policy?.acceptedAt ?? null,
    fallback,
    pausedSince: memory.pausedSince,
    begun: memory.begun,
    approvedByHand: [],
  };
}
