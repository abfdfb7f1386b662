import type { PolicyEdit } from '../domain/policy/imported-policy.ts';

/** What taking over means for the text of a policy, and what is told of it. */
export interface Adoption {
  /** Each edit, and what it does, one line each. */
  readonly steps: readonly { readonly edit: PolicyEdit; readonly says: readonly string[] }[];
  /** What is not taken over, and why. */
  readonly left: readonly string[];
}
