import {
  type AccountMemory,
  BEGUN_ROWS_MOST,
  REPEATED_MOST,
  type RepeatedChange,
} from '../core/domain/account/account-memory.ts';
import { resourceKey } from '../core/domain/account/resource.ts';
import { isGain } from '../core/domain/plan/batch.ts';
import type { ApprovedPart, Change, Plan } from '../core/domain/plan/plan.ts';
import { type BegunPart, begunParts, type SameChange, type TokenPair } from '../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { ChangeOutcome, Outcome, RunResult } from '../core/domain/run/run-result.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** After how many scheduled runs in a row that planned and wrote the same change it is contested. */
export const CONTESTED_AFTER_RUNS = 3;

/** A run that read the account. */
export interface RememberedRun {
  readonly result: RunResult;
  readonly resolved: ResolvedPolicy;
  readonly isScheduled: boolean;
  readonly now: Instant;
}

/** What a run leaves to remember, and what of it is new to everybody. */
export interface Remembered {
  readonly memory: AccountMemory;
  readonly newlyContested: readonly { readonly change: Change; readonly hasBeenInPlace: boolean }[];
  readonly newlyDisproven: readonly Change[];
}

export function rememberRun(memory: AccountMemory, run: RememberedRun): Remembered {
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

/** With a pair whose raise was seen in the middle of a run, which may not live to its end. */
export function withProof(memory: AccountMemory, pair: TokenPair): AccountMemory {
  return { ...memory, provenPairs: union(memory.provenPairs, [pair]) };
}

/** What became of the first raise of each unproven token: shown, it proves the pair; answered and not shown, it disproves it. */
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

/** How often each planned change came back. Whatever is not planned holds, or is no longer wanted, and is forgotten. */
function repeatedAfter(
  before: readonly RepeatedChange[],
  { result, isScheduled, now }: RememberedRun,
): Pick<Remembered, 'newlyContested'> & { readonly repeated: readonly RepeatedChange[] } {
  const known = new Map(before.map((one) => [sameKey(one), one]));
  const outcomes = new Map((result.kind === 'written' ? result.outcomes : []).map((one) => [sameKey(one.change), one]));
  const repeated: RepeatedChange[] = [];
  const newlyContested: { change: Change; hasBeenInPlace: boolean }[] = [];
  for (const change of plannedChanges(result.plan)) {
    const earlier = known.get(sameKey(change)) ?? null;
    known.delete(sameKey(change));
    const next = nextCount(change, earlier, outcomes.get(sameKey(change)) ?? null, { isScheduled, now });
    if (next === null) continue;
    if (next.contestedSince !== null && (earlier?.contestedSince ?? null) === null) {
      newlyContested.push({ change, hasBeenInPlace: next.hasBeenInPlace });
    }
    repeated.push(next);
  }
  // A run in between may find it in place for a moment, and breaks no row of scheduled runs.
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
  // Only a row of scheduled runs counts, and each of its writes must have been answered.
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

/** The approved parts of which something is still to be written, and whose approval lasts. */
function begunAfter(before: readonly BegunPart[], { result, resolved, now }: RememberedRun): readonly BegunPart[] {
  const inForce = new Set(
    resolved.policy.approvals.filter(({ until }) => until.at > now).flatMap(({ digests }) => digests),
  );
  const left = new Set(plannedChanges((result.kind === 'written' && result.after) || result.plan).map(sameKey));
  const isLeft = ({ digest, access, changes }: BegunPart) =>
    inForce.has(digest) && changes.some(({ resource, after }) => left.has(sameKey({ access, resource, after })));
  let rows = 0;
  return begunParts(before, triedParts(result)).filter((part) => {
    if (!isLeft(part) || rows + part.changes.length > BEGUN_ROWS_MOST) return false;
    rows += part.changes.length;
    return true;
  });
}

/** The approved parts of which a write was tried. One that failed counts: it may have taken effect. */
function triedParts(result: RunResult): readonly ApprovedPart[] {
  if (result.kind !== 'written') return [];
  const tried = new Set(
    result.outcomes.filter(({ outcome }) => outcome !== 'not-tried').map(({ change }) => sameKey(change)),
  );
  return result.plan.approved.filter(({ changes }) => changes.some((change) => tried.has(sameKey(change))));
}

/** Everything that the policy wants of the account, whether it may be written now or not. */
function plannedChanges({ changes, held, deferred }: Plan): readonly Change[] {
  return [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
}

function sameKey({ access, resource, after }: SameChange): string {
  return `${access} ${resourceKey(resource)} ${after}`;
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
