import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Revision } from '../core/domain/policy/revision.ts';
import type { PolicyReading } from '../core/domain/run/daemon-ports.ts';
import type { GrantdError } from '../core/domain/text/error.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** A policy that was valid when it was read. */
export interface AcceptedPolicy {
  readonly revision: Revision;
  readonly resolved: ResolvedPolicy;
  readonly modifiedAt: Instant;
}

/** Which policy counts now. */
export type PolicyState =
  /** grantd has read no valid text since the start: nothing runs. */
  | { readonly kind: 'none' }
  | { readonly kind: 'current'; readonly policy: AcceptedPolicy }
  /**
   * grantd refuses the file. The fallback policy, the last good one, only removes access that has expired and account admin that is drift, and nothing if
   * the refused text says `paused: true`.
   */
  | { readonly kind: 'fallback'; readonly policy: AcceptedPolicy; readonly saysPaused: boolean };

/** What a look at the file changed. */
export type PolicyTransition =
  | { readonly kind: 'same' }
  | { readonly kind: 'accepted'; readonly reading: ValidReading }
  /** The text of the fallback policy is back. */
  | { readonly kind: 'restored'; readonly revision: Revision }
  | { readonly kind: 'rejected'; readonly reading: Extract<PolicyReading, { kind: 'invalid' }> }
  | { readonly kind: 'unreadable'; readonly error: GrantdError; readonly saysPaused: boolean };

/** A reading, after the check of its account. A text that is refused because of its account may still say `paused: true`. */
export type AdmittedReading =
  | PolicyReading
  | (Extract<PolicyReading, { kind: 'unreadable' }> & { readonly saysPaused: boolean });

export type ValidReading = Extract<PolicyReading, { kind: 'valid' }>;

/** Keeps the last good policy while the file is refused. Only a valid text replaces it. After a start there is none at first. */
export class LastGoodPolicy {
  #state: PolicyState = { kind: 'none' };
  /** What the last look found, so that the same is reported once. */
  #seen = '';

  get state(): PolicyState {
    return this.#state;
  }

  take(reading: AdmittedReading): PolicyTransition {
    const found = keyOf(reading);
    const isSame = found === this.#seen;
    this.#seen = found;
    const { policy } = { policy: null, ...this.#state };
    if (reading.kind === 'valid') {
      const { revision, resolved, modifiedAt } = reading;
      this.#state = { kind: 'current', policy: { revision, resolved, modifiedAt } };
      if (isSame) return { kind: 'same' };
      return isEqual(policy?.revision, revision) ? { kind: 'restored', revision } : { kind: 'accepted', reading };
    }
    const saysPaused = 'saysPaused' in reading && reading.saysPaused;
    if (policy !== null) this.#state = { kind: 'fallback', policy, saysPaused };
    if (isSame) return { kind: 'same' };
    return reading.kind === 'invalid'
      ? { kind: 'rejected', reading }
      : { kind: 'unreadable', error: reading.error, saysPaused };
  }
}

/** The same text at another commit is another revision: nothing changes but its name. */
function keyOf(reading: AdmittedReading): string {
  if (reading.kind === 'unreadable') {
    const paused = 'saysPaused' in reading && reading.saysPaused ? 'paused' : '';
    return `unreadable ${reading.error.code} ${reading.error.message} ${paused}`;
  }
  return `${reading.kind} ${reading.revision.sha256} ${reading.revision.commit}`;
}

function isEqual(a: Revision | undefined, b: Revision): boolean {
  return a?.sha256 === b.sha256 && a.commit === b.commit;
}
