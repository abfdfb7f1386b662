import {
  type AccountMemory,
  BEGUN_ROWS_MOST,
  REPEATED_MOST,
  type RepeatedChange,
} from '../core/domain/account/account-memory.ts';
import { isGain } from '../core/domain/plan/batch.ts';
import { changeKey, requestedChanges } from '../core/domain/plan/change-key.ts';
import type { ApprovedPart, Change } from '../core/domain/plan/plan.ts';
import { type BegunPart, begunParts, type Restraints, type TokenPair } from '../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { ChangeOutcome, Outcome, RunResult } from '../core/domain/run/run-result.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** A change is contested after so many scheduled runs in a row that planned and wrote it. */
export const CONTESTED_AFTER_RUNS = 3;

/** A run that read the account. */
export interface RememberedRun {
  readonly result: RunResult;
  readonly resolved: ResolvedPolicy;
  readonly isScheduled: boolean;
  readonly now: Instant;
}

/** What grantd remembers after a run, and what it did not know before. */
export interface RunMemory {
  readonly memory: AccountMemory;
  readonly newlyContested: readonly { readonly change: Change; readonly hasBeenInPlace: boolean }[];
  readonly newlyDisproven: readonly Change[];
}

export function rememberRun(memory: AccountMemory, run: RememberedRun): RunMemory {
  const declared = new Set(run.resolved.policy.tokens.map(pairKey));
  const proofs = firstRaises(run.result);
  const isDeclared = (pair: TokenPair) => declared.has(pairKey(pair));
  const { repeated, newlyContested } = repeatedAfter(memory.repeated, run);
  return {
    memory: {
      ...memory,
      provenPairs: union(memory.provenPairs, proofs.proven).filter(isDeclared),
      disprovenPairs: union(memory.disprovenPairs, proofs.disproven.map(pairOf)).filter(isDeclared),
      repeated,
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

/** How often each planned change came back. A change that is not planned is in place, or the policy no longer asks for it: it is forgotten. */
function repeatedAfter(
  before: readonly RepeatedChange[],
  { result, isScheduled, now }: RememberedRun,
): Pick<RunMemory, 'newlyContested'> & { readonly repeated: readonly RepeatedChange[] } {
  const known = new Map(before.map((one) => [changeKey(one), one]));
  const outcomes = new Map(
    (result.kind === 'written' ? result.outcomes : []).map((one) => [changeKey(one.change), one]),
  );
  const repeated: RepeatedChange[] = [];
  const newlyContested: { change: Change; hasBeenInPlace: boolean }[] = [];
  for (const change of requestedChanges(result.plan)) {
    const earlier = known.get(changeKey(change)) ?? null;
    known.delete(changeKey(change));
    const next = nextCount(change, earlier, outcomes.get(changeKey(change)) ?? null, { isScheduled, now });
    if (next === null) continue;
    if (next.contestedSince !== null && (earlier?.contestedSince ?? null) === null) {
      newlyContested.push({ change, hasBeenInPlace: next.hasBeenInPlace });
    }
    repeated.push(next);
  }
  // A run between two scheduled ones may find the change in place for a moment: that does not end their series.
  const counting = isScheduled ? [] : [...known.values()].filter(({ contestedSince }) => contestedSince === null);
  return { repeated: [...repeated, ...counting].slice(0, REPEATED_MOST), newlyContested };
}

function nextCount(
  { access, resource, after }: Change,
  earlier: RepeatedChange | null,
  outcome: ChangeOutcome | null,
  { isScheduled, now }: Pick<RememberedRun, 'isScheduled' | 'now'>,
): RepeatedChange | null {
  if (outcome === null || outcome.outcome === 'not-tried') return earlier;
  const wasAnswered = outcome.outcome !== 'failed';
  const hasBeenInPlace = (earlier?.hasBeenInPlace ?? false) || outcome.outcome === 'applied';
  // Only a series of scheduled runs counts, and Mailtrap must have answered each of its writes.
  const countedBefore = earlier?.runs ?? 0;
  const runs = wasAnswered ? countedBefore + (isScheduled ? 1 : 0) : 0;
  const isContested = (earlier?.contestedSince ?? null) !== null || runs >= CONTESTED_AFTER_RUNS;
  if (runs === 0 && !isContested) return null;
  return {
    access,
    resource: { type: resource.type, id: resource.id },
    after,
    runs,
    hasBeenInPlace,
    contestedSince: isContested ? (earlier?.contestedSince ?? now) : null,
    triedAt: now,
  };
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
export function restraintsNow(memory: AccountMemory, now: Instant, fallback: boolean): Restraints {
  return {
    provenPairs: memory.provenPairs,
    disprovenPairs: memory.disprovenPairs,
    contested: memory.repeated.filter(
      ({ contestedSince, triedAt }) =>
        // Otherwise a clock that was set back would make it wait for as long.
        contestedSince !== null && triedAt <= now && now - triedAt < CONTESTED_REST_MS,
    ),
    acceptedAt: memory.policy?.acceptedAt ?? null,
    fallback,
    pausedSince: memory.pausedSince,
    begun: memory.begun,
    approvedByHand: [],
  };
}
