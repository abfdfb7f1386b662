import { expect, test } from 'vitest';
import { indexResources } from '../../../src/core/bind/resource-index.ts';
import { selectResources } from '../../../src/core/bind/select-resources.ts';
import { selectNodes } from '../../../src/core/explain/select-nodes.ts';
import { buildAccount, listed, SMALL_TREE } from '../../support/account-builder.ts';
import { buildRef } from '../../support/policy-builder.ts';

const { tree } = buildAccount({
  tree: [
    ...SMALL_TREE,
    listed('inbox', 5009, 'Loose'),
    listed('domain', 7002, 'Example.org'),
    listed('project', 4009, 'Mobile'),
  ],
});

test.each([
  'account',
  'billing',
  'campaigns',
  'project:Checkout',
  'project:Mobile',
  'project:*o*',
  'project:#4001',
  'project:#1',
  'domain:EXAMPLE.org',
  'domain:*.COM',
  'inbox:Checkout/Staging',
  'inbox:*/*',
  'inbox:#5009',
  'inbox:Nothing/*',
])('%s means for a question what it means for a policy', (text) => {
  const bound = selectResources(buildRef(text), indexResources(tree));
  const nodes = bound.kind === 'resolved' ? bound.nodes : bound.candidates;
  expect(new Set(selectNodes(buildRef(text), tree))).toEqual(new Set(nodes));
});
