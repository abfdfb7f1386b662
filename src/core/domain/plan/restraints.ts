import type { AccessLevel } from '../account/access-level.ts';
import type { SpentApproval, StayingPart } from '../account/approval-memory.ts';
import type { KnownEnd } from '../account/known-ends.ts';
import { type AccessMemory, NO_ACCESS_MEMORY } from '../account/remembered-access.ts';
import type { ResourceId } from '../account/resource.ts';
import type { ResolvedPolicy } from '../policy/entitlement.ts';
import type { Instant } from '../text/instant.ts';
import type { ApprovedPart, Change, HeldPart } from './plan.ts';

/** The two ids of one API token, as an operator declared them. */
export interface TokenPair {
  readonly access: number;
  readonly tokenId: number;
}

/** The row of an account access and its intended level. Two planned changes with equal values are the same change. */
export interface SameChange {
  readonly access: number;
  readonly resource: ResourceId;
  readonly after: AccessLevel;
}

/** The part of a change that the digest of an approved part covers. */
export interface BoundChange extends Pick<Change, 'before' | 'after'> {
  readonly resource: ResourceId;
}

/** A change of a begun part. `isDone`: a read showed that nothing is left of it, so the approval covers it no more. */
export interface BegunChange extends BoundChange {
  readonly isDone?: boolean;
}

/** An approved part that grantd has begun to write. While the approval lasts, what is left of it needs no other one. */
export interface BegunPart extends Pick<HeldPart, 'digest' | 'rules'> {
  readonly access: number;
  readonly changes: readonly BegunChange[];
}

/** A contested change, and when its next try is due; without it nobody says when. */
export interface RestingChange extends SameChange {
  readonly retryAt?: Instant;
}

/**
 * Everything besides policy, account and time that decides whether grantd writes a change now: what it remembers of
 * earlier runs, and what the person who starts this run approves. It never adds a change to a plan.
 */
export interface Restraints extends AccessMemory {
  /** Pairs that a write has confirmed. grantd writes their rows like anyone's. */
  readonly provenPairs: readonly TokenPair[];
  /** Pairs whose first raise the API accepted and no read showed. grantd writes none of their rows until the entry changes. */
  readonly disprovenPairs: readonly TokenPair[];
  /** Contested changes whose next try is not due yet. */
  readonly contested: readonly RestingChange[];
  /** Since when every accepted text has set an end. Null if nothing keeps that: then each loss by an end counts. */
  readonly knownEnds: readonly KnownEnd[] | null;
  /** True while the policy file is invalid or missing and the fallback policy is in use. It only removes expired access, and account admin that is drift. */
  readonly fallback: boolean;
  /** Since when the policy says `paused: true`. Null if it does not, or if unknown. */
  readonly pausedSince: Instant | null;
  readonly begun: readonly BegunPart[];
  /** Approvals of the policy that were used. They cover what is left of begun parts, and nothing else. */
  readonly spent: readonly SpentApproval[];
  /** What stays held, since an approval let another part of the same rule pass. */
  readonly staying: readonly StayingPart[];
  /** Digests that are approved for this run alone. */
  readonly approvedByHand: readonly string[];
  /** Who gives these approvals, as the system names them; null if nobody does. It decides nothing. */
  readonly approver: string | null;
  /** Flags for the command that approves a held part, so that it uses the same audit log. They decide nothing. */
  readonly applyFlags: readonly string[];
  /** Changes that this run has written by approval. They still count towards the limits when it plans again. */
  readonly writtenByApproval: readonly Change[];
  /** The texts of the policy that are at hand, by the SHA-256 of their revision: the present one, and one before it at most. */
  readonly texts: ReadonlyMap<string, ResolvedPolicy>;
}

/** The restraints of a run that remembers nothing and has no approval by hand. */
export const NO_RESTRAINTS: Restraints = {
  provenPairs: [],
  disprovenPairs: [],
  contested: [],
  knownEnds: null,
  fallback: false,
  pausedSince: null,
  begun: [],
  spent: [],
  staying: [],
  approvedByHand: [],
  approver: null,
  applyFlags: [],
  writtenByApproval: [],
  texts: new Map(),
  ...NO_ACCESS_MEMORY,
};

/** The begun parts after grantd starts to write these approved parts: the earlier ones, and the new ones. */
export function begunParts(before: readonly BegunPart[], approved: readonly ApprovedPart[]): readonly BegunPart[] {
  const begun = new Map(before.map((part) => [begunKey(part), part]));
  for (const { digest, rules, changes, isBegun } of approved) {
    const [first] = changes;
    // The rest of a begun part is covered by the whole part, which is in the list already.
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
