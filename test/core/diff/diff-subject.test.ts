import { describe, expect, test } from 'vitest';
import { listed } from '../../support/account-builder.ts';
import { ANN, type AnnSpec, annAlone, changeText, smallWorld, unmanageableText } from '../../support/small-world.ts';

const PROJECT = 'project:#4001';
const INBOX = 'inbox:#5001';

function unmanageable(spec: AnnSpec): readonly string[] {
  return annAlone(spec).unmanageable.map(unmanageableText);
}

test('a change says who, which access, which resource in words, and both levels', () => {
  expect(annAlone({ entitled: { [INBOX]: 'admin' } }).changes).toMatchObject([
    {
      kind: 'create',
      principal: { kind: 'user', email: ANN },
      access: 2,
      resource: { type: 'inbox', id: 5001, label: 'inbox:Checkout/Staging' },
      before: 0,
      after: 100,
    },
  ]);
});

test('a redundant row says who, where and how much', () => {
  const plan = annAlone({ entitled: { account: 'admin' }, held: { account: 'admin', [PROJECT]: 'viewer' } });
  expect(plan.redundant).toEqual([
    {
      principal: { kind: 'user', email: ANN },
      access: 2,
      resource: { type: 'project', id: 4001, label: 'project:Checkout' },
      level: 10,
    },
  ]);
});

describe('rows on what the tree does not show', () => {
  test('are told and left alone', () => {
    expect(annAlone({ held: { 'project:#77': 'viewer' } }).changes).toEqual([]);
    expect(unmanageable({ held: { 'project:#77': 'viewer' } })).toEqual(['excess project:#77 10/0: not-shown']);
  });

  test('are told by their id, with the reason why they are in excess', () => {
    const [row] = annAlone({ held: { 'project:#77': 'viewer' } }).unmanageable;
    expect(row).toMatchObject({ resource: { label: 'project:#77' }, why: [{ kind: 'not-granted' }] });
  });

  test('of the organization cannot be written, whatever the level', () => {
    expect(unmanageable({ held: { 'organization:#7': 'admin' } })).toEqual(['excess organization:#7 100/0: type']);
  });

  test('of a type that nobody documents cannot be written', () => {
    expect(unmanageable({ held: { 'other/thing:#7': 'viewer' } })).toEqual(['excess other/thing:#7 10/0: type']);
  });

  test('are no excess where the account gives as much', () => {
    const entitled = { account: 'viewer' } as const;
    expect(unmanageable({ entitled, held: { account: 'viewer', 'project:#77': 'viewer' } })).toEqual([]);
    expect(unmanageable({ entitled, held: { account: 'viewer', 'project:#77': 'admin' } })).toEqual([
      'excess project:#77 100/0: not-shown',
    ]);
  });

  test.each(['billing', 'campaigns'])('are an excess on %s whatever the account gives', (type) => {
    const entitled = { account: 'admin' } as const;
    expect(unmanageable({ entitled, held: { account: 'admin', [`${type}:#77`]: 'viewer' } })).toEqual([
      `excess ${type}:#77 10/0: not-shown`,
    ]);
  });

  test('are nothing at level 1', () => {
    expect(unmanageable({ held: { 'project:#77': 1, 'billing:#77': 1 } })).toEqual([]);
  });

  test('have the reason of who cannot be written at all', () => {
    expect(unmanageable({ held: { 'organization:#7': 'admin' }, access: { canUpdate: false } })).toEqual([
      'excess organization:#7 100/0: cannot-update',
    ]);
  });

  test('are not told in additive mode', () => {
    expect(unmanageable({ held: { 'project:#77': 'viewer' }, policy: { mode: 'additive' } })).toEqual([]);
  });
});

describe('a loss without effect', () => {
  const policy = { manage: ['inbox:*/*', 'domain:*'] };

  test('is told where a row above that is not managed gives more', () => {
    const plan = annAlone({ held: { [PROJECT]: 'admin', [INBOX]: 'viewer' }, policy });
    expect(plan.changes.map(changeText)).toEqual(['remove inbox:#5001 10>0']);
    expect(plan.unmanageable.map(unmanageableText)).toEqual(['without-effect inbox:#5001 100/0: reaches-from-above']);
    expect(plan.unmanageable[0]?.why).toMatchObject([{ kind: 'not-granted' }]);
  });

  test('is none where what is above gives no more than is entitled', () => {
    const spec = { entitled: { [INBOX]: 'viewer' }, held: { [PROJECT]: 'viewer', [INBOX]: 'admin' }, policy } as const;
    expect(annAlone(spec).changes.map(changeText)).toEqual(['lower inbox:#5001 100>10']);
    expect(unmanageable(spec)).toEqual([]);
  });

  test('is none where the row above is taken too', () => {
    expect(unmanageable({ held: { [PROJECT]: 'admin', [INBOX]: 'viewer' } })).toEqual([]);
  });

  test('is none where the row above is of the account and reaches no billing', () => {
    const spec = { held: { account: 'admin', 'billing:#3229': 'viewer' }, policy: { manage: ['billing'] } } as const;
    expect(annAlone(spec).changes.map(changeText)).toEqual(['remove billing:#3229 10>0']);
    expect(unmanageable(spec)).toEqual([]);
  });

  test('is never told of a gain', () => {
    expect(unmanageable({ entitled: { [INBOX]: 'viewer' }, held: { [PROJECT]: 'admin' }, policy })).toEqual([]);
  });
});

describe('what has ended', () => {
  const grant = { to: ANN, resource: ['project:*', 'inbox:#5001'], level: 'admin' as const, until: '2026-11-01' };

  test('is told row by row, with the level that the row still has', () => {
    const plan = annAlone({ held: { [PROJECT]: 'admin' }, policy: { mode: 'additive', grants: [grant] } });
    expect(plan.changes).toEqual([]);
    expect(plan.ended).toMatchObject([
      { access: 2, resource: { label: 'inbox:Checkout/Staging' }, level: 'admin', actual: 0, grant: { line: 51 } },
      { resource: { label: 'project:Checkout' }, actual: 100, until: { text: '2026-11-01' } },
      { resource: { label: 'project:Mobile' }, actual: 0 },
    ]);
  });

  test('is not told where a running grant gives as much, here or above', () => {
    const running = { to: ANN, resource: PROJECT, level: 'admin' as const };
    expect(annAlone({ policy: { grants: [grant, running] } }).ended.map(({ resource }) => resource.label)).toEqual([
      'project:Mobile',
    ]);
  });

  test('is told where a running grant gives less', () => {
    const running = { to: ANN, resource: 'account' };
    expect(annAlone({ policy: { grants: [grant, running] } }).ended).toHaveLength(3);
  });
});

describe('ids are unique within one type only', () => {
  const tree = [
    listed('account', 1, 'Account', [
      listed('project', 1, 'P'),
      listed('billing', 1, 'B'),
      listed('domain', 1, 'd.example'),
    ]),
  ];

  test('a row is of its type and id', () => {
    const account = { account: 1, tree, accesses: [{ access: 2, user: ANN, rows: { 'domain:#1': 'admin' } }] } as const;
    const { changes } = smallWorld({ account: 1, grants: [{ to: ANN, resource: 'billing' }] }, account).plan;
    expect(changes.map(changeText)).toEqual(['create billing:#1 0>10', 'remove domain:#1 100>0']);
  });
});
