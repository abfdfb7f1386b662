import { expect, test } from 'vitest';
import { bindToTree } from '../../../src/core/bind/bind-to-tree.ts';
import { nodeLabel } from '../../../src/core/domain/account/resource-tree.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { buildAccount } from '../../support/account-builder.ts';
import { buildPolicy } from '../../support/policy-builder.ts';

test('a rule is bound to all that it means, and left out where the account does not show exactly what it names', () => {
  const never = ['project:Gone', 'project:*', 'domain:z*'].map((resource) => {
    return { who: 'ann@x', resource, level: 'admin' } as const;
  });
  const binding = bindToTree(resolvePolicy(buildPolicy({ never })), buildAccount({}).tree);
  expect(binding.never.map(({ rule, nodes }) => [rule.resource.text, nodes.map(nodeLabel)])).toEqual([
    ['project:*', ['project:Checkout', 'project:Mobile']],
    ['domain:z*', []],
  ]);
});
