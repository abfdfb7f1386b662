import type { GrantdError } from '../text/error.ts';
import type { Problem } from '../text/problem.ts';
import type { ResolvedPolicy } from './entitlement.ts';
import type { Revision } from './revision.ts';

/** What one look at the policy file came to. */
export type PolicyReading =
  | {
      readonly kind: 'valid';
      readonly revision: Revision;
      readonly resolved: ResolvedPolicy;
      /** Warnings only. */
      readonly problems: readonly Problem[];
      /** When the file was last modified, epoch ms. */
      readonly modifiedAt: number;
    }
  | {
      readonly kind: 'invalid';
      readonly revision: Revision;
      readonly problems: readonly Problem[];
      /** Whether a line of it says `paused: true` all the same. */
      readonly saysPaused: boolean;
    }
  /** Missing, too large, a directory, changing all the time. */
  | { readonly kind: 'unreadable'; readonly error: GrantdError };
