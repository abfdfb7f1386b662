import type { LimitNumbers, LimitRule } from '../plan/limit-rules.ts';
import type { Instant } from '../text/instant.ts';
import type { ResourceId } from './resource.ts';

/** An approval that was used: grantd began to write its part. The same digest with another end is another approval. */
export interface SpentApproval {
  readonly digest: string;
  readonly until: Instant;
}

/**
 * What must stay held: a limit held it while an approval let another part pass that the same limit held. It stays so until it is
 * approved, nothing of it is planned any more, or the policy raises that limit.
 */
export interface StayingPart {
  readonly rule: LimitRule;
  readonly access: number;
  /** The rows that were held. Empty: every row of the access. */
  readonly rows: readonly ResourceId[];
  /** The limit of the policy at that time. */
  readonly limit: LimitNumbers;
}

/**
 * The most spent approvals that grantd remembers. No policy of 1 MiB has as many digests, and what is in the policy always
 * stays; of the others, those that end first go first.
 */
export const SPENT_MOST = 16_000;

/** The most rows of staying parts that grantd remembers. Beyond it, whole accesses stay held instead of rows. */
export const STAYING_ROWS_MOST = 10_000;
