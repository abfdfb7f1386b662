import fc from 'fast-check';
import type { AccountAccess, ActualState, ApiToken } from '../../../src/core/domain/account/actual-state.ts';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceTree,
} from '../../../src/core/domain/account/resource-tree.ts';
import type { GrantedResource, Policy } from '../../../src/core/domain/policy/policy.ts';
import { ACCOUNT, arbitraryPolicy, DAY_MS, NOW, PEOPLE, type Temper } from './policy.ts';

/** The id of grantd's own token. */
export const GRANTD_TOKEN_ID = 56;

/** A policy, an account and a moment: everything that a plan is a function of. */
export interface World {
  readonly policy: Policy;
  readonly actual: ActualState;
  readonly now: number;
}

export function arbitraryWorld(temper: Temper): fc.Arbitrary<World> {
  return fc
    .record({ tree: arbitraryTree(temper), time: fc.integer({ min: -3, max: 3 }) })
    .chain(({ tree, time }) =>
      fc
        .record({ actual: arbitraryAccount(tree, temper), policy: arbitraryPolicy(tree, temper) })
        .map(({ actual, policy }) => ({ actual, policy, now: NOW + time * DAY_MS })),
    );
}

/** Two policies of one account, at one moment. */
export interface TwoPolicies {
  readonly old: Policy;
  readonly next: Policy;
  readonly actual: ActualState;
  readonly now: number;
}

/** The new policy has most of its parts from the old one, so that the two are often nearly the same. */
export function arbitraryTwoPolicies(temper: Temper): fc.Arbitrary<TwoPolicies> {
  return fc.record({ tree: arbitraryTree(temper), time: fc.integer({ min: -3, max: 3 }) }).chain(({ tree, time }) =>
    fc
      .record({
        actual: arbitraryAccount(tree, temper),
        old: arbitraryPolicy(tree, temper),
        fresh: arbitraryPolicy(tree, temper),
        kept: fc.subarray([...PARTS], { minLength: 3 }),
        grants: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
        isNear: fc.boolean(),
      })
      .map(({ actual, old, fresh, kept, grants, isNear }) => {
        if (isNear) return { actual, old, next: withOtherLevel(old), now: NOW + time * DAY_MS };
        const parts = Object.fromEntries(PARTS.map((part) => [part, (kept.includes(part) ? old : fresh)[part]]));
        const mixed = [...old.grants, ...fresh.grants].filter((_, index) => grants.includes(index));
        const next: Policy = { ...old, ...parts, grants: kept.includes('grants') ? old.grants : mixed };
        return { actual, old, next: withUnlistedOf(next), now: NOW + time * DAY_MS };
      }),
  );
}

const PARTS = [
  'mode',
  'grants',
  'roles',
  'groups',
  'ends',
  'ignore',
  'manage',
  'protected',
  'unlisted',
  'never',
] as const;

/** The same but for one level, the first of the first role and grant: the least that two policies can differ by. */
function withOtherLevel(policy: Policy): Policy {
  const other = (resources: readonly GrantedResource[]) =>
    resources.map(
      (granted, index): GrantedResource =>
        index > 0 ? granted : { ...granted, level: granted.level === 'admin' ? 'viewer' : 'admin' },
    );
  return {
    ...policy,
    roles: policy.roles.map((role) => ({ ...role, resources: other(role.resources) })),
    grants: policy.grants.map((grant, index) =>
      index > 0 || 'role' in grant.gives ? grant : { ...grant, gives: { resources: other(grant.gives.resources) } },
    ),
  };
}

/** An additive policy takes no rows of unlisted principals. */
function withUnlistedOf(policy: Policy): Policy {
  return policy.mode === 'additive' ? { ...policy, unlisted: { ...policy.unlisted, revoke: 'nobody' } } : policy;
}

function arbitraryTree(temper: Temper): fc.Arbitrary<ResourceTree> {
  const name = temper === 'tame' ? fc.constant(null) : fc.option(fc.constantFrom('A', 'B', 'A*', 'Ä/x'), { nil: null });
  const level = temper === 'tame' ? fc.constant(100) : fc.constantFrom(100, 100, 100, 100, 10, 1000);
  const inboxLevel = temper === 'tame' ? fc.constant(100) : fc.constantFrom(100, 100, 10);
  const inboxes = fc.array(fc.record({ name, level: inboxLevel }), { maxLength: 2 });
  return fc
    .record({
      root: fc.constantFrom(
        'account' as const,
        'account' as const,
        temper === 'tame' ? ('account' as const) : ('projects' as const),
      ),
      projects: fc.array(fc.record({ name, level, inboxes }), { maxLength: temper === 'tame' ? 2 : 3 }),
      domains: fc.array(fc.record({ name, level }), { maxLength: 1 }),
      billing: fc.boolean(),
      campaigns: fc.integer({ min: 0, max: temper === 'tame' ? 1 : 2 }),
      odd: temper === 'tame' ? fc.constant(false) : fc.boolean(),
    })
    .map((shape) => {
      let id = 10;
      const node = (
        type: ListedResource['type'],
        own: { name: string | null; level: number },
        children: ListedResource[] = [],
      ) => {
        id += 1;
        return { type, id, name: own.name ?? `${type[0]}${id}`, tokenLevel: own.level, children };
      };
      const full = { name: null, level: 100 };
      const below: ListedResource[] = [
        ...shape.projects.map((project) =>
          node(
            'project',
            project,
            project.inboxes.map((inbox) => node('inbox', inbox)),
          ),
        ),
        ...shape.domains.map((domain) => node('domain', domain)),
        ...(shape.billing ? [node('billing', full)] : []),
        ...Array.from({ length: shape.campaigns }, () => node('campaigns', full)),
        ...(shape.odd ? [node('other/thing', full), node('templates', full)] : []),
      ];
      const root: ListedResource = { type: 'account', id: ACCOUNT, name: 'Account', tokenLevel: 100, children: below };
      const tree = buildResourceTree(ACCOUNT, shape.root === 'account' ? [root] : below);
      if (isTreeFault(tree)) throw new Error('the generator made a tree that is none');
      return tree;
    });
}

function arbitraryAccount(tree: ResourceTree, temper: Temper): fc.Arbitrary<ActualState> {
  const level =
    temper === 'tame'
      ? fc.constantFrom(10, 100, 1)
      : fc.constantFrom(10, 100, 10, 100, 10, 100, 10, 100, 50, 50, 1, 1, 1000, 30);
  const resources = tree.nodes.map(({ type, id }) => ({ type, id }));
  const unseen = { type: 'project' as const, id: 999 };
  const row = fc.record({
    resource: fc.constantFrom(...(temper === 'tame' ? resources : [...resources, unseen])),
    level,
  });
  const rows = fc
    .uniqueArray(row, { minLength: 1, maxLength: 6, selector: ({ resource }) => `${resource.type}${resource.id}` })
    .map((drawn) => drawn.map(({ resource, level: held }) => ({ ...resource, level: held })));
  const access = fc.record({
    kind: fc.constantFrom('user' as const, 'user' as const, 'invite' as const),
    email: fc.constantFrom(...PEOPLE, ...(temper === 'tame' ? [] : ['ANN@x.test', 'unlisted@x.test'])),
    rows,
    canUpdate: temper === 'tame' ? fc.constant(true) : fc.integer({ min: 0, max: 9 }).map((drawn) => drawn > 0),
  });
  return fc
    .record({
      accesses: fc.array(access, { minLength: 1, maxLength: 5 }),
      tokenRows: rows,
      own: fc.constantFrom(false, false, false, true),
    })
    .map(({ accesses, tokenRows, own }) => {
      const list: AccountAccess[] = accesses.map((drawn, index) => ({
        access: 100 + index,
        principal: { kind: drawn.kind, email: drawn.email },
        rows: drawn.rows,
        canUpdate: drawn.canUpdate,
        isOwnToken: false,
      }));
      const apiTokens: ApiToken[] = [
        { tokenId: 55, name: 'ci', rows: tokenRows, expiresAt: null, isOwnToken: temper === 'messy' && own },
        {
          tokenId: GRANTD_TOKEN_ID,
          name: 'grantd',
          rows: [{ type: 'account', id: ACCOUNT, level: 100 }],
          expiresAt: null,
          isOwnToken: temper === 'tame' || !own,
        },
      ];
      return { account: ACCOUNT, tree, accesses: list, apiTokens };
    });
}
