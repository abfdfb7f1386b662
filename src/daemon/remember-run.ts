import { type AccountMemory, BEGUN_ROWS_MOST } from '../core/domain/account/account-memory.ts';
import { isGain } from '../core/domain/plan/batch.ts';
import { changeKey, requestedChanges } from '../core/domain/plan/change-key.ts';
import type { ApprovedPart, Change } from '../core/domain/plan/plan.ts';
import { type BegunPart, begunParts, type Restraints, type TokenPair } from '../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Outcome, RunResult } from '../core/domain/run/run-result.ts';
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
      begun: begunAfter(memory.begun, run),
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

/** The approved parts that are not written completely, and whose approval has not ended. */
function begunAfter(before: readonly BegunPart[], { result, resolved, now }: RememberedRun): readonly BegunPart[] {
  const inForce = new Set(
    resolved.policy.approvals.filter(({ until }) => until.at > now).flatMap(({ digests }) => digests),
  );
  const left = new Set(requestedChanges((result.kind === 'written' && result.after) || result.plan).map(changeKey));
  const isLeft = ({ digest, access, changes }: BegunPart) =>
    inForce.has(digest) && changes.some(({ resource, after }) => left.has(changeKey({ access, resource, after })));
  let rows = 0;
  return begunParts(before, triedParts(result)).filter((part) => {
    if (!isLeft(part) || rows + part.changes.length > BEGUN_ROWS_MOST) return false;
    rows += part.changes.length;
    return true;
  });
}

/** The approved parts of which grantd tried a write. A failed one counts: it may have taken effect. */
function triedParts(result: RunResult): readonly ApprovedPart[] {
  if (result.kind !== 'written') return [];
  const tried = new Set(
    result.outcomes.filter(({ outcome }) => outcome !== 'not-tried').map(({ change }) => changeKey(change)),
  );
  return result.plan.approved.filter(({ changes }) => changes.some((change) => tried.has(changeKey(change))));
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
    contested: memory.written.filter(
      (one) =>
        isContestedOnceUndone(one, isCounted) &&
        // Otherwise a clock that was set back would make it wait for as long.
        one.triedAt <= now &&
        now - one.triedAt < CONTESTED_REST_MS,
    ),
    acceptedAt: memory.policy?.acceptedAt ?? null,
    fallback,
    pausedSince: memory.pausedSince,
    begun: memory.begun,
    approvedByHand: [],
    writtenByApproval: [],
    remembered: memory.remembered,
    remembersAll: memory.remembersAll,
    texts: new Map(),
  };
}
