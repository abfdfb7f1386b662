import type { WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';

/** What approved a held part: an entry of `approvals`, or the person who started this run. */
export type ApprovedBy =
  | { readonly kind: 'policy'; readonly at: Place; readonly until: WrittenInstant }
  /** `user`: who, as the system names them; null if it is not known. */
  | { readonly kind: 'by-hand'; readonly user: string | null };
