import type { AccountMemory } from '../core/domain/account/account-memory.ts';
import { isGain } from '../core/domain/plan/batch.ts';
import type { Change } from '../core/domain/plan/plan.ts';
import type { Restraints, TokenPair } from '../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Outcome, RunResult } from '../core/domain/run/run-result.ts';
import { approvalsAfter } from './remember-approvals.ts';
import { isContestedOnceUndone, type NewlyContested, type ShownRun, writtenAfter } from './written-changes.ts';

/** A run that read the account. */
export interface RememberedRun extends ShownRun {
  readonly resolved: ResolvedPolicy;
}

/** What grantd remembers after a run, and what it did not know before. */
export interface RunMemory {
  readonly memory: AccountMemory;
  readonly newlyContested: readonly NewlyContested[];
  readonly newlyDisproven: readonly Change[];
}

export function rememberRun(memory: AccountMemory, run: RememberedRun): RunMemory {
  const declared = new Set(run.resolved.policy.tokens.map(pairKey));
  const proofs = firstRaises(run.result);
  const isDeclared = (pair: TokenPair) => declared.has(pairKey(pair));
  const { written, newlyContested } = writtenAfter(memory.written, run);
  return {
    memory: {
      ...memory,
      provenPairs: union(memory.provenPairs, proofs.proven).filter(isDeclared),
      disprovenPairs: union(memory.disprovenPairs, proofs.disproven.map(pairOf)).filter(isDeclared),
      written,
      ...approvalsAfter(memory, { ...run, policy: run.resolved.policy }),
    },
    newlyContested,
    newlyDisproven: proofs.disproven,
  };
}

/** With a pair whose raise was seen in the middle of a run: the process may not live to its end. */
export function withProof(memory: AccountMemory, pair: TokenPair): AccountMemory {
  return { ...memory, provenPairs: union(memory.provenPairs, [pair]) };
}

/**
 * What the first raise of each unproven token proves. If the raise appears, the pair of ids is right. If Mailtrap accepted the
 * raise and it does not appear, the pair is wrong.
 */
function firstRaises(result: RunResult): {
  readonly proven: readonly TokenPair[];
  readonly disproven: readonly Change[];
} {
  if (result.kind !== 'written') return { proven: [], disproven: [] };
  const firsts = result.plan.unproven.flatMap((access) => {
    const first = result.outcomes.find(({ change }) => change.access === access);
    return first && isGain(first.change) ? [first] : [];
  });
  const those = (outcome: Outcome) => firsts.filter((first) => first.outcome === outcome).map(({ change }) => change);
  return { proven: those('applied').map(pairOf), disproven: those('did-not-stick') };
}

function pairOf({ access, principal }: Change): TokenPair {
  return { access, tokenId: principal.kind === 'token' ? principal.tokenId : 0 };
}

function pairKey({ access, tokenId }: TokenPair): string {
  return `${access} ${tokenId}`;
}

function union(a: readonly TokenPair[], b: readonly TokenPair[]): readonly TokenPair[] {
  return [
    ...new Map([...a, ...b].map(({ access, tokenId }) => [pairKey({ access, tokenId }), { access, tokenId }])).values(),
  ];
}

/** How long grantd waits between two tries of a contested change. */
export const CONTESTED_REST_MS = 24 * 60 * 60 * 1000;

/** What grantd remembers, as far as it affects a run that starts now. */
export function restraintsNow(
  memory: AccountMemory,
  { now, isCounted }: Pick<ShownRun, 'now' | 'isCounted'>,
  fallback: boolean,
): Restraints {
  return {
    provenPairs: memory.provenPairs,
    disprovenPairs: memory.disprovenPairs,
    contested: memory.written
      .filter(
        (one) =>
          isContestedOnceUndone(one, isCounted) &&
          // Otherwise a clock that was set back would make it wait for as long.
          one.triedAt <= now &&
          now - one.triedAt < CONTESTED_REST_MS,
      )
      .map((one) => ({ ...one, retryAt: one.triedAt + CONTESTED_REST_MS })),
    knownEnds: memory.knownEnds,
    fallback,
    pausedSince: memory.pausedSince,
    begun: memory.begun,
    spent: memory.spent,
    staying: memory.staying,
    approvedByHand: [],
    approver: null,
    applyFlags: [],
    writtenByApproval: [],
    remembered: memory.remembered,
    remembersAll: memory.remembersAll,
    texts: new Map(),
  };
}
