import { describe, expect, it } from 'vitest';
import {
  ancestorsOf,
  buildResourceTree,
  compareNodes,
  isTreeFault,
  isWithin,
  type ListedResource,
  nodeLabel,
  type ResourceTree,
} from '../../../../src/core/domain/account/resource-tree.ts';
import { listed } from '../../../support/account-builder.ts';

function treeOf(resources: readonly ListedResource[]): ResourceTree {
  const tree = buildResourceTree(7, resources);
  if (isTreeFault(tree)) throw new Error(tree.kind);
  return tree;
}

const projects = [listed('project', 1, 'Web', [listed('inbox', 2, 'Live')]), listed('billing', 7, 'Billing')];

describe('a tree of resources', () => {
  it('has the account as its root, which the newer form shows and the older does not', () => {
    const newer = treeOf([listed('account', 7, 'Account', projects)]);
    const older = treeOf(projects);
    expect([newer.root.shown, newer.root.tokenLevel, older.root.shown, older.root.tokenLevel]).toEqual([
      true,
      100,
      false,
      0,
    ]);
    // `import` names roles after resources.
    expect([newer.root.name, older.root.name]).toEqual(['Account', 'Account']);
    for (const tree of [newer, older]) {
      const inbox = tree.find({ type: 'inbox', id: 2 });
      expect(inbox && ancestorsOf(inbox).map(nodeLabel)).toEqual(['project:Web', 'account']);
      expect(tree.nodes.map((node) => node.index)).toEqual([0, 1, 2, 3]);
      expect(tree.childrenOf(tree.root).map(nodeLabel)).toEqual(['project:Web', 'billing']);
      expect(inbox && tree.childrenOf(inbox)).toEqual([]);
    }
  });

  it('puts resources that the API lists beside the account below it', () => {
    const tree = treeOf([listed('account', 7, 'Account', []), listed('project', 1, 'Web')]);
    expect(tree.find({ type: 'project', id: 1 })?.parent).toBe(tree.root);
  });

  it('knows ids by type: an account and a scope may share one', () => {
    const tree = treeOf(projects);
    expect(tree.find({ type: 'account', id: 7 })).toBe(tree.root);
    expect(tree.find({ type: 'billing', id: 7 })?.name).toBe('Billing');
    expect(tree.find({ type: 'domain', id: 7 })).toBeUndefined();
  });

  it.each([
    ['another account', [listed('account', 8, 'Account')], { kind: 'wrong-account', shown: 8 }],
    [
      'another account further down',
      [listed('project', 1, 'A', [listed('account', 9, 'B')])],
      { kind: 'wrong-account', shown: 9 },
    ],
    [
      'the account twice',
      [listed('account', 7, 'A', [listed('account', 7, 'B')])],
      { kind: 'wrong-account', shown: 7 },
    ],
    [
      'a resource twice',
      [listed('project', 1, 'A'), listed('project', 1, 'B')],
      { kind: 'listed-twice', resource: { type: 'project', id: 1 } },
    ],
  ])('%s is no tree', (_name, resources, fault) => {
    const tree = buildResourceTree(7, resources);
    expect([isTreeFault(tree), tree]).toEqual([true, fault]);
  });

  it('a node lies within itself and what is above it', () => {
    const tree = treeOf([...projects, listed('project', 3, 'App')]);
    const [inbox, web, app] = [
      tree.find({ type: 'inbox', id: 2 }),
      tree.find({ type: 'project', id: 1 }),
      tree.find({ type: 'project', id: 3 }),
    ];
    if (!inbox || !web || !app) throw new Error('not in the tree');
    expect([
      isWithin(inbox, inbox),
      isWithin(inbox, web),
      isWithin(inbox, tree.root),
      isWithin(inbox, app),
      isWithin(web, inbox),
    ]).toEqual([true, true, true, false, false]);
  });
});

describe('what a person reads', () => {
  it.each([
    ['account', listed('account', 7, 'Account')],
    ['billing', listed('billing', 7, 'Billing')],
    ['campaigns', listed('campaigns', 7, 'Email Campaigns')],
    ['templates', listed('templates', 7, 'Email Templates')],
    ['organization', listed('organization', 9, 'Acme')],
    ['project:A/B [x]', listed('project', 1, 'A/B [x]')],
    ['project:Team #1', listed('project', 1, 'Team #1')],
    ['project:#1 (Team *)', listed('project', 1, 'Team *')],
    ['project:#1 (#1)', listed('project', 1, '#1')],
    ['domain:example.com', listed('domain', 5, 'example.com')],
    ['inbox:#2 (Live)', listed('inbox', 2, 'Live')],
    ['other/thing:#4', listed('other/thing', 4, 'Thing')],
  ])('%s', (label, resource) => {
    const tree = treeOf([resource]);
    expect(nodeLabel(tree.find(resource) ?? tree.root)).toBe(label);
  });

  it.each([
    ['Web', 'Live', 'inbox:Web/Live'],
    ['Web', 'a/b', 'inbox:#2 (a/b)'],
    ['A/B', 'Live', 'inbox:#2 (Live)'],
    ['Web', '*', 'inbox:#2 (*)'],
    ['W*b', 'Live', 'inbox:#2 (Live)'],
    ['#1', 'Live', 'inbox:#2 (Live)'],
    ['Team #1', 'Live', 'inbox:Team #1/Live'],
    ['Web', '#1', 'inbox:Web/#1'],
  ])('the inbox %s / %s is %s', (project, inbox, label) => {
    const tree = treeOf([listed('project', 1, project, [listed('inbox', 2, inbox)])]);
    expect(nodeLabel(tree.find({ type: 'inbox', id: 2 }) ?? tree.root)).toBe(label);
  });

  it('is in the order of the words, then of types and ids', () => {
    const tree = treeOf([
      listed('project', 9, 'B'),
      listed('project', 8, 'B'),
      listed('project', 10, 'A'),
      listed('domain', 1, 'z'),
    ]);
    expect([...tree.nodes].sort(compareNodes).map(({ type, id }) => `${type}${id}`)).toEqual([
      'account7',
      'domain1',
      'project10',
      'project8',
      'project9',
    ]);
  });
});
