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
export type Standing =
  /** No valid text was read since the start: nothing runs. */
  | { readonly kind: 'none' }
  | { readonly kind: 'current'; readonly policy: AcceptedPolicy }
  /** The file holds no valid text; the last good one only takes back what ends, and nothing where the text says paused. */
  | { readonly kind: 'fallback'; readonly policy: AcceptedPolicy; readonly saysPaused: boolean };

/** What a look at the file changed. */
export type Turn =
  | { readonly kind: 'same' }
  | { readonly kind: 'accepted'; readonly reading: ValidReading }
  /** The text that stood in is back. */
  | { readonly kind: 'restored'; readonly revision: Revision }
  | { readonly kind: 'rejected'; readonly reading: Extract<PolicyReading, { kind: 'invalid' }> }
  | { readonly kind: 'unreadable'; readonly error: GrantdError };

/** A reading that may count. One that is refused for its account may say `paused: true` all the same. */
export type AdmittedReading =
  | PolicyReading
  | (Extract<PolicyReading, { kind: 'unreadable' }> & { readonly saysPaused: boolean });

export type ValidReading = Extract<PolicyReading, { kind: 'valid' }>;

/**
 * Keeps the last good policy while the file holds none. Only a valid text replaces it; after a start there is none until
 * the file has held one.
 */
export class PolicyKeeper {
  #standing: Standing = { kind: 'none' };
  /** What the last look found, so that the same is told once. */
  #seen = '';

  get standing(): Standing {
    return this.#standing;
  }

  take(reading: AdmittedReading): Turn {
    const found = keyOf(reading);
    const isSame = found === this.#seen;
    this.#seen = found;
    const { policy } = { policy: null, ...this.#standing };
    if (reading.kind === 'valid') {
      const { revision, resolved, modifiedAt } = reading;
      this.#standing = { kind: 'current', policy: { revision, resolved, modifiedAt } };
      if (isSame) return { kind: 'same' };
      return isEqual(policy?.revision, revision) ? { kind: 'restored', revision } : { kind: 'accepted', reading };
    }
    const saysPaused = 'saysPaused' in reading && reading.saysPaused;
    if (policy !== null) this.#standing = { kind: 'fallback', policy, saysPaused };
    if (isSame) return { kind: 'same' };
    return reading.kind === 'invalid' ? { kind: 'rejected', reading } : { kind: 'unreadable', error: reading.error };
  }
}

/** The same text at another commit is another revision of the same entitlements: nothing changes but its name. */
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
