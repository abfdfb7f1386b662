import { describe, expect, test } from 'vitest';
import { indexResources } from '../../../src/core/bind/resource-index.ts';
import {
  possibleAncestors,
  selectWithNotice,
  typeAndBelow,
  withBelow,
} from '../../../src/core/bind/select-resources.ts';
import { nodeLabel, type ResourceNode } from '../../../src/core/domain/account/resource-tree.ts';
import { buildAccount, listed } from '../../support/account-builder.ts';
import { buildRef } from '../../support/policy-builder.ts';

const INDEX = indexResources(buildAccount({}).tree);
const labels = (nodes: Iterable<ResourceNode>) => [...nodes].map(nodeLabel);

function select(text: string, index = INDEX) {
  const at = { file: 'p.yaml', line: 7, column: 5, length: 1 };
  return selectWithNotice(buildRef(text, at), index, 'so what');
}

describe('a ref is resolved', () => {
  test.each([
    'account',
    'billing',
    'campaigns',
    'project:Checkout',
    'project:#4001',
    'inbox:Mobile/Builds',
    'domain:*',
  ])('where it fits what it should: %s', (text) => {
    const { selection, notice } = select(text);
    expect(selection.kind).toBe('resolved');
    expect(notice).toBeNull();
  });

  const LATER = 'nothing to do if it is meant for future resources; otherwise correct it or delete the line';
  const GONE =
    'it is gone, or the token does not administer it; grantd does not know the name that it had. If it was made anew, write its new id or its name; otherwise delete the line';

  test.each([
    ['project:#9', GONE],
    ['inbox:#9', GONE],
    ['domain:#9', GONE],
    ['project:Z*', LATER],
    ['inbox:Checkout/Z*', LATER],
    ['inbox:Z*/Staging', LATER],
    ['domain:z*', LATER],
  ])('where an id or pattern fits nothing, with a notice: %s', (text, remedy) => {
    const { selection, notice } = select(text);
    expect(selection).toEqual({ kind: 'resolved', nodes: [] });
    expect(notice).toEqual({
      code: 'matches-nothing',
      message: `${text} matches no resource that the token can see`,
      remedy,
      at: { file: 'p.yaml', line: 7, column: 5, length: 1 },
    });
  });

  test.each<[ref: string, comment: string, anew: RegExp | null]>([
    ['project:#9', 'Checkout', /is now project:Checkout \(project:#4001\): write project:#4001 if it was made anew/],
    ['project:#9', 'Checkout (a policy cannot spell this name)', /is now project:Checkout \(project:#4001\)/],
    ['inbox:#9', 'Checkout/Staging (one of 2 with this name)', /is now inbox:Checkout\/Staging \(inbox:#5001\)/],
    ['inbox:#9', 'Checkout', null],
    ['project:#9', 'the shop', null],
    ['project:#9', '', null],
  ])(
    'of an id that is gone, %s # %s: asks about the one resource that the comment names (case I25)',
    (text, comment, anew) => {
      const { notice } = selectWithNotice({ ...buildRef(text), comment }, INDEX, 'so what');
      if (anew === null) expect(notice?.remedy).toBe(GONE);
      else expect(notice?.remedy).toMatch(anew);
    },
  );

  test('of an id whose comment names several resources: says none of them', () => {
    const twins = [listed('project', 1, 'Twin'), listed('project', 2, 'Twin')];
    const index = indexResources(buildAccount({ tree: twins }).tree);
    const { notice } = selectWithNotice({ ...buildRef('project:#9'), comment: 'Twin' }, index, 'so what');
    expect(notice?.remedy).toBe(GONE);
  });
});

describe('a name is unresolved', () => {
  test.each(['project:Gone', 'inbox:Checkout/Gone', 'inbox:Gone/Staging', 'domain:gone.example'])(
    'where it fits none: %s',
    (text) => {
      const { selection, notice } = select(text);
      expect(selection).toEqual({ kind: 'unresolved', candidates: [] });
      expect(notice).toEqual({
        code: 'unresolved-name',
        message: `${text} matches no resource that the token can see; so what`,
        remedy:
          'correct the name, or check that the token administers the resource; if the resource is gone, delete the line',
        at: { file: 'p.yaml', line: 7, column: 5, length: 1 },
      });
    },
  );

  test.each(['billing', 'campaigns'])('where the account has no %s', (text) => {
    const bare = indexResources(buildAccount({ tree: [] }).tree);
    expect(select(text, bare).notice?.code).toBe('unresolved-name');
  });

  const twins = (count: number) =>
    indexResources(
      buildAccount({ tree: [...new Array(count)].map((_, id) => listed('project', 20 - id, 'Twin')) }).tree,
    );

  test('where it fits several, whose ids are listed', () => {
    const { selection, notice } = select('project:Twin', twins(2));
    expect(selection).toMatchObject({ kind: 'unresolved', candidates: [{ id: 20 }, { id: 19 }] });
    expect(notice).toMatchObject({
      message: 'project:Twin matches 2 resources: project:#19, project:#20; so what',
      remedy: 'name the right one by id, for example project:#19',
    });
  });

  test('where it fits many, of which ten are listed', () => {
    expect(select('project:Twin', twins(10)).notice?.message).toContain('#20; so');
    expect(select('project:Twin', twins(11)).notice?.message).toContain('#19, …; so');
  });
});

describe('where an unresolved name may lie', () => {
  test('is on its type and below', () => {
    expect(labels(typeAndBelow(buildRef('project:Gone'), INDEX))).toEqual([
      'project:Checkout',
      'inbox:Checkout/Staging',
      'inbox:Checkout/QA',
      'project:Mobile',
      'inbox:Mobile/Builds',
    ]);
    expect(labels(typeAndBelow(buildRef('domain:gone'), INDEX))).toEqual(['domain:example.com']);
  });

  test.each([
    ['project:Gone', ['account']],
    ['billing', ['account']],
    ['domain:gone', ['account']],
    ['inbox:Mobile/Gone', ['account', 'project:Mobile']],
    ['inbox:Gone/Gone', ['account', 'project:Checkout', 'project:Mobile']],
  ])('is below what may contain it: %s', (text, above) => {
    expect(labels(possibleAncestors(buildRef(text), INDEX))).toEqual(above);
  });
});

test('what lies below some tops is each of them with everything under it', () => {
  const [root] = INDEX.tree.nodes;
  expect(withBelow(new Set(), INDEX.tree.nodes).size).toBe(0);
  expect(withBelow(new Set(root ? [root] : []), INDEX.tree.nodes).size).toBe(INDEX.tree.nodes.length);
});
