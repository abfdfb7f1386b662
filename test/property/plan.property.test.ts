import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { diffStates } from '../../src/core/diff/diff-states.ts';
import type { ActualState } from '../../src/core/domain/account/actual-state.ts';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceNode,
} from '../../src/core/domain/account/resource-tree.ts';
import type { Difference } from '../../src/core/domain/plan/plan.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { ACCOUNT } from '../support/arbitrary/policy.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import {
  applyChanges,
  declaredRows,
  effective,
  everybody,
  isLeftOut,
  isLosingUnlisted,
  isNamed,
  isObserved,
  isSpokenAbout,
  isUnresolved,
  keyOf,
  type RowMap,
  shieldedFrom,
} from '../support/oracle.ts';
import { holds, SEED } from './runs.ts';

function planOf({ policy, actual, now }: World): Difference {
  return diffStates(bindPolicy(resolvePolicy(policy), actual, now), actual);
}

const tame = arbitraryWorld('tame');
const messy = arbitraryWorld('messy');

describe(`over random worlds (seed ${SEED})`, () => {
  it('where every row may be written, applying the plan makes effective access exactly what is entitled', () => {
    holds(tame, (world) => {
      const after = applyChanges(world.actual, planOf(world).changes);
      for (const { access, name, rows } of everybody(after)) {
        const isUnlisted = isLosingUnlisted(world.policy, name, world.now) && isOrdinary(world, access);
        if (!isNamed(world.policy, name, world.now) && !isUnlisted) continue;
        const had = everybody(world.actual).find((one) => one.access === access)?.rows ?? new Map();
        const entitled = isUnlisted
          ? shieldedFrom(world.policy, name, world.actual.tree, world.now, had)
          : declaredRows(world.policy, name, world.actual.tree, world.now);
        for (const node of world.actual.tree.nodes)
          expect(effective(rows, node), keyOf(node)).toBe(effective(entitled, node));
      }
    });
  });

  it('what differs from the entitlement after applying is said: unmanageable, deferred, observed, or additive', () => {
    holds(messy, (world) => {
      const plan = planOf(world);
      const said = new Set([
        ...plan.unmanageable.map((item) => item.access),
        ...plan.deferred.map((item) => item.change.access),
        ...plan.observed.map((item) => item.access),
      ]);
      const after = applyChanges(world.actual, plan.changes);
      for (const { access, name, rows } of everybody(after)) {
        if (!isNamed(world.policy, name, world.now) || said.has(access)) continue;
        const entitled = declaredRows(world.policy, name, world.actual.tree, world.now);
        for (const node of world.actual.tree.nodes.filter((one) =>
          isSpokenAbout(one, world.policy, world.actual.tree),
        )) {
          const [got, want] = [effective(rows, node), effective(entitled, node)];
          const fromExcluded = world.actual.tree.nodes.some(
            (up) => !isSpokenAbout(up, world.policy, world.actual.tree) && (rows.get(keyOf(up)) ?? 0) > want,
          );
          if (world.policy.mode === 'additive' || fromExcluded) expect(got).toBeGreaterThanOrEqual(want);
          else expect(got, `${JSON.stringify(name)} on ${keyOf(node)}`).toBe(want);
        }
      }
    });
  });

  it('the plan after it is empty', () => {
    holds(messy, (world) => {
      const after = applyChanges(world.actual, planOf(world).changes);
      expect(planOf({ ...world, actual: after }).changes).toEqual([]);
    });
  });

  it('stopping after any row leaves nobody with less than the lower of before and after', () => {
    holds(messy, (world) => {
      const { changes } = planOf(world);
      const before = new Map(everybody(world.actual).map((one) => [one.access, one.rows]));
      const after = new Map(everybody(applyChanges(world.actual, changes)).map((one) => [one.access, one.rows]));
      for (const access of before.keys()) {
        const own = changes.filter((change) => change.access === access);
        for (let cut = 0; cut <= own.length; cut += 1) {
          const midway = everybody(applyChanges(world.actual, own.slice(0, cut))).find((one) => one.access === access);
          for (const node of world.actual.tree.nodes) {
            const least = Math.min(at(before.get(access), node), at(after.get(access), node));
            expect(at(midway?.rows, node)).toBeGreaterThanOrEqual(least);
          }
        }
      }
    });
  });

  it('nobody loses what the running grants entitle to, on the way or at the end, but for what is ignored or observed', () => {
    holds(messy, (world) => {
      const after = new Map(
        everybody(applyChanges(world.actual, planOf(world).changes)).map((one) => [one.access, one.rows]),
      );
      for (const { access, name, rows } of everybody(world.actual)) {
        const entitled = declaredRows(world.policy, name, world.actual.tree, world.now);
        for (const node of world.actual.tree.nodes) {
          if (isLeftOut(node, name, world.policy, world.actual.tree)) continue;
          const had = Math.min(effective(rows, node), effective(entitled, node));
          expect(at(after.get(access), node)).toBeGreaterThanOrEqual(had);
        }
      }
    });
  });

  it('takes nothing from any token while none can be recognized as its own', () => {
    holds(messy, (world) => {
      const apiTokens = world.actual.apiTokens?.map((token) => ({ ...token, isOwnToken: false })) ?? null;
      const { changes } = planOf({ ...world, actual: { ...world.actual, apiTokens } });
      const taken = changes.filter(({ principal, before, after }) => principal.kind === 'token' && after < before);
      expect(taken).toEqual([]);
    });
  });

  it('touches nothing that it must never write', () => {
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      for (const change of planOf(world).changes) {
        const who = everybody(actual).find((one) => one.access === change.access);
        const listed = actual.accesses.find((one) => one.access === change.access);
        const node = actual.tree.find(change.resource);
        const mayLose = change.after < change.before && who && isLosingUnlisted(policy, who.name, now);
        expect(who && (isNamed(policy, who.name, now) || mayLose), 'named').toBe(true);
        expect([...(who?.rows.values() ?? [])], 'no owner').not.toContain(1000);
        expect(listed?.canUpdate ?? true, 'may be updated').toBe(true);
        expect(
          actual.apiTokens?.some((token) => token.isOwnToken && token.tokenId === 55 && change.access === 500),
          'own token',
        ).toBe(false);
        expect(node && isSpokenAbout(node, policy, actual.tree), 'managed').toBe(true);
        expect(node && who && isObserved(node, who.name, policy, actual.tree), 'observed').toBe(false);
        expect(node?.tokenLevel ?? 0, 'administered').toBeGreaterThanOrEqual(100);
        expect(['account', 'billing', 'campaigns', 'project', 'inbox', 'domain']).toContain(change.resource.type);
        expect([0, 10, 100], 'a level that can be written').toContain(change.after);
        expect([0, 1, 10, 50, 100], 'a level that is known').toContain(change.before);
        if (change.before === 50) expect([0, 100], 'a 50 is no viewer').toContain(change.after);
        if (change.before === 1) expect(change.after, 'a 1 is never removed').toBeGreaterThan(1);
        if (change.after < change.before) {
          const email = who && 'email' in who.name ? who.name.email : '';
          expect(
            policy.protected.some((one) => 'email' in one && one.email === email),
            'protected',
          ).toBe(false);
          expect(policy.mode, 'additive takes nothing').not.toBe('additive');
          expect(email.startsWith('bob@') && policy.ignore.people.length > 0, 'ignored').toBe(false);
        }
      }
    });
  });

  it('a name that is unresolved takes nothing from those whom its grant reaches on that type and below', () => {
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      const lost = planOf(world).changes.filter((change) => change.after < change.before);
      for (const change of lost) {
        const who = everybody(actual).find((one) => one.access === change.access);
        const running = policy.grants.filter(
          (grant) =>
            who &&
            declaredRows(
              { ...policy, grants: [{ ...grant, gives: { resources: [EVERYTHING] }, except: [] }] },
              who.name,
              actual.tree,
              now,
            ).size > 0,
        );
        const wants = running.flatMap((grant) =>
          'resources' in grant.gives ? grant.gives.resources : (policy.roles[0]?.resources ?? []),
        );
        const unresolved = wants
          .filter((want) => isUnresolved(want.resource, actual.tree))
          .map((want) => want.resource.selector.type);
        expect(unresolved).not.toContain(change.resource.type);
        expect(running.flatMap((grant) => grant.except).some((ref) => isUnresolved(ref, actual.tree))).toBe(false);
      }
    });
  });

  it('the order of what was read never changes a byte', () => {
    holds(messy, (world) => {
      const turned = { ...world, actual: turnAround(world.actual) };
      expect(JSON.stringify(planOf(turned))).toBe(JSON.stringify(planOf(world)));
    });
  });

  it('where every row may be written, no smaller set of changes would do', () => {
    holds(tame, (world) => {
      const { changes } = planOf(world);
      const nodes = world.actual.tree.nodes;
      for (const { access, name, rows } of everybody(world.actual)) {
        if (!isNamed(world.policy, name, world.now)) continue;
        const entitled = declaredRows(world.policy, name, world.actual.tree, world.now);
        const fewest = fewestChanges(rows, entitled, nodes);
        expect(changes.filter((change) => change.access === access).length, JSON.stringify(name)).toBe(fewest);
      }
    });
  });
});

/** Somebody of whom every row may be written. */
function isOrdinary({ actual, policy }: World, access: number): boolean {
  const listed = actual.accesses.find((one) => one.access === access);
  if (!listed?.canUpdate || listed.isOwnToken || listed.rows.some((row) => row.level === 1000)) return false;
  const { principal } = listed;
  return principal.kind !== 'token' && !policy.protected.some((one) => 'email' in one && one.email === principal.email);
}

const EVERYTHING = {
  resource: { text: 'account', selector: { type: 'account' }, at: { file: '', line: 0, column: 0, length: 0 } },
  level: 'viewer',
} as const;

function at(rows: RowMap | undefined, node: ResourceNode): number {
  return rows ? effective(rows, node) : 0;
}

/** The fewest rows that must differ from what is held so that effective access equals the entitlement: every choice is tried, parents first. */
function fewestChanges(held: RowMap, entitled: RowMap, nodes: readonly ResourceNode[]): number {
  const rows = new Map(held);
  function search(index: number, changed: number, fewest: number): number {
    const node = nodes[index];
    if (changed >= fewest) return fewest;
    if (!node) return changed;
    const key = keyOf(node);
    const was = rows.get(key) ?? 0;
    let best = fewest;
    for (const level of new Set([was, 0, 10, 100])) {
      rows.set(key, level);
      if (effective(rows, node) === effective(entitled, node))
        best = search(index + 1, changed + (level === was ? 0 : 1), best);
    }
    rows.set(key, was);
    return best;
  }
  return search(0, 0, Number.POSITIVE_INFINITY);
}

/** The same account, listed in the opposite order everywhere. */
function turnAround(actual: ActualState): ActualState {
  const listed = (node: ResourceNode): ListedResource => ({
    type: node.type,
    id: node.id,
    name: node.name,
    tokenLevel: node.tokenLevel,
    children: [...actual.tree.childrenOf(node)].reverse().map(listed),
  });
  const root = listed(actual.tree.root);
  const tree = buildResourceTree(ACCOUNT, actual.tree.root.shown ? [root] : root.children);
  if (isTreeFault(tree)) throw new Error('turning a tree around broke it');
  return {
    ...actual,
    tree,
    accesses: [...actual.accesses].reverse().map((access) => ({ ...access, rows: [...access.rows].reverse() })),
  };
}
