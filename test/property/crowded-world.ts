import fc from 'fast-check';
import type { GrantLevel } from '../../src/core/domain/account/access-level.ts';
import { isWritableType } from '../../src/core/domain/account/resource.ts';
import type { ResourceNode } from '../../src/core/domain/account/resource-tree.ts';
import type { ResourceRef } from '../../src/core/domain/policy/resource-ref.ts';
import type { Place } from '../../src/core/domain/text/problem.ts';
import type { World } from './arbitrary-world.ts';

const CROWD = ['eve@x.test', 'joe@x.test', 'kim@x.test'];

/** The same world with up to three more people, many of them account admins, and a running grant for each. */
export function crowded(world: World): fc.Arbitrary<World> {
  const { actual, policy } = world;
  const nodes = actual.tree.nodes.filter(({ type }) => isWritableType(type) && type !== 'account');
  const root = fc.constant(actual.tree.root);
  const node = fc.oneof(root, nodes.length > 0 ? fc.constantFrom(...nodes) : root);
  const row = fc.record({ node, level: fc.constantFrom(100, 100, 10) });
  const want = fc.record({ node, level: fc.constantFrom<GrantLevel>('admin', 'viewer') });
  const person = fc.record({
    rows: fc.uniqueArray(row, { maxLength: 3, selector: (drawn) => drawn.node }),
    wants: fc.array(want, { minLength: 1, maxLength: 3 }),
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
    const grants = people.map(({ wants }, index) => ({
      to: [{ member: { email: CROWD[index] ?? '' }, at }],
      gives: { resources: wants.map((drawn) => ({ resource: refTo(drawn.node, at), level: drawn.level })) },
      except: [],
      from: null,
      until: null,
      reason: null,
      at,
    }));
    return {
      ...world,
      actual: { ...actual, accesses: [...actual.accesses, ...accesses] },
      policy: { ...policy, grants: [...policy.grants, ...grants] },
    };
  });
}

function refTo({ type, id }: ResourceNode, at: Place): ResourceRef {
  if (type === 'project' || type === 'inbox' || type === 'domain') {
    return { text: `${type}:#${id}`, selector: { type, id }, at };
  }
  if (type === 'billing' || type === 'campaigns') return { text: type, selector: { type }, at };
  return { text: 'account', selector: { type: 'account' }, at };
}
