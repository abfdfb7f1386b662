import fc from 'fast-check';
import type { GrantLevel } from '../../../src/core/domain/account/access-level.ts';
import { isWritableType } from '../../../src/core/domain/account/resource.ts';
import type { ResourceNode } from '../../../src/core/domain/account/resource-tree.ts';
import { toNamePattern } from '../../../src/core/domain/policy/name-pattern.ts';
import type { Limits, Policy } from '../../../src/core/domain/policy/policy.ts';
import type { ResourceRef } from '../../../src/core/domain/policy/resource-ref.ts';
import type { Place } from '../../../src/core/domain/text/problem.ts';
import { ACCOUNT } from './policy.ts';
import type { World } from './world.ts';

const CROWD = ['eve@x.test', 'joe@x.test', 'kim@x.test'];

/** The same world with up to three more people, many of them account admins, and a running grant for each. */
export function crowded(world: World): fc.Arbitrary<World> {
  const { actual, policy } = world;
  const nodes = actual.tree.nodes.filter(({ type }) => isWritableType(type) && type !== 'account');
  const root = fc.constant(actual.tree.root);
  const node = fc.oneof(root, nodes.length > 0 ? fc.constantFrom(...nodes) : root);
  const row = fc.record({ node, level: fc.constantFrom(100, 100, 10) });
  const granted = fc.record({ node, level: fc.constantFrom<GrantLevel>('admin', 'viewer') });
  const person = fc.record({
    rows: fc.uniqueArray(row, { maxLength: 3, selector: (drawn) => drawn.node }),
    resources: fc.array(granted, { minLength: 1, maxLength: 3 }),
  });
  return fc.array(person, { maxLength: CROWD.length }).map((people): World => {
    const at = { file: 'policy.yaml', line: 40, column: 1, length: 1 };
    const accesses = people.map(({ rows }, index) => ({
      access: 110 + index,
      principal: { kind: 'user' as const, email: CROWD[index] ?? '' },
      rows: rows.map(({ node: { type, id }, level }) => ({ type, id, level })),
      canUpdate: true,
      isOwnToken: false,
    }));
    const grants = people.map(({ resources }, index) => ({
      to: [{ member: { email: CROWD[index] ?? '' }, at }],
      gives: { resources: resources.map((drawn) => ({ resource: refTo(drawn.node, at), level: drawn.level })) },
      except: [],
      from: null,
      until: null,
      reason: null,
      team: null,
      at,
    }));
    return {
      ...world,
      actual: { ...actual, accesses: [...actual.accesses, ...accesses] },
      policy: { ...policy, grants: [...policy.grants, ...grants] },
    };
  });
}

/** Few may lose or gain anything or become account admin, so that most plans are held in part. */
export const tightLimits = fc.record({
  principals: fc.integer({ min: 0, max: 3 }),
  gains: arbitraryGains(),
  newAdmins: fc.integer({ min: 0, max: 1 }),
});

/** The same world under such limits. */
export function limited(
  world: World,
  { principals, gains, newAdmins }: Pick<Limits, 'gains' | 'newAdmins'> & { readonly principals: number },
) {
  const { policy } = world;
  const revokes = { principals, percent: 100 };
  return { ...world, policy: { ...policy, limits: { ...policy.limits, revokes, gains, newAdmins } } };
}

/** How many may gain something: often anybody, so that the other limits are seen as well. */
export function arbitraryGains(): fc.Arbitrary<Limits['gains']> {
  return fc.record({
    principals: fc.constantFrom(100, 100, 3, 2, 1, 0),
    percent: fc.constantFrom(null, null, 100, 50, 20),
  });
}

/** The same world, where nobody with an e-mail may ever be admin of something that one of its grants gives as admin. */
export function forbidding(world: World, pick: number): World {
  const resources = world.policy.grants.flatMap(({ gives }) => ('resources' in gives ? gives.resources : []));
  const granted = resources.filter(({ level }) => level === 'admin')[pick % Math.max(1, resources.length)];
  if (granted === undefined) return world;
  const who = { kind: 'emails' as const, pattern: toNamePattern('*@*') };
  const rule = { who, whoText: '*@*', resource: granted.resource, level: 'admin' as const, at: granted.resource.at };
  return { ...world, policy: { ...world.policy, never: [...world.policy.never, rule] } };
}

/** What `never` goes by: to it a row on the account covers everything, campaigns too. */
export function forNever(level: number, rows: ReadonlyMap<string, number>): number {
  return Math.max(level, rows.get(`account#${ACCOUNT}`) ?? 0);
}

/** Whether a `never` rule of these worlds is about somebody. */
export function isForbidden({ whoText }: Policy['never'][number], email: string): boolean {
  return whoText === '*@*' || whoText === email.toLowerCase();
}

function refTo({ type, id }: ResourceNode, at: Place): ResourceRef {
  if (type === 'project' || type === 'inbox' || type === 'domain') {
    return { text: `${type}:#${id}`, selector: { type, id }, at };
  }
  if (type === 'billing' || type === 'campaigns') return { text: type, selector: { type }, at };
  return { text: 'account', selector: { type: 'account' }, at };
}
