import type { ResourceTree } from '../domain/account/resource-tree.ts';
import type { BoundTest, TreeBinding } from '../domain/plan/desired-state.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { PolicyTest } from '../domain/policy/policy.ts';
import { entitlementBinder } from './bind-entitlements.ts';
import { bindScope } from './bind-scope.ts';
import { bindTeams } from './bind-teams.ts';
import { indexResources, type ResourceIndex } from './resource-index.ts';
import { selectResources } from './select-resources.ts';

/**
 * Binds the resources of a policy to those of an account, without people and dates. It serves checks of the policy itself,
 * regardless of who is in the account.
 */
export function bindToTree(resolved: ResolvedPolicy, tree: ResourceTree): TreeBinding {
  const { policy } = resolved;
  const index = indexResources(tree);
  const { scope } = bindScope(policy, index);
  const { reachOf } = bindTeams(policy.teams, index);
  const bind = entitlementBinder(index, { scope, reachOf });
  return {
    entitlements: resolved.entitlements.map(bind).map(({ bound }) => bound),
    scope,
    tests: policy.tests.map((test) => bindTest(test, index)),
    never: policy.never.flatMap((rule) => {
      const selection = selectResources(rule.resource, index);
      return selection.kind === 'resolved' ? [{ rule, nodes: selection.nodes }] : [];
    }),
  };
}

function bindTest(test: PolicyTest, index: ResourceIndex): BoundTest {
  const selection = selectResources(test.resource, index);
  if (selection.kind === 'unresolved') return { test, nodes: selection.candidates, isDecided: false };
  return { test, nodes: selection.nodes, isDecided: selection.nodes.length > 0 };
}
