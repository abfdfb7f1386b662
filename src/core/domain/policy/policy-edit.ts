import type { Place } from '../text/problem.ts';
import type { ImportedGrant } from './imported-policy.ts';

/** One change of a policy's text that leaves every other byte as it is. */
export type PolicyEdit =
  /** Takes one entry out of a list: a member of a group or of `to`, or a resource. `grant` says of which grant, if of one. */
  | { readonly kind: 'drop'; readonly at: Place; readonly grant: Place | null }
  | { readonly kind: 'add-grants'; readonly grants: readonly ImportedGrant[]; readonly comment: string };
