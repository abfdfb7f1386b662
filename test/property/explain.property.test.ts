import { describe, expect, it } from 'vitest';
import { toAccessLevel } from '../../src/core/domain/account/access-level.ts';
import { nameOf, type PrincipalName, principalNameText } from '../../src/core/domain/account/principal.ts';
import type { ExplainedAccess, Reach, Reason } from '../../src/core/domain/answer/explanation.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { accessHolders } from '../../src/core/explain/access-holders.ts';
import { explainAccess } from '../../src/core/explain/explain-access.ts';
import { explainPrincipal } from '../../src/core/explain/explain-principal.ts';
import { indexDispositions } from '../../src/core/explain/row-dispositions.ts';
import { whoHas } from '../../src/core/explain/who-has.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { declaredRows, effective, everybody, isNamed, keyOf, type RowMap } from '../support/oracle.ts';
import { type ExpectedReason, expectedReasons, greatest } from './explain-oracle.ts';
import { holds, SEED } from './runs.ts';

const messy = arbitraryWorld('messy');

interface Explained {
  readonly explained: ExplainedAccess;
  readonly rows: RowMap;
  readonly entitled: RowMap;
  readonly isNamed: boolean;
  readonly name: PrincipalName;
}

/** Everybody of a world, explained on every resource of it, beside what the oracle says that they hold and should. */
function explainAll({ policy, actual, now }: World): readonly Explained[] {
  const planned = makePlan(resolvePolicy(policy), actual, now, NO_RESTRAINTS);
  return accessHolders(planned.desired, actual).map((holder) => {
    const name = nameOf(holder.principal);
    const found = everybody(actual).find((one) =>
      'token' in one.name
        ? holder.principal.kind === 'token' && holder.principal.name === one.name.token
        : one.access === holder.access,
    );
    if (!found) throw new Error('the oracle does not know an access');
    return {
      name,
      explained: explainAccess(holder, {
        actual,
        dispositionsOf: indexDispositions(planned.plan),
        nodes: actual.tree.nodes,
      }),
      rows: found.rows,
      entitled: declaredRows(policy, name, actual.tree, now),
      isNamed: isNamed(policy, name, now),
    };
  });
}

function reasonOf({ cause, on, covers }: Reason): ExpectedReason | null {
  if (cause.kind === 'offboarded') return null;
  const { kind, grant, level, groups, otherPaths } = cause;
  return {
    line: grant.line,
    kind,
    level: toAccessLevel(level),
    on: keyOf(on),
    covers,
    groups: groups.length,
    otherPaths,
  };
}

function mostOf({ level, perhaps }: Reach): number {
  return perhaps?.level ?? level;
}

describe(`explain, over random worlds (seed ${SEED})`, () => {
  it('agrees with a brute-force evaluator: what everybody holds and should hold, and every reason for it', () => {
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      const { tree } = actual;
      const all = explainAll(world);
      expect(all.length).toBe(actual.accesses.length + (actual.apiTokens?.length ?? 0));
      for (const { explained, rows, entitled, isNamed: named, name } of all) {
        const entitledNow: RowMap = named ? entitled : new Map();
        const told = explained.resources.map(({ resource, actual: has, entitled: entitlement, row }) => [
          ...[keyOf(resource), row, has.level, mostOf(has), entitlement.level, mostOf(entitlement)],
          ...[has, entitlement].map(({ level, by }) => (by === null) === (level === 0)),
        ]);
        const expected = tree.nodes.map((node) => [
          ...[keyOf(node), rows.get(keyOf(node)) ?? 0, effective(rows, node), greatest(rows, node)],
          ...[effective(entitledNow, node), greatest(entitledNow, node), true, true],
        ]);
        expect(told).toEqual(expected);
        const reasons = explained.resources.map((one) =>
          sorted(one.reasons.flatMap((reason) => reasonOf(reason) ?? [])),
        );
        const behind = tree.nodes.map((node) => sorted(expectedReasons(policy, name, node, tree, now)));
        expect(reasons, principalNameText(name)).toEqual(behind);
        const end = policy.ends.find((one) => 'email' in name && one.email === name.email);
        const isOver = end !== undefined && end.end.at <= now;
        const offboarded = explained.resources.map((one) =>
          one.reasons.some(({ cause }) => cause.kind === 'offboarded'),
        );
        expect(offboarded).toEqual(offboarded.map(() => isOver));
      }
    });
  });

  it('lists what concerns an access: where nothing is told, nothing is held or entitled by a row', () => {
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      const planned = makePlan(resolvePolicy(policy), actual, now, NO_RESTRAINTS);
      for (const { name, rows, entitled, isNamed: named } of explainAll(world)) {
        const { accesses } = explainPrincipal({ ...planned, resolved: resolvePolicy(policy), name, resource: null });
        const told = new Set(accesses?.flatMap((one) => one.resources.map(({ resource }) => keyOf(resource))));
        const concerned = [...rows.keys(), ...(named ? entitled.keys() : [])];
        expect(concerned.filter((key) => !told.has(key))).toEqual([]);
      }
    });
  });

  it('who agrees with explain: it lists exactly those who have or should have something, with the same reasons', () => {
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      const { desired, plan } = makePlan(resolvePolicy(policy), actual, now, NO_RESTRAINTS);
      const all = explainAll(world);
      for (const [index, answer] of whoHas({ desired, actual, plan, nodes: actual.tree.nodes }).entries()) {
        const expected = all.flatMap(({ explained }) => {
          const told = explained.resources[index];
          if (!told || Math.max(mostOf(told.actual), mostOf(told.entitled)) === 0) return [];
          return [
            JSON.stringify([explained.principal, explained.access, told.actual, told.reasons, told.dispositions]),
          ];
        });
        const listed = answer.holders.map(({ principal, access, actual: held, reasons, dispositions }) =>
          JSON.stringify([principal, access, held, reasons, dispositions]),
        );
        expect([...listed].sort()).toEqual([...expected].sort());
        expect(answer.without).toBe(all.length - listed.length);
      }
    });
  });
});

function sorted(reasons: readonly ExpectedReason[]): readonly ExpectedReason[] {
  return [...reasons].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
