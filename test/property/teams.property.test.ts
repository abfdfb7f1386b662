import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAccessLevel } from '../../src/core/domain/account/access-level.ts';
import { accountAfter } from '../../src/core/domain/account/account-after.ts';
import { effectiveLevel } from '../../src/core/domain/account/effective-access.ts';
import { emailHash } from '../../src/core/domain/account/remembered-access.ts';
import { nodeLabel, type ResourceNode } from '../../src/core/domain/account/resource-tree.ts';
import { rowsByNode } from '../../src/core/domain/account/rows-by-node.ts';
import type { Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import type { Grant, Policy } from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef } from '../../src/core/domain/policy/resource-ref.ts';
import type { Team } from '../../src/core/domain/policy/team.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { checkScope } from '../../src/core/validate/check-scope.ts';
import type { PolicyDraft } from '../../src/core/validate/read-policy.ts';
import { planToJson } from '../../src/report/plan/json.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { PEOPLE } from '../support/arbitrary/policy.ts';
import { arbitraryTwoPolicies, arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { expectSeen, holds, SEED } from './runs.ts';

const AT = { file: 'policy.yaml', line: 99, column: 1, length: 1 };

/** A root file whose grants have begun in part, and a file of a team that is valid with it. */
interface TeamWorld extends World {
  readonly team: Team;
  readonly grants: readonly Grant[];
  readonly restraints: Restraints;
}

/** Who had which access before, for the doubts about e-mails that were changed in Mailtrap. */
const remembering = fc.tuple(fc.boolean(), fc.array(fc.constantFrom(...PEOPLE, 'absent@x.test'), { maxLength: 5 }));

const teamWorld: fc.Arbitrary<TeamWorld> = fc
  .tuple(fc.oneof(arbitraryTwoPolicies('messy'), arbitraryTwoPolicies('tame')), remembering, fc.boolean())
  .map(([{ old, next, actual, now }, [remembersAll, hashes], isOpen]) => {
    const [role] = next.roles;
    const given = role?.resources ?? [];
    const team: Team = {
      name: 'checkout',
      file: 'teams/checkout.yaml',
      may: given.map(({ resource }) => resource),
      tokens: isOpen ? ['ci'] : [],
      upTo: given[0]?.level ?? 'viewer',
      at: AT,
    };
    const within = next.grants.map(
      (grant, index): Grant => ({
        ...grant,
        gives: { resources: team.may.map((resource) => ({ resource, level: team.upTo })) },
        at: { ...AT, file: team.file, line: 50 + index },
      }),
    );
    const drawn = [...within, ...next.grants].map((grant): Grant => ({ ...grant, team }));
    const policy: Policy = { ...old, teams: [team] };
    const grants = drawn.filter((grant) => isValid({ ...policy, grants: [grant] }));
    const remembered = new Map(
      actual.accesses.flatMap(({ access }, index) => {
        const email = hashes[index];
        return email === undefined
          ? []
          : [[access, { access, emailHash: emailHash(email), rowsHash: '', wasAccountAdmin: false }]];
      }),
    );
    // A raise that only the file asks for may prove a token, and then what waited for the proof is written.
    const provenPairs = [{ access: 500, tokenId: 55 }];
    const restraints = { ...NO_RESTRAINTS, provenPairs, remembered, remembersAll };
    return { policy, actual, now, team, grants, restraints };
  });

function isValid(policy: Policy): boolean {
  return [...checkScope({ policy } as PolicyDraft)].length === 0;
}

function planWith({ policy, actual, now, restraints }: TeamWorld, grants: readonly Grant[]): Plan {
  return makePlan(resolvePolicy({ ...policy, grants: [...policy.grants, ...grants] }), actual, now, restraints).plan;
}

/** Whether a resource is one that `may` names, or lies below one, by brute force. A name that fits none or several may mean any. */
function isInside(node: ResourceNode, { may }: Team, nodes: readonly ResourceNode[]): boolean {
  const chain: ResourceNode[] = [];
  for (let at: ResourceNode | null = node; at !== null; at = at.parent) chain.push(at);
  return may.some((ref) => {
    const named = nodes.filter((one) => fits(one, ref));
    const isExact = !ref.text.includes('*') && !ref.text.includes('#') && ref.text !== 'account';
    if (isExact && named.length !== 1) return chain.some(({ type }) => type === ref.selector.type);
    return chain.some((one) => named.includes(one));
  });
}

function fits(node: ResourceNode, { selector }: ResourceRef): boolean {
  if (node.type !== selector.type) return false;
  if (selector.type === 'account') return true;
  if ('id' in selector) return node.id === selector.id;
  if (!('name' in selector)) return true;
  if (!like(selector.name.text, node.name)) return false;
  return !('project' in selector) || (node.parent !== null && like(selector.project.text, node.parent.name));
}

function like(pattern: string, name: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[\\s\\S]*')}$`).test(name);
}

/** What each access reaches after a plan, on each resource. */
function reached({ actual }: TeamWorld, { changes }: Plan) {
  const { accesses, apiTokens, tree } = accountAfter(actual, changes);
  const holders = [
    ...accesses.map(({ access, rows }) => [`access ${access}`, rows] as const),
    ...(apiTokens ?? []).map(({ tokenId, rows }) => [`token ${tokenId}`, rows] as const),
  ];
  return new Map(
    holders.flatMap(([who, rows]) => {
      const own = rowsByNode(rows, tree);
      return tree.nodes.map((node) => [`${who} ${node.index}`, { who, node, level: effectiveLevel(own, node) }]);
    }),
  );
}

describe(`files of teams in random worlds (seed ${SEED})`, () => {
  it('nobody has more or less by a file outside its `may`, or above its `upTo`, than without it', () => {
    let changed = 0;
    holds(teamWorld, (world) => {
      const begun = world.policy.grants.some(({ from }) => from === null || from.at <= world.now);
      if (!begun || world.grants.length === 0) return;
      const [without, withFile] = [planWith(world, []), planWith(world, world.grants)];
      // A limit, `never` or a pause judges the file with the others: what it holds is no access that the file gave.
      if (withFile.refusals.some(({ rule }) => rule !== 'never')) return;
      const before = reached(world, without);
      for (const [key, { who, node, level }] of reached(world, withFile)) {
        const had = before.get(key)?.level ?? 0;
        if (level !== had) changed += 1;
        const most = isInside(node, world.team, world.actual.tree.nodes) ? toAccessLevel(world.team.upTo) : 0;
        expect(Math.max(level, most), `${who} on ${nodeLabel(node)}`).toBe(Math.max(had, most));
      }
    });
    expectSeen(changed, 50, 'rows that a file changed');
  });

  it('a policy says the same in a file that may decide everything', () => {
    holds(fc.oneof(arbitraryWorld('messy'), arbitraryWorld('tame')), ({ policy, actual, now }) => {
      const tokens = policy.tokens.map(({ name }) => name);
      const may = [{ text: 'account', selector: { type: 'account' } as const, at: AT }];
      const team: Team = { name: 'all', file: 'teams/all.yaml', may, tokens, upTo: 'admin', at: AT };
      const moved: Policy = {
        ...policy,
        teams: [team],
        grants: policy.grants.map((grant) => ({ ...grant, team })),
      };
      const [one, other] = [policy, moved].map((each) => {
        const resolved = resolvePolicy(each);
        const { plan } = makePlan(resolved, actual, now, NO_RESTRAINTS);
        return planToJson(plan);
      });
      expect(other).toEqual(one);
    });
  });
});
