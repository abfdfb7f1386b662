import type { GrantdError } from '../text/error.ts';

/**
 * Whether a write to the account may begin now. Asked, without waiting in between, right before each request that writes
 * is sent: a Lease that somebody else may have taken meanwhile is no right to write.
 */
export interface WritePermit {
  /** For how long a write that begins now may take at most, in milliseconds; null where none may begin. */
  writeMs(): number | null;
}

/** One unbroken hold of the Lease of an account. Once it is lost it never comes back: the next hold is another term. */
export interface LeaseTerm {
  readonly permit: WritePermit;
}

/** How the Lease of an account stands, as far as this process can know. */
export type LeaseStatus =
  | { readonly kind: 'held'; readonly term: LeaseTerm }
  /** Another replica holds it; null where nobody is known to, yet. `hasRenewed`: it was seen to renew it. */
  | { readonly kind: 'standby'; readonly holder: string | null; readonly hasRenewed: boolean }
  /** Nobody can be asked, so nobody knows whether anybody writes. */
  | { readonly kind: 'unknown' };

/** What happens to the Lease of an account, told once each. */
export type LeaseEvent =
  /** `transitions`: how often it has changed hands so far. */
  | { readonly kind: 'held'; readonly holder: string; readonly transitions: number }
  | { readonly kind: 'lost'; readonly reason: string }
  /** Another holder was seen, or none. */
  | { readonly kind: 'standby'; readonly holder: string | null }
  | { readonly kind: 'unreachable'; readonly error: GrantdError }
  /** Given back, so that another replica need not wait for its end. */
  | { readonly kind: 'released' };

/** Why a write did not begin: the sentence of every place that tells it. */
export const LEASE_LOST_TEXT = 'the Lease of the account is not held here any more';
