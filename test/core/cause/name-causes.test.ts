import { describe, expect, test } from 'vitest';
import {
  emailHashOf,
  isAccountAdmin,
  type RememberedAccess,
  rowsHash,
} from '../../../src/core/domain/account/remembered-access.ts';
import { requestedChanges } from '../../../src/core/domain/plan/change-key.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { Restraints } from '../../../src/core/domain/plan/restraints.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import {
  type AccessSpec,
  type AccountSpec,
  buildAccount,
  listed,
  OWN_TOKEN,
  SMALL_TREE,
} from '../../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { ANN, changeOf, NOW, smallWorld } from '../../support/small-world.ts';

const OLD = 'a'.repeat(64);
const BOB = 'bob@example.com';
const DAY_MS = 24 * 60 * 60 * 1000;

interface Remembering {
  /** The text by which the accesses settled, if it is at hand. */
  readonly text?: PolicySpec;
  readonly at?: Instant;
  readonly settled: readonly AccessSpec[];
  readonly isAll?: boolean;
}

/** As a run remembers it after which nothing was left to change. */
function remembering({ text, at = NOW, settled, isAll = true }: Remembering): Partial<Restraints> {
  const { accesses } = buildAccount({ accesses: settled });
  const known = accesses.map((access): readonly [number, RememberedAccess] => [
    access.access,
    {
      access: access.access,
      emailHash: emailHashOf(access),
      rowsHash: rowsHash(access.rows),
      wasAccountAdmin: isAccountAdmin(access.rows),
      settledBy: { sha256: OLD, at },
    },
  ]);
  return {
    remembered: new Map(known),
    remembersAll: isAll,
    texts: new Map(text ? [[OLD, resolvePolicy(buildPolicy(text))]] : []),
  };
}

function causesOf({ changes, held, deferred }: Plan): readonly string[] {
  return requestedChanges({ changes, held, deferred } as Plan).map((change) => `${changeOf(change)}: ${change.cause}`);
}

function planOf(
  policy: PolicySpec,
  accesses: readonly AccessSpec[],
  memory: Remembering | null,
  account: AccountSpec = {},
): readonly string[] {
  const restraints = memory === null ? {} : remembering(memory);
  return causesOf(smallWorld(policy, { ...account, accesses }, NOW, restraints).plan);
}

const VIEWER: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] };
const ADMIN: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'admin' }] };
const ann = (rows: AccessSpec['rows'] = {}): AccessSpec => ({ access: 2, user: ANN, rows });
const AS_VIEWER = ann({ 'project:#4001': 'viewer' });

describe('a change by drift', () => {
  test('gives back what someone else took', () => {
    const memory = { text: VIEWER, settled: [AS_VIEWER] };
    expect(planOf(VIEWER, [ann()], memory)).toEqual([`${ANN} create project:#4001 0>10: drift`]);
  });

  test('takes what someone else gave', () => {
    const memory = { text: VIEWER, settled: [AS_VIEWER] };
    const now = [ann({ 'project:#4001': 'viewer', 'domain:#7001': 'admin' })];
    expect(planOf(VIEWER, now, memory)).toEqual([`${ANN} remove domain:#7001 100>0: drift`]);
  });

  test('beside a newer text is what the older text would change as well', () => {
    const memory = { text: VIEWER, settled: [AS_VIEWER] };
    const now = [ann({ 'project:#4001': 'viewer', 'domain:#7001': 'admin' })];
    expect(planOf(ADMIN, now, memory)).toEqual([
      `${ANN} raise project:#4001 10>100: policy`,
      `${ANN} remove domain:#7001 100>0: drift`,
    ]);
  });

  test('of someone unlisted', () => {
    const text: PolicySpec = { ...VIEWER, unlisted: 'revoke' };
    const bob = (rows: AccessSpec['rows'] = {}): AccessSpec => ({ access: 3, user: BOB, rows });
    const memory = { text, settled: [AS_VIEWER, bob()] };
    expect(planOf(text, [AS_VIEWER, bob({ account: 'admin' })], memory)).toEqual([
      `${BOB} remove account:#3229 100>0: drift`,
    ]);
  });

  test('of a token, whose rows come from their own list', () => {
    const text: PolicySpec = {
      tokens: { ci: { access: 500, token: 55 } },
      grants: [{ to: 'token:ci', resource: 'project:Checkout', level: 'viewer' }],
    };
    const token = { id: 55, name: 'ci' };
    const memory = { text, settled: [{ access: 500, token, rows: { 'project:#4001': 'viewer' } as const }] };
    const rows = { 'project:#4001': 'admin' } as const;
    const apiTokens = [OWN_TOKEN, { id: 55, name: 'ci', rows }];
    const plan = planOf(text, [{ access: 500, token, rows }], memory, { apiTokens });
    expect(plan).toEqual(['token:ci lower project:#4001 100>10: drift']);
  });
});

describe('a change by policy', () => {
  test('is what the older text would not change', () => {
    expect(planOf(ADMIN, [AS_VIEWER], { text: VIEWER, settled: [AS_VIEWER] })).toEqual([
      `${ANN} raise project:#4001 10>100: policy`,
    ]);
  });

  test('stays one, whatever else someone changes on that access', () => {
    const before = ann({ 'project:#4001': 'viewer', 'domain:#7001': 'viewer' });
    const older: PolicySpec = {
      grants: [...(VIEWER.grants ?? []), { to: ANN, resource: 'domain:example.com', level: 'viewer' }],
    };
    const now = [ann({ 'project:#4001': 'viewer', 'domain:#7001': 'viewer', 'inbox:#5003': 'admin' })];
    expect(planOf(VIEWER, now, { text: older, settled: [before] })).toEqual([
      `${ANN} remove domain:#7001 10>0: policy`,
      `${ANN} remove inbox:#5003 100>0: drift`,
    ]);
  });

  test('is what rows need whose text is not at hand', () => {
    expect(planOf(VIEWER, [ann()], { settled: [AS_VIEWER] })).toEqual([`${ANN} create project:#4001 0>10: policy`]);
  });

  test('is a change of someone who never settled', () => {
    const { remembered = new Map(), ...memory } = remembering({ text: VIEWER, settled: [AS_VIEWER] });
    const { settledBy: _, ...known } = remembered.get(2) as RememberedAccess;
    const { plan } = smallWorld(VIEWER, { accesses: [ann()] }, NOW, { ...memory, remembered: new Map([[2, known]]) });
    expect(causesOf(plan)).toEqual([`${ANN} create project:#4001 0>10: policy`]);
  });

  test('is a change of someone who has another address now', () => {
    const text: PolicySpec = { ...VIEWER, unlisted: 'revoke' };
    const renamed: AccessSpec = { access: 2, user: 'ann.new@example.com', rows: { 'project:#4001': 'admin' } };
    expect(planOf(text, [renamed], { text, settled: [AS_VIEWER] })).toEqual([
      'ann.new@example.com remove project:#4001 100>0: policy',
    ]);
  });

  test('is one that the older text left in doubt', () => {
    const older: PolicySpec = {
      grants: [...(VIEWER.grants ?? []), { to: ANN, resource: 'project:Chekout', level: 'viewer' }],
    };
    const now = [ann({ 'project:#4001': 'viewer', 'project:#4002': 'admin' })];
    expect(planOf(VIEWER, now, { text: older, settled: [AS_VIEWER] })).toEqual([
      `${ANN} remove project:#4002 100>0: policy`,
    ]);
  });

  test('is one of an access that did not fit into the memory', () => {
    expect(planOf(VIEWER, [ann()], { text: VIEWER, settled: [{ access: 9, user: BOB }], isAll: false })).toEqual([
      `${ANN} create project:#4001 0>10: policy`,
    ]);
  });
});

describe('a change by a date', () => {
  test('is what the same text did not ask for at that moment', () => {
    const text: PolicySpec = {
      grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer', until: '2026-11-23' }],
    };
    expect(planOf(text, [AS_VIEWER], { text, at: NOW - 2 * DAY_MS, settled: [AS_VIEWER] })).toEqual([
      `${ANN} remove project:#4001 10>0: date`,
    ]);
  });

  test('is one too if a newer text has the same date', () => {
    const grant = { to: ANN, resource: 'project:Checkout', level: 'viewer', from: '2026-11-24' } as const;
    const newer: PolicySpec = { grants: [grant, { to: BOB, resource: 'account', level: 'viewer' }] };
    expect(planOf(newer, [ann()], { text: { grants: [grant] }, at: NOW - DAY_MS, settled: [ann()] })).toEqual([
      `${ANN} create project:#4001 0>10: date`,
    ]);
  });
});

describe('a change by the tree', () => {
  const text: PolicySpec = { grants: [{ to: ANN, resource: 'project:*', level: 'viewer' }] };
  const before = ann({ 'project:#4001': 'viewer', 'project:#4002': 'viewer' });

  test('is what a new resource brings, with the same rows', () => {
    const [root] = SMALL_TREE;
    if (root === undefined) throw new Error('unreachable');
    const tree = [{ ...root, children: [...root.children, listed('project', 4003, 'New')] }];
    expect(planOf(text, [before], { text, settled: [before] }, { tree })).toEqual([
      `${ANN} create project:#4003 0>10: tree`,
    ]);
  });

  test('is one that waits because a name fits nothing any more', () => {
    const named: PolicySpec = {
      grants: [
        { to: ANN, resource: 'project:Gone', level: 'viewer' },
        { to: ANN, resource: 'domain:example.com', level: 'viewer' },
      ],
    };
    const held = ann({ 'project:#4001': 'viewer', 'domain:#7001': 'viewer' });
    expect(planOf(named, [held], { text: named, settled: [held] })).toEqual([`${ANN} remove project:#4001 10>0: tree`]);
  });
});

describe('a newcomer', () => {
  test('has an access that was not there at the last read', () => {
    const memory = { text: VIEWER, settled: [{ access: 9, user: BOB }] };
    expect(planOf(VIEWER, [ann()], memory)).toEqual([`${ANN} create project:#4001 0>10: newcomer`]);
  });

  test('may come into an account that was empty', () => {
    expect(planOf(VIEWER, [ann()], { text: VIEWER, settled: [] })).toEqual([
      `${ANN} create project:#4001 0>10: newcomer`,
    ]);
  });

  test('is no token: the account does not list every token', () => {
    const text: PolicySpec = {
      tokens: { ci: { access: 500, token: 55 } },
      grants: [{ to: 'token:ci', resource: 'project:Checkout', level: 'viewer' }],
    };
    const account = { apiTokens: [{ id: 55, name: 'ci' }] };
    expect(planOf(text, [], { text: VIEWER, settled: [ann()] }, account)).toEqual([
      'token:ci create project:#4001 0>10: policy',
    ]);
  });
});

test('an owner beside it, whom grantd never writes, changes no cause', () => {
  const text: PolicySpec = { grants: [{ to: [ANN, BOB], resource: 'project:Checkout', level: 'viewer' }] };
  const owner: AccessSpec = { access: 3, user: BOB, rows: { account: 'owner' } };
  expect(planOf(text, [ann(), owner], { text, settled: [AS_VIEWER, owner] })).toEqual([
    `${ANN} create project:#4001 0>10: drift`,
  ]);
});

test('without any memory a change has no cause', () => {
  expect(planOf(VIEWER, [ann()], null)).toEqual([`${ANN} create project:#4001 0>10: undefined`]);
  const [change] = smallWorld(VIEWER, { accesses: [ann()] }).plan.changes;
  expect(change && 'cause' in change).toBe(false);
});

test('an access that is remembered, and that another principal declares now, is changed by policy', () => {
  const text: PolicySpec = {
    tokens: { ci: { access: 500, token: 55 } },
    grants: [{ to: 'token:ci', resource: 'project:Checkout', level: 'viewer' }],
  };
  const account = { apiTokens: [{ id: 55, name: 'ci' }] };
  expect(planOf(text, [], { text, settled: [{ access: 500, user: BOB }] }, account)).toEqual([
    'token:ci create project:#4001 0>10: policy',
  ]);
});
