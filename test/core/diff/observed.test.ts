import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import {
  ANN,
  annAlone,
  changeOf,
  changeText,
  deferredText,
  smallWorld,
  told,
  unmanageableText,
} from '../../support/small-world.ts';

const lists = ({ changes, observed, deferred, unmanageable }: Plan) => ({
  changes: changes.map(changeText),
  observed: observed.map(changeText),
  deferred: deferred.map(deferredText),
  unmanageable: unmanageable.map(unmanageableText),
});
const NONE = { changes: [], observed: [], deferred: [], unmanageable: [] };

describe('what `observe` lists', () => {
  test('by resource, with what lies below it, is planned apart and not written', () => {
    const plan = annAlone({
      entitled: { 'project:#4001': 'viewer', 'project:#4002': 'viewer' },
      held: { 'inbox:#5001': 'admin' },
      policy: { observe: ['project:#4001'] },
    });
    expect(lists(plan)).toEqual({
      ...NONE,
      changes: ['create project:#4002 0>10'],
      observed: ['create project:#4001 0>10', 'remove inbox:#5001 100>0'],
    });
  });

  test('by e-mail pattern, observes everything of a person, in the account too', () => {
    const plan = annAlone({ held: { account: 'admin' }, policy: { observe: ['ANN@*'] } });
    expect(lists(plan)).toEqual({ ...NONE, observed: ['remove account:#3229 100>0'] });
    expect([plan.verdict, plan.counts.lose, plan.counts.untouched]).toEqual(['complete', 0, 1]);
  });

  test('a person whom no grant names is unlisted, and what they would lose is observed', () => {
    const { plan } = smallWorld(
      {
        unlisted: 'revoke',
        observe: ['*@agency.example', 'domain:#7001'],
        grants: [{ to: ANN, resource: 'project:#999' }],
      },
      {
        accesses: [
          { access: 2, user: 'dana@agency.example', rows: { 'project:#4001': 'viewer' } },
          { access: 3, user: 'eve@example.com', rows: { 'domain:#7001': 'admin' } },
        ],
      },
    );
    expect(plan.observed.map(changeOf)).toEqual([
      'dana@agency.example remove project:#4001 10>0',
      'eve@example.com remove domain:#7001 100>0',
    ]);
    expect(plan.changes).toEqual([]);
    expect(plan.unlisted.map(({ access, isObserved }) => [access, isObserved])).toEqual([
      [2, true],
      [3, false],
    ]);
  });

  test('does not list a token', () => {
    const { plan } = smallWorld(
      {
        observe: ['*@*'],
        tokens: { ci: { access: 900, token: 77 } },
        grants: [{ to: 'token:ci', resource: 'project:#4001' }],
      },
      { accesses: [{ access: 900, token: { id: 77, name: 'ci' } }], apiTokens: [{ id: 77, name: 'ci', rows: {} }] },
    );
    expect(plan.observed).toEqual([]);
    expect(plan.changes.map(changeText)).toEqual(['create project:#4001 0>10']);
  });

  test('is not planned where `ignore` lists it too', () => {
    const both: PolicySpec = { observe: [ANN, 'project:#4001'], ignore: ['project:#4001'] };
    const plan = annAlone({ entitled: { 'project:#4001': 'viewer' }, policy: both });
    expect(lists(plan)).toEqual({ ...NONE, unmanageable: ['missing project:#4001 0/10: ignored'] });
    const person = annAlone({ entitled: { 'project:#4002': 'viewer' }, policy: { observe: [ANN], ignore: [ANN] } });
    expect(lists(person)).toEqual({ ...NONE, unmanageable: ['missing project:#4002 0/10: ignored-person'] });
  });

  test('is planned where `manage` leaves it out', () => {
    const policy: PolicySpec = { manage: ['project:#4002'], observe: ['project:#4001'] };
    const plan = annAlone({ entitled: { 'project:*': 'viewer' }, held: { 'inbox:#5001': 'admin' }, policy });
    expect(lists(plan)).toEqual({
      ...NONE,
      changes: ['create project:#4002 0>10'],
      observed: ['create project:#4001 0>10', 'remove inbox:#5001 100>0'],
    });
  });

  test('stays what can never be written, and is not deferred by a doubt', () => {
    const held = { 'project:#4001': 'admin', 'domain:#7001': 'admin' } as const;
    const observe = ['project:#4001'];
    expect(lists(annAlone({ held, policy: { observe, protected: [ANN] } })).observed).toEqual([]);
    const plan = annAlone({
      held,
      entitled: { 'project:No Such': 'viewer', 'domain:None': 'viewer' },
      policy: { observe },
    });
    expect(lists(plan)).toEqual({
      ...NONE,
      observed: ['remove project:#4001 100>0'],
      deferred: ['remove domain:#7001 100>0: unresolved-name domain:None'],
    });
  });

  test('an unresolved name writes nothing on that type and below', () => {
    const plan = annAlone({ entitled: { 'project:#4001': 'viewer' }, policy: { observe: ['project:No Such'] } });
    expect(lists(plan)).toEqual({
      ...NONE,
      deferred: ['create project:#4001 0>10: unresolved-scope project:No Such in `observe` (policy.yaml:10:3)'],
    });
    expect(told(plan.notices, 'unresolved-name')[0]).toContain('because `observe` contains it');
  });
});

/** So that `last-admins` holds nobody. */
const OTHER_ADMINS = { accesses: [{ access: 30, user: 'root@example.com', rows: { account: 'admin' } }] } as const;

describe('a row above', () => {
  test('is taken although the observed row below is missing (case G24), and the notice says whom it reaches', () => {
    const plan = annAlone({
      entitled: { 'inbox:#5001': 'viewer' },
      held: { account: 'admin' },
      policy: { observe: ['inbox:#5001'] },
      account: OTHER_ADMINS,
    });
    expect(lists(plan)).toEqual({
      ...NONE,
      changes: ['remove account:#3229 100>0'],
      observed: ['create inbox:#5001 0>10'],
    });
    expect(told(plan.notices, 'touches-excluded')).toEqual([
      'this change of account can also change the access of ann@example.com to ignored, observed or unmanaged resources below it: inbox:Checkout/Staging',
    ]);
  });

  test('is taken although the ignored row below is missing (case G24)', () => {
    const plan = annAlone({
      entitled: { 'inbox:#5001': 'viewer' },
      held: { account: 'admin' },
      policy: { ignore: ['inbox:Checkout/Staging'] },
      account: OTHER_ADMINS,
    });
    expect(lists(plan)).toEqual({
      ...NONE,
      changes: ['remove account:#3229 100>0'],
      unmanageable: ['missing inbox:#5001 0/10: ignored'],
    });
  });

  test('still stays for what is in doubt, and follows a row that is written', () => {
    const plan = annAlone({
      entitled: { 'inbox:#5001': 'viewer', 'project:#4002': 'viewer' },
      held: { account: 'admin' },
      policy: { observe: ['inbox:#5001'] },
      account: OTHER_ADMINS,
    });
    expect(lists(plan).changes).toEqual(['create project:#4002 0>10', 'remove account:#3229 100>0']);
    const kept = annAlone({
      entitled: { 'inbox:#5001': 'viewer', 'project:No Such': 'viewer' },
      held: { account: 'admin' },
      policy: { observe: ['inbox:#5001'] },
      account: OTHER_ADMINS,
    });
    expect(lists(kept).deferred).toEqual(['remove account:#3229 100>0: unresolved-name project:No Such']);
  });
});

describe('the limits', () => {
  const people = ['a', 'b', 'c'].map((name) => `${name}@agency.example`);
  const accesses = [ANN, ...people].map((user, index) => ({
    access: index + 2,
    user,
    rows: { 'project:#4001': 'admin' } as const,
  }));
  const policy = (more: PolicySpec): PolicySpec => ({
    unlisted: 'revoke',
    grants: [{ to: 'x@example.com', resource: 'project:#4001' }],
    ...more,
  });

  test('count no observed change', () => {
    const limits = { revokes: { principals: 1, percent: 100 } };
    expect(smallWorld(policy({ limits }), { accesses }).plan.verdict).toBe('held');
    const { plan } = smallWorld(policy({ limits, observe: ['*@agency.example'] }), { accesses });
    expect([plan.verdict, plan.changes.length, plan.observed.length]).toEqual(['allowed', 1, 3]);
  });

  test('are no share of those whom `observe` lists', () => {
    const all = {
      accesses: [...accesses, { access: 20, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } as const }],
    };
    const limits = { revokes: { principals: 5, percent: 99 } };
    // Of the two with rows that are not observed, 99 % is one.
    expect(smallWorld(policy({ limits, observe: ['*@agency.example'] }), all).plan.refusals[0]?.message).toContain(
      '99 % of the 2 with rows',
    );
  });
});
