import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { diffStates } from '../../src/core/diff/diff-states.ts';
import { accountAfter } from '../../src/core/domain/account/account-after.ts';
import type { ActualState } from '../../src/core/domain/account/actual-state.ts';
import { NO_ACCESS_MEMORY, rowsHash } from '../../src/core/domain/account/remembered-access.ts';
import { endsAccountAdmin, isGain, makesAccountAdmin } from '../../src/core/domain/plan/batch.ts';
import { CHANGE_CAUSES, type ChangeCause } from '../../src/core/domain/plan/change-cause.ts';
import { changeKey, requestedChanges } from '../../src/core/domain/plan/change-key.ts';
import type { Change, Difference, GuardRule, Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../src/core/domain/policy/entitlement.ts';
import { guardPlan } from '../../src/core/guard/guard-plan.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { accessesAfter } from '../../src/daemon/remember-accesses.ts';
import { accessesById } from '../../src/run/reconcile/judge-outcomes.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryTwoPolicies } from '../support/arbitrary/world.ts';
import { holds, SEED } from './runs.ts';

const OLD = 'a'.repeat(64);
const DAY_MS = 24 * 60 * 60 * 1000;
const LIMITS: readonly GuardRule[] = ['revoke-limit', 'gain-limit', 'admin-limit'];

type Cause = ChangeCause | undefined;
const isOrdinary = (cause: Cause) => cause !== 'drift' && cause !== 'newcomer';
/** What counts together, said in another way than the product does. */
const POOLS = [isOrdinary, (cause: Cause) => cause === 'drift', (cause: Cause) => cause === 'newcomer'];

/** An account that was settled by one policy; then others changed rows of it, and another policy came. */
interface Course {
  readonly old: ResolvedPolicy;
  readonly next: ResolvedPolicy;
  readonly settled: ActualState;
  readonly actual: ActualState;
  readonly settledAt: number;
  readonly now: number;
  readonly restraints: Restraints;
}

const course: fc.Arbitrary<Course> = fc
  .record({
    two: arbitraryTwoPolicies('messy'),
    principals: fc.integer({ min: 0, max: 3 }),
    percent: fc.integer({ min: 0, max: 100 }),
    gains: fc.integer({ min: 1, max: 3 }),
    newAdmins: fc.integer({ min: 0, max: 2 }),
    days: fc.integer({ min: 0, max: 3 }),
    isSameText: fc.boolean(),
    drift: fc.array(fc.record({ who: fc.nat(), what: fc.nat(), level: fc.constantFrom(0, 10, 100) }), { maxLength: 6 }),
    isForgotten: fc.boolean(),
  })
  .map(({ two, principals, percent, gains, newAdmins, days, isSameText, drift, isForgotten }) => {
    const limits = {
      ...two.old.limits,
      revokes: { principals, percent },
      gains: { principals: gains, percent: null },
      newAdmins,
    };
    const old = resolvePolicy({ ...two.old, limits });
    const next = isSameText ? old : resolvePolicy({ ...two.next, limits });
    const settled = settledBy(old, two.actual, two.now);
    const actual = driftedFrom(settled, drift);
    const planned = makePlan(old, settled, two.now, NO_RESTRAINTS);
    const memory = accessesAfter(NO_ACCESS_MEMORY, {
      reads: [{ plan: planned.plan, accesses: () => accessesById(planned) }],
      result: { kind: 'not-written', plan: planned.plan },
      resolved: old,
      revision: { sha256: OLD, commit: null },
    });
    const restraints: Restraints = {
      ...NO_RESTRAINTS,
      ...(isForgotten ? { ...memory, remembered: new Map([...memory.remembered].slice(1)) } : memory),
      texts: new Map([[OLD, old]]),
    };
    return { old, next, settled, actual, settledAt: two.now, now: two.now + days * DAY_MS, restraints };
  });

/** As the account is once everything is written that the policy asks for. */
function settledBy(policy: ResolvedPolicy, actual: ActualState, now: number): ActualState {
  return accountAfter(actual, diffStates(bindPolicy(policy, actual, now), actual).changes);
}

function driftedFrom(
  settled: ActualState,
  drift: readonly { readonly who: number; readonly what: number; readonly level: number }[],
): ActualState {
  const { accesses, tree } = settled;
  const rowsOf = new Map(accesses.map(({ access, rows }) => [access, rows]));
  for (const { who, what, level } of drift) {
    const access = accesses[who % Math.max(1, accesses.length)]?.access;
    const node = tree.nodes[what % Math.max(1, tree.nodes.length)];
    const had = access === undefined ? undefined : rowsOf.get(access);
    if (access === undefined || node === undefined || had === undefined) continue;
    const others = had.filter((row) => row.type !== node.type || row.id !== node.id);
    rowsOf.set(access, level === 0 ? others : [...others, { type: node.type, id: node.id, level }]);
  }
  return { ...settled, accesses: accesses.map((one) => ({ ...one, rows: rowsOf.get(one.access) ?? one.rows })) };
}

function planOf({ next, actual, now, restraints }: Course, memory: Restraints = restraints): Plan {
  return makePlan(next, actual, now, memory).plan;
}

function textOf({ cause: _, ...change }: Change): string {
  return JSON.stringify(change);
}

function namesOf(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.map(({ principal }) => ('email' in principal ? principal.email.toLowerCase() : `token ${principal.name}`)),
  );
}

describe(`causes in random worlds (seed ${SEED})`, () => {
  it('memory names causes and neither adds nor removes a change', () => {
    holds(course, (one) => {
      const [known, unknown] = [planOf(one), planOf(one, NO_RESTRAINTS)].map((plan) =>
        requestedChanges(plan).map(textOf).sort(),
      );
      expect(known).toEqual(unknown);
    });
  });

  it('every change has a cause, and drift is what the older text would change as well, on rows that are others', () => {
    holds(course, (one) => {
      const { old, settled, actual, settledAt, restraints } = one;
      const asked = diffStates(bindPolicy(old, actual, settledAt), actual);
      const olds = new Set([...asked.changes, ...asked.deferred.map(({ change }) => change)].map(changeKey));
      const before = new Map(settled.accesses.map(({ access, rows }) => [access, rowsHash(rows)]));
      const after = new Map(actual.accesses.map(({ access, rows }) => [access, rowsHash(rows)]));
      const isWrong = (change: Change) => {
        if (change.cause === undefined) return restraints.remembered.size > 0 || restraints.remembersAll;
        const isSame = before.get(change.access) === after.get(change.access);
        if (change.cause === 'drift') return !olds.has(changeKey(change)) || isSame;
        return change.cause === 'newcomer' && restraints.remembered.has(change.access);
      };
      expect(requestedChanges(planOf(one)).filter(isWrong)).toEqual([]);
    });
  });

  it('a change that only the newer text asks for is by policy, whatever others did', () => {
    holds(course, (one) => {
      const { old, actual, settledAt, now, restraints } = one;
      const olds = new Set(
        [settledAt, now].flatMap((at) => diffStates(bindPolicy(old, actual, at), actual).changes.map(changeKey)),
      );
      const isOfNext = (change: Change) => restraints.remembered.has(change.access) && !olds.has(changeKey(change));
      const causes = planOf(one).changes.filter(isOfNext);
      expect(causes.filter(({ cause }) => cause !== 'policy')).toEqual([]);
    });
  });

  it('in each pool no more lose, gain or become account admin than the limit says; only admin by drift is free', () => {
    holds(course, (one) => {
      const { changes } = planOf(one);
      const { revokes, gains, newAdmins } = one.next.policy.limits;
      const isFree = (change: Change) =>
        change.cause === 'drift' &&
        endsAccountAdmin(change) &&
        one.restraints.remembered.get(change.access)?.wasAccountAdmin === false;
      for (const isOfPool of POOLS) {
        const own = changes.filter(({ cause }) => isOfPool(cause));
        const losers = namesOf(own.filter((change) => !isGain(change) && !isFree(change)));
        expect(losers.size).toBeLessThanOrEqual(Math.max(1, revokes.principals));
        expect(namesOf(own.filter(isGain)).size).toBeLessThanOrEqual(gains.principals);
        expect(namesOf(own.filter(makesAccountAdmin)).size).toBeLessThanOrEqual(newAdmins);
      }
    });
  });

  it('what others do holds nothing that the policy asks for', () => {
    const caused = fc.tuple(course, fc.infiniteStream(fc.constantFrom(...CHANGE_CAUSES)));
    holds(caused, ([one, causes]) => {
      const desired = bindPolicy(one.next, one.actual, one.now);
      const found = diffStates(desired, one.actual);
      const difference: Difference = {
        ...found,
        // A raise of a token by another cause may be what lets a loss of it pass.
        changes: found.changes.map((change) => ({
          ...change,
          cause: change.principal.kind === 'token' ? 'policy' : (causes.next().value ?? 'policy'),
        })),
      };
      const own = difference.changes.filter(({ cause }) => isOrdinary(cause));
      const repaired = accountAfter(
        one.actual,
        difference.changes.filter(({ cause }) => !isOrdinary(cause)),
      );
      const beside = heldByLimits(guardPlan({ ...inputOf(one), difference, desired, actual: one.actual }));
      const alone = heldAtAll(
        guardPlan({
          ...inputOf(one),
          difference: { ...difference, changes: own },
          desired: bindPolicy(one.next, repaired, one.now),
          actual: repaired,
        }),
      );
      expect(own.filter((change) => beside.has(changeKey(change)) && !alone.has(changeKey(change)))).toEqual([]);
    });
  });
});

function inputOf({ next, restraints }: Course) {
  return { resolved: next, restraints };
}

/** A part is one access, so a limit can be one of its rules although another rule holds the change. */
function heldAtAll({ held }: Plan): ReadonlySet<string> {
  return new Set(held.flatMap(({ changes }) => changes.map(changeKey)));
}

function heldByLimits({ held }: Plan): ReadonlySet<string> {
  const parts = held.filter(({ rules }) => rules.some((rule) => LIMITS.includes(rule)));
  return new Set(parts.flatMap(({ changes }) => changes.map(changeKey)));
}
