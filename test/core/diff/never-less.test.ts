import { describe, expect, test } from 'vitest';
import { listed, SMALL_TREE } from '../../support/account-builder.ts';
import { ANN, type AnnSpec, annAlone, changeText, deferredText } from '../../support/small-world.ts';

function lines(spec: AnnSpec): { readonly changes: readonly string[]; readonly deferred: readonly string[] } {
  const { changes, deferred } = annAlone(spec);
  return { changes: changes.map(changeText), deferred: deferred.map(deferredText) };
}

/** The token cannot write on Checkout. */
const FOREIGN = [
  listed('account', 3229, 'Account', [
    listed('project', 4001, 'Checkout', [listed('inbox', 5001, 'Staging'), listed('inbox', 5002, 'QA')], 10),
    listed('project', 4002, 'Mobile', [listed('inbox', 5003, 'Builds')]),
  ]),
];

describe('while an entitled row is missing', () => {
  const entitled = { 'project:#4001': 'admin' } as const;

  test('nothing is taken below it', () => {
    expect(
      lines({ entitled: { 'project:#4001': 'viewer' }, held: { 'inbox:#5001': 'admin' }, account: { tree: FOREIGN } }),
    ).toEqual({
      changes: [],
      deferred: ['remove inbox:#5001 100>0: relies-on-missing project:Checkout'],
    });
  });

  test('nothing is removed above it', () => {
    expect(lines({ entitled, held: { account: 'admin' }, account: { tree: FOREIGN } })).toEqual({
      changes: [],
      deferred: ['remove account:#3229 100>0: relies-on-missing project:Checkout'],
    });
  });

  test('nothing is lowered above it', () => {
    const both = { account: 'viewer', ...entitled } as const;
    expect(lines({ entitled: both, held: { account: 'admin' }, account: { tree: FOREIGN } }).deferred).toEqual([
      'lower account:#3229 100>10: relies-on-missing project:Checkout',
    ]);
  });

  test('what lies elsewhere is taken', () => {
    const held = { 'project:#4002': 'admin', 'inbox:#5003': 'admin' } as const;
    expect(lines({ entitled, held, account: { tree: FOREIGN } }).changes).toEqual([
      'remove inbox:#5003 100>0',
      'remove project:#4002 100>0',
    ]);
  });

  test('what is raised is raised', () => {
    const more = { ...entitled, 'inbox:#5001': 'admin' } as const;
    expect(lines({ entitled: more, held: { 'inbox:#5001': 'viewer' }, account: { tree: FOREIGN } }).changes).toEqual([
      'raise inbox:#5001 10>100',
    ]);
  });

  test('others lose what they are to lose', () => {
    const accesses = [{ access: 3, user: 'bob@example.com', rows: { 'project:#4002': 'admin' } }] as const;
    const grants = [{ to: 'bob@example.com', resource: 'inbox:#5003' }];
    expect(lines({ entitled, policy: { grants }, account: { tree: FOREIGN, accesses } }).changes).toEqual([
      'create inbox:#5003 0>10',
      'remove project:#4002 100>0',
    ]);
  });
});

test('a deferred raise counts as missing', () => {
  const never = [{ who: ANN, resource: 'project:Gone', level: 'admin' as const }];
  const plan = lines({ entitled: { 'inbox:#5001': 'admin' }, held: { account: 'admin' }, policy: { never } });
  expect(plan.deferred).toEqual([
    'create inbox:#5001 0>100: unresolved-never policy.yaml:81:3',
    'remove account:#3229 100>0: relies-on-missing inbox:Checkout/Staging',
  ]);
});

test('of several missing rows it waits for the first by its words, whatever the order of the API', () => {
  const never = [{ who: ANN, resource: 'project:Gone', level: 'admin' as const }];
  const tree = SMALL_TREE.map((root) => ({ ...root, children: [...root.children].reverse() }));
  const entitled = { 'project:#4002': 'viewer', 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;
  for (const account of [{}, { tree }]) {
    const { deferred } = lines({ entitled, held: { account: 'admin' }, policy: { never }, account });
    expect(deferred.at(-1)).toBe('remove account:#3229 100>0: relies-on-missing domain:example.com');
  }
});

test('what is already deferred for another reason keeps that reason', () => {
  const entitled = { 'project:#4001': 'viewer', 'inbox:Checkout/Gone': 'viewer' } as const;
  expect(lines({ entitled, held: { 'inbox:#5002': 'admin' }, account: { tree: FOREIGN } }).deferred).toEqual([
    'remove inbox:#5002 100>0: unresolved-name inbox:Checkout/Gone',
  ]);
});
