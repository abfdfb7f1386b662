import { describe, expect, test } from 'vitest';
import { bindPolicy } from '../../../src/core/bind/bind-policy.ts';
import { diffStates } from '../../../src/core/diff/diff-states.ts';
import type { ActualState } from '../../../src/core/domain/account/actual-state.ts';
import { principalHash } from '../../../src/core/domain/account/known-ends.ts';
import type { ChangeCause } from '../../../src/core/domain/plan/change-cause.ts';
import type { Change, Plan } from '../../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../../src/core/domain/plan/restraints.ts';
import { guardPlan } from '../../../src/core/guard/guard-plan.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { type AccessSpec, buildAccount } from '../../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { NOW } from '../../support/small-world.ts';

/** Who has which cause, by the first letters of their address. */
const CAUSES: Readonly<Record<string, ChangeCause>> = {
  p: 'policy',
  d: 'date',
  t: 'tree',
  n: 'newcomer',
  r: 'drift',
};

function causeOf({ principal }: Change): ChangeCause | undefined {
  return CAUSES['email' in principal ? principal.email.slice(0, 1) : ''];
}

interface Spec {
  readonly policy: PolicySpec;
  readonly actual: ActualState;
  readonly restraints?: Partial<Restraints>;
}

/** A plan whose changes have the causes that the first letters of their principals say. */
function planOf({ policy, actual, restraints = {} }: Spec): Plan {
  const resolved = resolvePolicy(buildPolicy(policy));
  const desired = bindPolicy(resolved, actual, NOW);
  const found = diffStates(desired, actual);
  const changes = found.changes.map((change) => {
    const cause = causeOf(change);
    return cause === undefined ? change : { ...change, cause };
  });
  const difference = { ...found, changes };
  return guardPlan({ difference, desired, actual, resolved, restraints: { ...NO_RESTRAINTS, ...restraints } });
}

/** `p1@example.com, p2@example.com`, as accesses that hold these rows. */
function people(names: readonly string[], rows: AccessSpec['rows']): readonly AccessSpec[] {
  return names.map((name, index) => ({ access: 100 + index, user: `${name}@example.com`, rows: rows ?? {} }));
}

/** Everyone named loses their row; the others keep theirs. */
function losing(names: readonly string[], limits: PolicySpec['limits'], others: readonly string[] = []): Plan {
  const accesses = [
    ...people(names, { 'project:#4001': 'viewer' }),
    ...others.map((name, index) => ({
      access: 200 + index,
      user: `${name}@example.com`,
      rows: { 'domain:#7001': 'viewer' } as const,
    })),
  ];
  const grants = [
    { to: [...names, ...others].map((name) => `${name}@example.com`), resource: 'domain:*', level: 'viewer' as const },
  ];
  const named = names.map((name) => ({
    to: `${name}@example.com`,
    resource: 'project:#999',
    level: 'viewer' as const,
  }));
  return planOf({
    policy: { grants: others.length > 0 ? grants : named, limits: limits ?? {} },
    actual: buildAccount({ accesses }),
  });
}

function heldNames({ held }: Plan): readonly string[] {
  return held.map(({ principal }) => ('email' in principal ? principal.email.replace('@example.com', '') : ''));
}

const THREE = { revokes: { principals: 3, percent: 100 } };

describe('losses', () => {
  test('by policy, dates, the tree and without a cause count together', () => {
    const plan = losing(['p1', 'd1', 't1', 'x1'], THREE);
    expect(heldNames(plan)).toEqual(['d1', 'p1', 't1', 'x1']);
    expect(plan.refusals.map(({ message }) => message)).toEqual([
      'd1@example.com, p1@example.com, t1@example.com, x1@example.com'.replace(/^/, '4 would lose access: ') +
        '. The limit is 3: the smaller of 3 and 100 % of the 4 with rows, at least 1',
    ]);
  });

  test('of each pool are within the limit by themselves', () => {
    expect(heldNames(losing(['p1', 'p2', 'p3', 'n1', 'n2', 'n3', 'r1', 'r2', 'r3'], THREE))).toEqual([]);
  });

  test('by drift are held without those by policy, in words that name who gave it', () => {
    const plan = losing(['p1', 'r1', 'r2', 'r3', 'r4'], THREE);
    expect(heldNames(plan)).toEqual(['r1', 'r2', 'r3', 'r4']);
    expect(plan.refusals).toHaveLength(1);
    expect(plan.refusals[0]?.message).toContain('4 would lose what someone else gave them (drift): r1@example.com,');
    expect(plan.refusals[0]?.remedy).toContain('let the policy agree with what someone else did');
  });

  test('of newcomers are held by themselves', () => {
    const plan = losing(['p1', 'n1', 'n2', 'n3', 'n4'], THREE);
    expect(heldNames(plan)).toEqual(['n1', 'n2', 'n3', 'n4']);
    expect(plan.refusals[0]?.message).toContain(
      '4 who were not in the account before (newcomers) would lose access: n1@example.com,',
    );
  });

  test('may be held in several pools: each has a refusal, and each part is held', () => {
    const plan = losing(['p1', 'p2', 'p3', 'p4', 'r1', 'r2', 'r3', 'r4'], THREE);
    expect(plan.refusals.map(({ rule }) => rule)).toEqual(['revoke-limit', 'revoke-limit']);
    expect(heldNames(plan)).toEqual(['p1', 'p2', 'p3', 'p4', 'r1', 'r2', 'r3', 'r4']);
    expect(plan.changes).toEqual([]);
  });

  test('the share is one of those who hold rows without drift and newcomers', () => {
    const quarter = { revokes: { principals: 100, percent: 25 } };
    // Twelve hold rows, and four of them only by drift: a quarter of eight is two.
    const plan = losing(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'r1', 'r2', 'n1', 'n2'], quarter);
    expect(plan.refusals[0]?.message).toContain('The limit is 2: the smaller of 100 and 25 % of the 8 with rows');
    // Who holds rows by drift counts among those who may lose them again.
    const drift = losing(['r1', 'r2', 'r3', 'r4'], quarter, ['p1', 'p2', 'p3', 'p4']);
    expect(drift.refusals[0]?.message).toContain('The limit is 2: the smaller of 100 and 25 % of the 8 with rows');
  });
});

test('whose rows others took count as holders, so that this makes no share of a merge smaller', () => {
  const names = ['p1', 'p2', 'x1', 'x2', 'x3', 'x4'];
  const accesses = [
    ...people(names, { 'project:#4001': 'viewer' }),
    { access: 300, user: 'r1@example.com' },
    { access: 301, user: 'r2@example.com' },
  ];
  const stay = [...names.slice(2), 'r1', 'r2'].map((name) => `${name}@example.com`);
  const grants = [
    { to: stay, resource: 'project:Checkout', level: 'viewer' as const },
    { to: ['p1@example.com', 'p2@example.com'], resource: 'project:#999', level: 'viewer' as const },
  ];
  const limits = { revokes: { principals: 100, percent: 25 } };
  expect(heldNames(planOf({ policy: { grants, limits }, actual: buildAccount({ accesses }) }))).toEqual([]);
});

describe('gains', () => {
  const two = { gains: { principals: 2, percent: null }, newAdmins: 1 };
  const gaining = (names: readonly string[], resource: string) =>
    planOf({
      policy: { grants: [{ to: names.map((name) => `${name}@example.com`), resource, level: 'admin' }], limits: two },
      actual: buildAccount({ accesses: people(names, {}) }),
    });

  test('that give back what someone took are a pool of their own', () => {
    expect(heldNames(gaining(['p1', 'p2', 'r1', 'r2'], 'project:Checkout'))).toEqual([]);
    const plan = gaining(['p1', 'r1', 'r2', 'r3'], 'project:Checkout');
    expect(heldNames(plan)).toEqual(['r1', 'r2', 'r3']);
    expect(plan.refusals[0]?.message).toContain('3 would get back what someone else took from them (drift): r1');
  });

  test('of newcomers are a pool of their own', () => {
    const plan = gaining(['p1', 'n1', 'n2', 'n3'], 'project:Checkout');
    expect(plan.refusals[0]?.message).toContain(
      '3 who were not in the account before (newcomers) would gain access: n1',
    );
  });

  test('count towards newAdmins by pool', () => {
    expect(heldNames(gaining(['p1', 'r1'], 'account'))).toEqual([]);
    const plan = gaining(['p1', 'r1', 'r2'], 'account');
    expect(heldNames(plan)).toEqual(['r1', 'r2']);
    expect(plan.refusals[0]?.message).toContain(
      '2 would get back account admin, which someone else took from them (drift): r1',
    );
    expect(gaining(['n1', 'n2'], 'account').refusals[0]?.message).toContain(
      '2 who were not in the account before (newcomers) would become account admin: n1',
    );
  });
});

describe('taking account admin back', () => {
  const rogues = ['r1', 'r2', 'r3', 'r4'];
  const limits = { revokes: { principals: 1, percent: 100 }, admins: 1 };
  const boss: AccessSpec = { access: 1, user: 'boss@example.com', rows: { account: 'admin' } };
  const grants = [
    { to: 'boss@example.com', resource: 'account', level: 'admin' as const },
    ...rogues.map((name) => ({ to: `${name}@example.com`, resource: 'project:#999', level: 'viewer' as const })),
  ];
  const remembered = (wasAccountAdmin: boolean) =>
    new Map(
      rogues.map((_, index) => [
        100 + index,
        { access: 100 + index, emailHash: null, rowsHash: '0'.repeat(16), wasAccountAdmin },
      ]),
    );
  const plan = (restraints: Partial<Restraints>, rows: AccessSpec['rows'] = { account: 'admin' }) =>
    planOf({
      policy: { grants, limits },
      actual: buildAccount({ accesses: [boss, ...people(rogues, rows)] }),
      restraints,
    });

  test('from those who got it by drift counts towards nothing', () => {
    expect(heldNames(plan({ remembered: remembered(false) }))).toEqual([]);
  });

  test('counts where they were account admin before, or are not remembered', () => {
    expect(heldNames(plan({ remembered: remembered(true) }))).toEqual(rogues);
    expect(heldNames(plan({}))).toEqual(rogues);
  });

  test('frees no other row of theirs', () => {
    const both = plan({ remembered: remembered(false) }, { account: 'admin', 'domain:#7001': 'admin' });
    expect(both.changes.map(({ resource }) => resource.type)).toEqual(['account', 'account', 'account', 'account']);
    expect(both.held.flatMap(({ changes }) => changes.map(({ resource }) => resource.type))).toEqual([
      'domain',
      'domain',
      'domain',
      'domain',
    ]);
  });

  test('is what the fallback policy does, and it does nothing else', () => {
    const both = plan({ remembered: remembered(false), fallback: true }, { account: 'admin', 'domain:#7001': 'admin' });
    expect(both.changes.map(({ resource }) => resource.type)).toEqual(['account', 'account', 'account', 'account']);
    expect(new Set(both.deferred.map(({ change, reason }) => `${change.resource.type} ${reason}`))).toEqual(
      new Set(['domain fallback']),
    );
    expect(plan({ remembered: remembered(true), fallback: true }).changes).toEqual([]);
    expect(plan({ fallback: true }).changes).toEqual([]);
  });

  test('does not leave fewer account admins than must remain', () => {
    const alone = planOf({
      policy: { grants: grants.slice(1), limits: { ...limits, admins: 2 } },
      actual: buildAccount({ accesses: people(rogues, { account: 'admin' }) }),
      restraints: { remembered: remembered(false) },
    });
    expect(alone.refusals.map(({ rule }) => rule)).toEqual(['last-admins']);
  });
});

test('what ended long ago and someone else gave again counts as drift, though its end was known', () => {
  const names = ['r1', 'r2'];
  const policy = {
    limits: { revokes: { principals: 1, percent: 100 } },
    grants: names.map((name) => ({
      to: `${name}@example.com`,
      resource: 'project:Checkout',
      level: 'viewer' as const,
      until: '2026-11-20',
    })),
  };
  const actual = buildAccount({ accesses: people(names, { 'project:#4001': 'viewer' }) });
  const since = Date.parse('2026-10-01T00:00:00Z');
  const ends = ['2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'].map((end) => Date.parse(end));
  const known = ['r1', 'r2', 'd1', 'd2'].map((name) => principalHash({ email: `${name}@example.com` }));
  const restraints = { knownEnds: known.flatMap((principal) => ends.map((end) => ({ principal, end, since }))) };
  expect(heldNames(planOf({ policy, actual, restraints }))).toEqual(names);
  const byDate = buildAccount({ accesses: people(['d1', 'd2'], { 'project:#4001': 'viewer' }) });
  const dated = { ...policy, grants: policy.grants.map((grant) => ({ ...grant, to: grant.to.replace('r', 'd') })) };
  expect(heldNames(planOf({ policy: dated, actual: byDate, restraints }))).toEqual([]);
});
