import type { AccessLevel } from '../account/access-level.ts';
import type { ResourceId } from '../account/resource.ts';
import type { Instant } from '../text/instant.ts';
import type { ApprovedPart, Change, HeldPart } from './plan.ts';

/** The two ids of one API token, as an operator declared them. */
export interface TokenPair {
  readonly access: number;
  readonly tokenId: number;
}

/** One row of one account access, and the level that it was to get: what makes two planned changes the same one. */
export interface SameChange {
  readonly access: number;
  readonly resource: ResourceId;
  readonly after: AccessLevel;
}

/** A change of an approved part, as far as its digest binds it. */
export interface BoundChange extends Pick<Change, 'before' | 'after'> {
  readonly resource: ResourceId;
}

/** An approved part whose writing has begun: while its approval lasts, what is left of it needs no other one. */
export interface BegunPart extends Pick<HeldPart, 'digest' | 'rules'> {
  readonly access: number;
  readonly changes: readonly BoundChange[];
}

/**
 * Everything besides policy, account and time that bears on whether a change is written now: what is remembered of earlier
 * runs, and what whoever starts this one approves. It never adds a change to a plan: without it a plan asks for the same,
 * and some of it waits.
 */
export interface Restraints {
  /** Pairs that a write has proved: their rows are written like anybody's. */
  readonly provenPairs: readonly TokenPair[];
  /** Pairs whose first raise was answered and did not show: nothing of them is written until the entry changes. */
  readonly disprovenPairs: readonly TokenPair[];
  /** Contested changes that are not to be tried again yet. */
  readonly contested: readonly SameChange[];
  /** When this text of the policy was first accepted; null where nobody remembers. */
  readonly acceptedAt: Instant | null;
  /** True while the fallback policy is in use for a text that is invalid or missing: it only takes back what ends. */
  readonly fallback: boolean;
  /** Since when the policy says `paused: true`; null where it does not, or nobody remembers. */
  readonly pausedSince: Instant | null;
  readonly begun: readonly BegunPart[];
  /** Digests that are approved for this run alone. */
  readonly approvedByHand: readonly string[];
}

export const NO_RESTRAINTS: Restraints = {
  provenPairs: [],
  disprovenPairs: [],
  contested: [],
  acceptedAt: null,
  fallback: false,
  pausedSince: null,
  begun: [],
  approvedByHand: [],
};

/** What has begun once a plan with these approved parts is being written: those that had begun, and those that do now. */
export function begunParts(before: readonly BegunPart[], approved: readonly ApprovedPart[]): readonly BegunPart[] {
  const begun = new Map(before.map((part) => [begunKey(part), part]));
  for (const { digest, rules, changes, isBegun } of approved) {
    const [first] = changes;
    // What is left of a part is bound by the whole, which is known already.
    if (isBegun || first === undefined) continue;
    const part: BegunPart = {
      digest,
      rules,
      access: first.access,
      changes: changes.map(({ resource: { type, id }, before: had, after }) => ({
        resource: { type, id },
        before: had,
        after,
      })),
    };
    begun.set(begunKey(part), part);
  }
  return [...begun.values()];
}

function begunKey({ digest, access }: BegunPart): string {
  return `${digest} ${access}`;
}
