import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../src/core/domain/account/principal.ts';
import {
  deferUnprovenPuts,
  isBesideSet,
  isWritableAsItIs,
  nextCanary,
  type PutQuestion,
  unnamedRows,
} from '../../../src/core/guard/put-canary.ts';
import { type AccessSpec, type AccountSpec, listed, SMALL_TREE } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, deferredText, smallWorld } from '../../support/small-world.ts';

const NOBODY: ReadonlySet<number> = new Set();

const person = (access: number, rows: AccessSpec['rows'], more: Partial<AccessSpec> = {}): AccessSpec => ({
  access,
  user: `p${access}@example.com`,
  ...(rows && { rows }),
  ...more,
});

function question(
  accesses: readonly AccessSpec[],
  policy: PolicySpec,
  more: Partial<PutQuestion> & { readonly account?: AccountSpec } = {},
): PutQuestion {
  const { account = {}, ...known } = more;
  const world = smallWorld({ mode: 'additive', ...policy }, { ...account, accesses });
  return { ...world, rowsPerPut: 100, proven: new Set<Principal['kind']>(), ...known };
}

const DOMAIN = (to: readonly string[]): PolicySpec => ({ grants: [{ to, resource: 'domain:example.com' }] });
const accessOf = (asked: PutQuestion, tried = NOBODY) => nextCanary(asked, tried)?.batch.access ?? null;
const changes = ({ changes: all }: { readonly changes: PutQuestion['plan']['changes'] }) => all.map(changeOf);

describe('who goes first', () => {
  test('of those whose rows can be given back, the one with the fewest', () => {
    const asked = question(
      [
        person(2, { 'project:#4001': 'viewer', 'inbox:#5003': 'admin' }),
        person(3, { 'project:#4001': 'admin' }),
        person(4, { 'project:#4002': 'viewer' }),
      ],
      DOMAIN(['p2@example.com', 'p3@example.com', 'p4@example.com']),
    );
    expect(nextCanary(asked, NOBODY)).toMatchObject({
      batch: { access: 3 },
      unnamed: [{ type: 'project', id: 4001, level: 100 }],
    });
    expect(accessOf(asked, new Set([3]))).toBe(4);
    expect(accessOf(asked, new Set([3, 4]))).toBe(2);
    expect(accessOf(asked, new Set([2, 3, 4]))).toBe(null);
  });

  test('nobody whose PUT names every row, and nobody of a kind that is proven', () => {
    const accesses = [person(2, {}), person(3, { 'project:#4001': 'admin' })];
    const policy = DOMAIN(['p2@example.com', 'p3@example.com']);
    expect(accessOf(question(accesses, policy))).toBe(3);
    expect(accessOf(question(accesses, policy, { proven: new Set(['user']) }))).toBe(null);
    expect(accessOf(question(accesses, policy, { proven: new Set(['invite', 'token']) }))).toBe(3);
  });

  test.each([
    ['a level that cannot be written', { 'project:#4001': 50 }],
    ['the level of an owner', { 'organization:#77': 1000 }],
    ['a resource that the tree does not show', { 'project:#999': 'viewer' }],
    ['a type that cannot be written', { 'other/templates:#1': 'viewer' }],
  ] as const)('nobody who holds %s', (_, rows) => {
    expect(accessOf(question([person(2, rows)], DOMAIN(['p2@example.com'])))).toBe(null);
  });

  test('somebody with a row above what the PUT raises, if nobody else fits', () => {
    const inbox = (...to: readonly string[]): PolicySpec => ({
      grants: [{ to, resource: 'inbox:Checkout/QA', level: 'admin' }],
    });
    const above = person(2, { 'project:#4001': 'viewer' });
    const beside = person(3, { 'project:#4002': 'admin', 'domain:#7001': 'viewer' });
    expect(accessOf(question([above], inbox('p2@example.com')))).toBe(2);
    const both = question([above, beside], inbox('p2@example.com', 'p3@example.com'));
    expect([accessOf(both), accessOf(both, new Set([3]))]).toEqual([3, 2]);
  });

  test('nobody with a row below what the PUT raises, nor one where the token is no admin', () => {
    const project: PolicySpec = { grants: [{ to: 'p2@example.com', resource: 'project:Checkout' }] };
    expect(accessOf(question([person(2, { 'inbox:#5001': 'viewer' })], project))).toBe(null);
    expect(accessOf(question([person(2, { 'inbox:#5003': 'viewer' })], project))).toBe(2);
    const [root] = SMALL_TREE;
    const tree = [
      {
        ...listed('account', 3229, 'Account'),
        children: [...(root?.children ?? []), listed('project', 4003, 'Read', [], 10)],
      },
    ];
    const asked = question([person(2, { 'project:#4003': 'viewer' })], DOMAIN(['p2@example.com']), {
      account: { tree },
    });
    expect(accessOf(asked)).toBe(null);
  });

  test('nobody with over a hundred rows, those of the PUT included', () => {
    const children = Array.from({ length: 100 }, (_, index) => listed('project', index + 1, `P${index + 1}`));
    const tree = [listed('account', 3229, 'Account', [...children, listed('domain', 7001, 'example.com')])];
    const rows = (count: number) =>
      Object.fromEntries(children.slice(0, count).map(({ id }) => [`project:#${id}`, 10]));
    const asked = (count: number) =>
      question([person(2, rows(count))], DOMAIN(['p2@example.com']), { account: { tree } });
    expect(accessOf(asked(99))).toBe(2);
    expect(accessOf(asked(100))).toBe(null);
  });

  test('a raise before a loss, and either before someone protected or an account admin', () => {
    const accesses = [
      person(2, { 'project:#4001': 'viewer', 'project:#4002': 'viewer' }),
      person(3, { 'project:#4001': 'viewer', 'inbox:#5003': 'viewer', 'project:#4002': 'viewer' }),
      person(4, { 'project:#4001': 'viewer' }),
      person(5, { account: 'admin', 'billing:#3229': 'viewer' }),
    ];
    const asked = question(accesses, {
      mode: 'authoritative',
      protected: ['p4@example.com'],
      limits: { admins: 0, revokes: { principals: 9, percent: 100 } },
      grants: [
        { to: 'p2@example.com', resource: 'project:Checkout' },
        { to: ['p3@example.com', 'p4@example.com'], resource: ['project:Checkout', 'domain:example.com'] },
        { to: 'p3@example.com', resource: ['project:Mobile', 'inbox:Mobile/Builds'] },
        { to: 'p5@example.com', resource: 'account', level: 'admin' },
      ],
    });
    expect(accessOf(asked)).toBe(3);
    expect(accessOf(asked, new Set([3]))).toBe(2);
    expect(accessOf(asked, new Set([3, 2]))).toBe(4);
    expect(accessOf(asked, new Set([3, 2, 4]))).toBe(5);
  });

  test('whoever loses account admin only if nothing else can go before it', () => {
    const admin = person(2, { account: 'admin', billing: 'viewer' });
    const policy: PolicySpec = {
      mode: 'authoritative',
      limits: { admins: 0, revokes: { principals: 9, percent: 100 } },
      grants: [
        { to: ['p2@example.com', 'p3@example.com'], resource: 'billing' },
        { to: 'p4@example.com', resource: 'domain:example.com' },
      ],
    };
    const rows = { account: 'admin', 'billing:#3229': 'viewer' } as const;
    expect(accessOf(question([{ ...admin, rows }], policy))).toBe(2);
    expect(accessOf(question([{ ...admin, rows }, person(4, {})], policy))).toBe(null);
    const others = [{ ...admin, rows }, person(4, { 'project:#4001': 'viewer' })];
    const keeps = { to: 'p4@example.com', resource: 'project:Checkout' };
    expect(accessOf(question(others, { ...policy, grants: [...(policy.grants ?? []), keeps] }))).toBe(4);
  });

  test('a token whose two ids are unproven with its one raise, after everyone else of its kind', () => {
    const apiTokens = [
      { id: 11, name: 'a', rows: { 'project:#4001': 'viewer' } },
      { id: 12, name: 'b', rows: { 'project:#4001': 'viewer', 'inbox:#5003': 'viewer' } },
    ] as const;
    const tokens = { a: { access: 21, token: 11 }, b: { access: 22, token: 12 } };
    const policy: PolicySpec = {
      tokens,
      grants: [{ to: ['token:a', 'token:b'], resource: ['domain:example.com', 'billing'] }],
    };
    const asked = question([], policy, { account: { apiTokens } });
    expect(nextCanary(asked, NOBODY)?.batch.changes).toHaveLength(1);
    expect(accessOf(asked)).toBe(21);
    const proven = { ...asked, plan: { ...asked.plan, unproven: [21] } };
    expect(accessOf(proven)).toBe(22);
  });
});

describe('what waits for the proof', () => {
  const accesses = [person(2, { 'project:#4001': 'viewer' }), person(3, { account: 'viewer' }), person(4, {})];
  const policy = DOMAIN(['p2@example.com', 'p3@example.com', 'p4@example.com']);

  test('nothing, as long as someone of that kind can go first', () => {
    const asked = question(accesses, policy);
    expect(deferUnprovenPuts(asked, NOBODY, true)).toBe(asked.plan);
  });

  test('after that, every PUT that would leave rows unnamed; the others go on', () => {
    const asked = question(accesses, policy);
    const plan = deferUnprovenPuts(asked, NOBODY, false);
    expect(changes(plan)).toEqual(['p4@example.com create domain:#7001 0>10']);
    expect(plan.deferred.map(deferredText)).toEqual([
      'create domain:#7001 0>10: put-unproven a proof that a PUT keeps the rows that it does not name',
      'create domain:#7001 0>10: put-unproven a proof that a PUT keeps the rows that it does not name',
    ]);
    expect([plan.verdict, plan.digest]).toEqual(['allowed', asked.plan.digest]);
    expect(changes(deferUnprovenPuts(asked, new Set([2]), true))).toEqual(changes(plan));
  });

  test('a plan of nothing else is deferred, or held if guards hold some', () => {
    const asked = question([person(3, { account: 'viewer' })], policy);
    const plan = deferUnprovenPuts(asked, NOBODY, true);
    expect([plan.changes, plan.verdict]).toEqual([[], 'deferred']);
    const part = {
      digest: '',
      principal: { kind: 'user', email: 'x' },
      rules: [],
      changes: [],
      approvalUntil: null,
      approve: null,
    } as const;
    const held = { ...asked, plan: { ...asked.plan, held: [part] } };
    expect(deferUnprovenPuts(held, NOBODY, true).verdict).toBe('held');
  });

  test('nothing of a plan that is not written anyway', () => {
    const asked = question(accesses, { ...policy, mode: 'observe' });
    expect(deferUnprovenPuts(asked, NOBODY, false)).toBe(asked.plan);
  });

  test('each kind of principal needs a proof of its own', () => {
    const both = [
      person(2, { 'project:#4001': 'viewer' }),
      { access: 5, invite: 'inv@example.com', rows: { account: 10 } },
    ];
    const asked = question(both, DOMAIN(['p2@example.com', 'inv@example.com']));
    expect(changes(deferUnprovenPuts(asked, NOBODY, true))).toEqual(['p2@example.com create domain:#7001 0>10']);
  });

  test('of a batch that takes several PUTs, all but a first one that names every row', () => {
    const grants = [{ to: 'p4@example.com', resource: ['domain:example.com', 'project:Checkout', 'project:Mobile'] }];
    const asked = question([person(4, {})], { grants }, { rowsPerPut: 2 });
    expect(changes(deferUnprovenPuts(asked, NOBODY, true))).toHaveLength(2);
    const all = question([person(4, {})], { grants }, { rowsPerPut: 2, proven: new Set(['user']) });
    expect(deferUnprovenPuts(all, NOBODY, true)).toBe(all.plan);
  });

  test('an access whose rows nobody knows', () => {
    const asked = question([person(4, {})], DOMAIN(['p4@example.com']));
    const unknown = {
      ...asked,
      actual: { ...asked.actual, accesses: [] },
      desired: { ...asked.desired, subjects: [] },
    };
    expect(nextCanary(unknown, NOBODY)).toBe(null);
    expect(deferUnprovenPuts(unknown, NOBODY, true).changes).toEqual([]);
  });

  test('an unlisted person counts by the rows that the account lists', () => {
    const asked = question([person(2, { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' })], {
      mode: 'authoritative',
      unlisted: 'revoke',
      manage: ['domain:*'],
      limits: { admins: 0, revokes: { principals: 9, percent: 100 } },
      grants: [{ to: 'p9@example.com', resource: 'domain:example.com', level: 'admin' }],
    });
    expect(nextCanary(asked, NOBODY)).toMatchObject({ batch: { access: 2 }, unnamed: [{ id: 4001 }] });
  });
});

test('a row is beside what is set if one lies above the other, and a resource that is not shown is beside nothing', () => {
  const { plan, actual } = question([person(2, {})], {
    grants: [{ to: 'p2@example.com', resource: 'project:Checkout' }],
  });
  const beside = (type: 'account' | 'project' | 'inbox', id: number) =>
    isBesideSet({ type, id }, plan.changes, actual.tree);
  expect([beside('account', 3229), beside('inbox', 5001)]).toEqual([true, true]);
  expect([beside('inbox', 5003), beside('project', 999)]).toEqual([false, false]);
  const lowered = plan.changes.map((change) => ({ ...change, before: 100 as const, after: 10 as const }));
  expect(isBesideSet({ type: 'inbox', id: 5001 }, lowered, actual.tree)).toBe(true);
  const removed = plan.changes.map((change) => ({ ...change, before: 100 as const, after: 0 as const }));
  expect(isBesideSet({ type: 'inbox', id: 5001 }, removed, actual.tree)).toBe(false);
  const gone = plan.changes.map((change) => ({ ...change, resource: { ...change.resource, id: 998 } }));
  expect(isBesideSet({ type: 'inbox', id: 5001 }, gone, actual.tree)).toBe(false);
  expect(unnamedRows([{ type: 'project', id: 4001, level: 10 }], plan.changes)).toEqual([]);
  expect(isWritableAsItIs({ type: 'project', id: 4001, level: 1 }, actual.tree)).toBe(false);
});
