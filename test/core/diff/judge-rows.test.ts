import { describe, expect, test } from 'vitest';
import type { Mode } from '../../../src/core/domain/policy/policy.ts';
import { listed } from '../../support/account-builder.ts';
import { type AnnSpec, annAlone, changeText, deferredText, unmanageableText } from '../../support/small-world.ts';

/** What becomes of every row of Ann: changes, then what is left alone as redundant. */
function disposition(spec: AnnSpec): { readonly changes: readonly string[]; readonly redundant: readonly string[] } {
  const { changes, redundant, unmanageable, deferred } = annAlone(spec);
  expect(unmanageable).toEqual([]);
  expect(deferred).toEqual([]);
  return {
    changes: changes.map(changeText),
    redundant: redundant.map(({ resource, level }) => `${resource.label} ${level}`),
  };
}

const PROJECT = 'project:#4001';
const INBOX = 'inbox:#5001';

describe('a row that is declared, and that no declared row above gives', () => {
  test.each([
    ['is created where nothing is held', {}, 'viewer', ['create project:#4001 0>10']],
    ['is created at the level that is declared', {}, 'admin', ['create project:#4001 0>100']],
    ['is raised where less is held', { [PROJECT]: 'viewer' }, 'admin', ['raise project:#4001 10>100']],
    ['is raised from viewer+', { [PROJECT]: 50 }, 'admin', ['raise project:#4001 50>100']],
    ['is lowered where more is held', { [PROJECT]: 'admin' }, 'viewer', ['lower project:#4001 100>10']],
    ['is left alone where it is in place as viewer', { [PROJECT]: 'viewer' }, 'viewer', []],
    ['is left alone where it is in place as admin', { [PROJECT]: 'admin' }, 'admin', []],
  ] as const)('%s', (_, held, level, changes) => {
    expect(disposition({ entitled: { [PROJECT]: level }, held })).toEqual({ changes, redundant: [] });
  });

  test('is created though an undeclared row above gives it, because that row is removed', () => {
    expect(disposition({ entitled: { [INBOX]: 'admin' }, held: { [PROJECT]: 'admin' } }).changes).toEqual([
      'create inbox:#5001 0>100',
      'remove project:#4001 100>0',
    ]);
  });

  test('is created though a declared row above gives less', () => {
    const entitled = { [PROJECT]: 'viewer', [INBOX]: 'admin' } as const;
    expect(disposition({ entitled, held: { [PROJECT]: 'viewer' } }).changes).toEqual(['create inbox:#5001 0>100']);
  });
});

describe('a row that is declared, and that a declared row above gives', () => {
  test.each([
    ['as much', 'viewer', 'viewer'],
    ['more', 'admin', 'viewer'],
    ['as much as admin', 'admin', 'admin'],
  ] as const)('is left out where the row above is in place with %s', (_, above, own) => {
    const plan = disposition({ entitled: { [PROJECT]: above, [INBOX]: own }, held: { [PROJECT]: above } });
    expect(plan).toEqual({ changes: [], redundant: [] });
  });

  test('is left out where the row above is only planned', () => {
    expect(disposition({ entitled: { [PROJECT]: 'viewer', [INBOX]: 'viewer' } }).changes).toEqual([
      'create project:#4001 0>10',
    ]);
  });

  test('is left out where the row is two levels above', () => {
    expect(disposition({ entitled: { account: 'viewer', [INBOX]: 'viewer' } }).changes).toEqual([
      'create account:#3229 0>10',
    ]);
  });

  test('is left out where the row above is lowered to what is entitled', () => {
    const entitled = { [PROJECT]: 'viewer', [INBOX]: 'viewer' } as const;
    expect(disposition({ entitled, held: { [PROJECT]: 'admin' } }).changes).toEqual(['lower project:#4001 100>10']);
  });

  test('is redundant where it is held, and left alone', () => {
    const plan = disposition({
      entitled: { [PROJECT]: 'admin', [INBOX]: 'viewer' },
      held: { [PROJECT]: 'admin', [INBOX]: 'viewer' },
    });
    expect(plan).toEqual({ changes: [], redundant: ['inbox:Checkout/Staging 10'] });
  });

  test('a covered row that is too high is removed, not lowered', () => {
    const plan = disposition({
      entitled: { [PROJECT]: 'viewer', [INBOX]: 'viewer' },
      held: { [PROJECT]: 'viewer', [INBOX]: 'admin' },
    });
    expect(plan).toEqual({ changes: ['remove inbox:#5001 100>0'], redundant: [] });
  });
});

describe('a row that is not declared', () => {
  test.each([
    ['viewer', 10],
    ['viewer+', 50],
    ['admin', 100],
  ] as const)('is removed where nothing is entitled: %s', (level, before) => {
    expect(disposition({ held: { [PROJECT]: level } }).changes).toEqual([`remove project:#4001 ${before}>0`]);
  });

  test.each([
    ['as much as', 'viewer', 'viewer'],
    ['less than', 'admin', 'viewer'],
    ['less than', 'admin', 'viewer+'],
  ] as const)('is redundant where it gives %s a declared row above: %s above, %s held', (_, above, held) => {
    const plan = disposition({ entitled: { [PROJECT]: above }, held: { [PROJECT]: above, [INBOX]: held } });
    expect(plan.changes).toEqual([]);
    expect(plan.redundant).toHaveLength(1);
  });

  test('is redundant below a declared row that is only planned', () => {
    const plan = disposition({ entitled: { [PROJECT]: 'admin' }, held: { [INBOX]: 'admin' } });
    expect(plan).toEqual({ changes: ['create project:#4001 0>100'], redundant: ['inbox:Checkout/Staging 100'] });
  });

  test('is removed where it gives more than a declared row above', () => {
    const plan = disposition({ entitled: { [PROJECT]: 'viewer' }, held: { [PROJECT]: 'viewer', [INBOX]: 'admin' } });
    expect(plan).toEqual({ changes: ['remove inbox:#5001 100>0'], redundant: [] });
  });

  test('below another undeclared row both are removed', () => {
    const plan = disposition({ held: { [PROJECT]: 'viewer', [INBOX]: 'viewer' } });
    expect(plan.changes).toEqual(['remove inbox:#5001 10>0', 'remove project:#4001 10>0']);
  });
});

describe('billing and campaigns', () => {
  test.each(['billing', 'campaigns'])('%s is never left out because of account', (type) => {
    const plan = disposition({ entitled: { account: 'admin', [type]: 'viewer' }, held: { account: 'admin' } });
    expect(plan.changes).toEqual([`create ${type}:#3229 0>10`]);
  });

  test.each(['billing', 'campaigns'])('a row on %s is never redundant because of account', (type) => {
    const plan = disposition({
      entitled: { account: 'admin' },
      held: { account: 'admin', [`${type}:#3229`]: 'viewer' },
    });
    expect(plan).toEqual({ changes: [`remove ${type}:#3229 10>0`], redundant: [] });
  });
});

describe('a declared row whose declared row above cannot be written', () => {
  const entitled = { 'project:#4003': 'viewer', 'inbox:#5009': 'viewer' } as const;
  const tree = (tokenLevel: number) => [
    listed('account', 3229, 'Account', [listed('project', 4003, 'Shared', [listed('inbox', 5009, 'In')], tokenLevel)]),
  ];

  test('gets a row of its own', () => {
    const plan = annAlone({ entitled, account: { tree: tree(10) } });
    expect(plan.changes.map(changeText)).toEqual(['create inbox:#5009 0>10']);
    expect(plan.unmanageable.map(unmanageableText)).toEqual(['missing project:#4003 0/10: token-below-admin']);
  });

  test('is left out where the row above is in place all the same', () => {
    const plan = annAlone({ entitled, held: { 'project:#4003': 'viewer' }, account: { tree: tree(10) } });
    expect(plan.changes).toEqual([]);
    expect(plan.unmanageable).toEqual([]);
  });

  test('gets a row of its own where the row above is deferred', () => {
    const never = [{ who: 'ann@example.com', resource: 'domain:gone.example', level: 'admin' }] as const;
    const plan = annAlone({ entitled: { [PROJECT]: 'viewer', [INBOX]: 'viewer' }, policy: { never } });
    expect(plan.deferred.map(deferredText)).toEqual([
      'create inbox:#5001 0>10: unresolved-never policy.yaml:81:3',
      'create project:#4001 0>10: unresolved-never policy.yaml:81:3',
    ]);
  });
});

describe('modes', () => {
  const spec: AnnSpec = {
    entitled: { [PROJECT]: 'viewer', 'project:#4002': 'admin' },
    held: { [PROJECT]: 'admin', 'project:#4002': 'viewer', 'domain:#7001': 'viewer' },
  };

  test.each([
    ['additive', ['raise project:#4002 10>100']],
    ['observe', ['raise project:#4002 10>100', 'lower project:#4001 100>10', 'remove domain:#7001 10>0']],
    ['authoritative', ['raise project:#4002 10>100', 'lower project:#4001 100>10', 'remove domain:#7001 10>0']],
  ] as const)('%s', (mode: Mode, changes) => {
    expect(disposition({ ...spec, policy: { mode } }).changes).toEqual(changes);
  });

  test('additive tells no excess that it could not write either', () => {
    expect(annAlone({ ...spec, policy: { mode: 'additive', protected: ['ann@example.com'] } }).unmanageable).toEqual(
      [],
    );
  });
});
