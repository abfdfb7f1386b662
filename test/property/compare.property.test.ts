import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { comparePolicies } from '../../src/core/compare/compare-policies.ts';
import { diffStates } from '../../src/core/diff/diff-states.ts';
import type { ActualState } from '../../src/core/domain/account/actual-state.ts';
import { principalNameText } from '../../src/core/domain/account/principal.ts';
import type { ResourceNode } from '../../src/core/domain/account/resource-tree.ts';
import {
  type AccessShift,
  type Comparison,
  isSameEverywhere,
  type KnownLevel,
} from '../../src/core/domain/answer/comparison.ts';
import type { Change } from '../../src/core/domain/plan/plan.ts';
import type { Grant, MemberRef, Policy } from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef } from '../../src/core/domain/policy/resource-ref.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { simulateSwitch } from '../../src/run/reconcile/simulate-switch.ts';
import { arbitraryTwoPolicies, type TwoPolicies } from '../support/arbitrary/world.ts';
import {
  applyChanges,
  declaredRows,
  effective,
  everybody,
  keyOf,
  meant,
  type RowMap,
  reachOf,
} from '../support/oracle.ts';
import { expectSeen, holds, SEED } from './runs.ts';

const DAY_MS = 86_400_000;
const tame = arbitraryTwoPolicies('tame');
const messy = arbitraryTwoPolicies('messy');

function byText({ old, next, now }: Pick<TwoPolicies, 'old' | 'next' | 'now'>): Comparison {
  return comparePolicies({ old: resolvePolicy(old), next: resolvePolicy(next), at: now, onAccount: null });
}

function byAccount({ old, next, now, actual }: TwoPolicies): Comparison {
  const [before, after] = [resolvePolicy(old), resolvePolicy(next)];
  const onAccount = simulateSwitch(before, after, actual, now);
  return comparePolicies({ old: before, next: after, at: now, onAccount });
}

function changesOf(policy: Policy, actual: ActualState, now: number): readonly Change[] {
  return diffStates(bindPolicy(resolvePolicy(policy), actual, now), actual).changes;
}

// Each world is played through twice, so that on a busy machine this takes its time.
describe(`two policies over random worlds (seed ${SEED})`, { timeout: 300_000 }, () => {
  it('on an account: what the plan of the new one gives and takes, once the account is as the old one says', () => {
    holds(messy, (world) => {
      const { old, next, now, actual } = world;
      const before = applyChanges(actual, changesOf(old, actual, now));
      const after = new Map(
        everybody(applyChanges(before, changesOf(next, before, now))).map(({ access, rows }) => [access, rows]),
      );
      const { shifts } = byAccount(world);
      for (const { access, rows } of everybody(before)) {
        const told = shifts.filter((shift) => shift.access === access);
        if (isSameRows(rows, after.get(access))) {
          expect(told).toEqual([]);
          continue;
        }
        const found = actual.tree.nodes.flatMap((node): readonly string[] => {
          const [was, is] = [effective(rows, node), effective(after.get(access) ?? new Map(), node)];
          return was === is ? [] : [`${keyOf(node)} ${was}>${is}: ${verdictOn(nearest(told, node), was, is)}`];
        });
        expect(found.filter((line) => !line.endsWith('told'))).toEqual([]);
        expect(told.reduce((sum, { below }) => sum + 1 + below, 0)).toBe(found.length);
      }
      expect(shifts.every(({ before: was, after: is }) => was.level !== is.level)).toBe(true);
    });
  });

  it('a policy differs in nothing from itself, by its text and on any account', () => {
    holds(messy, (world) => {
      const same = { ...world, next: world.old };
      expect(isSameEverywhere(byText(same))).toBe(true);
      expect(isSameEverywhere(byAccount(same))).toBe(true);
    });
  });

  it('nor from itself in another order, without its groups and roles, and with one grant for each thing', () => {
    holds(messy, (world) => {
      const next = factoredOut(world.old);
      expect(isSameEverywhere(byText({ ...world, next }))).toBe(true);
      const { shifts, silent, statuses, ahead, terms } = byAccount({ ...world, next });
      expect([shifts, silent, statuses, ahead, terms].flat()).toEqual([]);
    });
  });

  it('where the texts tell no difference, no account and no later moment shows one', () => {
    let same = 0;
    const later = fc.tuple(messy, fc.integer({ min: 0, max: 9 }));
    holds(later, ([world, days]) => {
      if (!isSameEverywhere(byText(world))) return;
      same += 1;
      expect(byAccount({ ...world, now: world.now + days * DAY_MS }).shifts).toEqual([]);
    });
    expectSeen(same, 3);
  });

  it('where an account shows a difference, the texts tell one of that very name, or of its terms', () => {
    holds(messy, (world) => {
      const text = byText(world);
      const told = new Set(
        [...text.shifts, ...text.silent, ...text.statuses].map(({ name }) => principalNameText(name)),
      );
      if (text.terms.length > 0) return;
      for (const { name } of byAccount(world).shifts) expect(told).toContain(principalNameText(name));
    });
  });

  it('where every name fits one resource, each level that the texts tell is the one that the account shows', () => {
    holds(tame, (world) => {
      const { old, next, now, actual } = world;
      const { shifts, silent, statuses } = byText(world);
      for (const { name, resource, before, after } of shifts) {
        const [rows, rowsAfter] = [old, next].map((policy) => declaredRows(policy, name, actual.tree, now));
        for (const node of nodesOf(resource.label, world)) {
          expectWithin(effective(rows ?? new Map(), node), before);
          expectWithin(effective(rowsAfter ?? new Map(), node), after);
        }
      }
      const moved = new Set([...shifts, ...statuses].map(({ name }) => principalNameText(name)));
      for (const { name } of silent.filter((one) => !moved.has(principalNameText(one.name)))) {
        const [rows, rowsAfter] = [old, next].map((policy) => declaredRows(policy, name, actual.tree, now));
        for (const node of actual.tree.nodes)
          expect(effective(rowsAfter ?? new Map(), node)).toBe(effective(rows ?? new Map(), node));
      }
    });
  });
});

function expectWithin(found: number, { level, perhaps }: KnownLevel): void {
  expect(found).toBeGreaterThanOrEqual(level);
  expect(found).toBeLessThanOrEqual(perhaps?.level ?? level);
}

function isSameRows(rows: RowMap, others: RowMap | undefined): boolean {
  return JSON.stringify([...rows]) === JSON.stringify([...(others ?? [])]);
}

/** A gain may be told by a larger one above it that comes to the same level. */
function verdictOn(shift: AccessShift | undefined, was: number, is: number): string {
  if (!shift || shift.after.level !== is) return 'not told';
  return shift.before.level === was || (is > was && shift.before.level < was) ? 'told' : 'told otherwise';
}

/** The shift told on the resource, or on the nearest above it whose row reaches it. */
function nearest(shifts: readonly AccessShift[], node: ResourceNode): AccessShift | undefined {
  for (const at of reachOf(node)) {
    const found = shifts.find(({ resource }) => resource.id && keyOf(resource.id) === keyOf(at));
    if (found) return found;
  }
  return undefined;
}

/** What words of either policy mean in the account. Tame worlds have no `except`. */
function nodesOf(label: string, { old, next, actual }: TwoPolicies): readonly ResourceNode[] {
  const refs: readonly ResourceRef[] = [old, next].flatMap((policy) =>
    [
      ...policy.roles.flatMap(({ resources }) => resources),
      ...policy.grants.flatMap(({ gives }) => resourcesOf(gives)),
    ].map(({ resource }) => resource),
  );
  const ref = refs.find(({ text }) => text === label);
  return ref ? meant(ref, actual.tree) : [];
}

function resourcesOf(gives: Grant['gives']) {
  return 'resources' in gives ? gives.resources : [];
}

/** The same policy, written by somebody else: no group, no role, one grant for each name and each thing, all in reverse. */
function factoredOut(policy: Policy): Policy {
  const members = (to: readonly MemberRef[]): readonly MemberRef[] =>
    to.flatMap((ref) => {
      const { member } = ref;
      if (!('group' in member)) return [ref];
      return members(policy.groups.find(({ name }) => name === member.group)?.members ?? []);
    });
  const grants = policy.grants.flatMap((grant) => {
    const { gives } = grant;
    const resources =
      'resources' in gives ? gives.resources : (policy.roles.find(({ name }) => name === gives.role)?.resources ?? []);
    return members(grant.to).flatMap((to) =>
      resources.map(
        (granted): Grant => ({
          ...grant,
          to: [to],
          gives: { resources: [granted] },
          except: [...grant.except].reverse(),
        }),
      ),
    );
  });
  return {
    ...policy,
    groups: [],
    roles: [],
    grants: grants.reverse(),
    protected: [...policy.protected].reverse(),
    manage: policy.manage && [...policy.manage].reverse(),
    never: [...policy.never].reverse(),
  };
}
