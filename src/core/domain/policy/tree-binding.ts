import type { ResourceNode } from '../account/resource-tree.ts';
import type { BoundEntitlement, BoundNever, Scope } from '../plan/desired-state.ts';
import type { PolicyTest } from './policy.ts';

/** A test of the policy, with the resources of an account that it speaks of. */
export interface BoundTest {
  readonly test: PolicyTest;
  /** For a name without `*` exactly one, or it is not decided. */
  readonly nodes: readonly ResourceNode[];
  readonly isDecided: boolean;
}

/** What a policy means in the resources of an account, whoever is in it and at whatever date. */
export interface TreeBinding {
  readonly entitlements: readonly BoundEntitlement[];
  readonly scope: Scope;
  readonly tests: readonly BoundTest[];
  /** Without the rules of which the account does not show exactly what they name. */
  readonly never: readonly BoundNever[];
}
