import type { GrantdError } from '../text/error.ts';

/**
 * Whether a write to the account may begin now. grantd asks right before it sends a write, without waiting in between,
 * because another replica may have taken the Lease in the meantime.
 */
export interface WritePermit {
  /** How long a write that begins now may take, in milliseconds. Null if no write may begin. */
  writeMs(): number | null;
}

/** One uninterrupted time of leading an account. A lost term never continues: leading again is another term. */
export interface LeaseTerm {
  readonly permit: WritePermit;
}

/** Who leads an account, as far as this process can know. */
export type LeaderStatus =
  /** This replica leads. */
  | { readonly kind: 'held'; readonly term: LeaseTerm }
  /** Another replica leads, or null if no leader is known yet. `hasRenewed`: this replica saw a renewal by that holder. */
  | { readonly kind: 'standby'; readonly holder: string | null; readonly hasRenewed: boolean }
  /** The Lease API is unreachable, so this replica cannot know whether another one writes. */
  | { readonly kind: 'unknown' };

/** A change of who leads an account. Each is reported once. */
export type LeaseEvent =
  /** This replica leads now. `transitions`: how often the leader has changed so far. */
  | { readonly kind: 'held'; readonly holder: string; readonly transitions: number }
  | { readonly kind: 'lost'; readonly reason: string }
  /** Another replica leads, or none. */
  | { readonly kind: 'standby'; readonly holder: string | null }
  | { readonly kind: 'unreachable'; readonly error: GrantdError }
  /** This replica gave the Lease back, so that another one need not wait for it to expire. */
  | { readonly kind: 'released' };

/** Why a write did not begin. Every output uses this sentence. */
export const LEASE_LOST_TEXT = 'this replica no longer leads the account';
