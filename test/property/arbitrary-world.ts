import fc from 'fast-check';
import type { GrantLevel } from '../../src/core/domain/account/access-level.ts';
import type { AccountAccess, ActualState, ApiToken } from '../../src/core/domain/account/actual-state.ts';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceTree,
} from '../../src/core/domain/account/resource-tree.ts';
import { toNamePattern } from '../../src/core/domain/policy/name-pattern.ts';
import type { Grant, GrantedResource, MemberRef, Mode, Policy } from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef, ResourceSelector } from '../../src/core/domain/policy/resource-ref.ts';
import type { Place } from '../../src/core/domain/text/problem.ts';

/** A policy, an account and a moment: everything that a plan is a function of. */
export interface World {
  readonly policy: Policy;
  readonly actual: ActualState;
  readonly now: number;
}

export const ACCOUNT = 7;
export const NOW = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const PEOPLE = ['ann@x.test', 'bob@x.test', 'owner@x.test'];

/** `tame`: every row may be written and every name resolves, so that a brute-force search can say what is best. */
export type Temper = 'tame' | 'messy';

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

/** Only an authoritative policy may take the rows of unlisted principals. */
function withUnlistedOf(policy: Policy): Policy {
  return policy.mode === 'authoritative' ? policy : { ...policy, unlisted: { ...policy.unlisted, answer: 'keep' } };
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
      ];
      return { account: ACCOUNT, tree, accesses: list, apiTokens };
    });
}

/** Any policy that speaks about such a tree. */
export function arbitraryPolicy(tree: ResourceTree, temper: Temper): fc.Arbitrary<Policy> {
  const ref = arbitraryRef(tree, temper);
  const level = fc.constantFrom<GrantLevel>('viewer', 'admin');
  const granted: fc.Arbitrary<GrantedResource> = fc.record({ resource: ref, level });
  const resources = fc.array(granted, { minLength: 1, maxLength: 3 });
  const person: fc.Arbitrary<MemberRef> = fc
    .constantFrom(...PEOPLE.slice(0, 2), 'ann@x.test', 'bob@x.test', 'absent@x.test')
    .map((email) => ({ member: { email }, at: place(1) }));
  const member: fc.Arbitrary<MemberRef> = fc.oneof(
    { weight: 4, arbitrary: person },
    { weight: 1, arbitrary: fc.constant<MemberRef>({ member: { token: 'ci' }, at: place(1) }) },
    { weight: 2, arbitrary: fc.constantFrom('g1', 'g2').map((group) => ({ member: { group }, at: place(1) })) },
  );
  const moment = fc.option(
    fc.integer({ min: -4, max: 4 }).map((days) => ({ at: NOW + days * DAY_MS, text: `day ${days}` })),
    { nil: null, freq: 3 },
  );
  const grant = fc.record({
    to: fc.array(member, { minLength: 1, maxLength: 3 }),
    gives: fc.oneof(
      resources.map((list) => ({ resources: list })),
      fc.constant({ role: 'r1', at: place(2) }),
    ),
    except: fc.array(ref, { maxLength: temper === 'tame' ? 0 : 1 }),
    from: moment,
    until: moment,
    reason: fc.constant(null),
  });
  const scope: fc.Arbitrary<ResourceRef[]> = fc.array(ref, { maxLength: temper === 'tame' ? 0 : 1 });
  return fc
    .record({
      mode:
        temper === 'tame'
          ? fc.constant<Mode>('authoritative')
          : fc.constantFrom<Mode>('authoritative', 'authoritative', 'additive', 'observe'),
      grants: fc.array(grant, { minLength: temper === 'tame' ? 0 : 1, maxLength: 4 }),
      role: resources,
      g1: fc.array(person, { maxLength: 3 }),
      g2: fc.array(person, { maxLength: 2 }),
      ends: fc.option(fc.integer({ min: -4, max: 4 }), { nil: null }),
      ignored: scope,
      managed: fc.option(fc.array(ref, { minLength: 1, maxLength: 2 }), { nil: null, freq: 4 }),
      ignoresBob: temper === 'tame' ? fc.constant(false) : fc.constantFrom(false, false, false, true),
      isOwnerProtected: fc.boolean(),
      protectsAnn: temper === 'tame' ? fc.constant(false) : fc.constantFrom(false, false, true),
      unlisted: fc.constantFrom<'keep' | 'revoke'>('keep', 'keep', 'revoke'),
      neverRef: fc.option(ref, { nil: null, freq: 2 }),
    })
    .map(
      (drawn): Policy => ({
        file: 'policy.yaml',
        account: ACCOUNT,
        mode: drawn.mode,
        protected: [
          ...(drawn.isOwnerProtected ? [{ email: 'owner@x.test' }] : []),
          ...(drawn.protectsAnn ? [{ email: 'ann@x.test' }] : []),
        ],
        limits: { revokes: { principals: 100, percent: 100 }, admins: 0, newAdmins: 100, at: place(3) },
        manage: temper === 'tame' ? null : drawn.managed,
        ignore: {
          people: drawn.ignoresBob ? [{ pattern: toNamePattern('bob@*'), at: place(4) }] : [],
          resources: drawn.ignored,
        },
        unlisted: { answer: drawn.mode === 'authoritative' ? drawn.unlisted : 'keep', at: place(5) },
        never:
          temper === 'messy' && drawn.neverRef
            ? [
                {
                  who: { kind: 'principal', name: { email: 'ann@x.test' } },
                  whoText: 'ann@x.test',
                  resource: drawn.neverRef,
                  level: 'admin',
                  at: place(6),
                },
              ]
            : [],
        groups: [
          { name: 'g1', members: drawn.g1, at: place(7) },
          { name: 'g2', members: [...drawn.g2, { member: { group: 'g1' }, at: place(8) }], at: place(8) },
        ],
        ends:
          drawn.ends === null
            ? []
            : [
                {
                  email: 'bob@x.test',
                  end: { at: NOW + drawn.ends * DAY_MS, text: `day ${drawn.ends}` },
                  at: place(9),
                },
              ],
        tokens: [{ name: 'ci', access: 500, tokenId: 55, at: place(10) }],
        roles: [{ name: 'r1', resources: drawn.role, at: place(11) }],
        grants: drawn.grants.map((one, index): Grant => ({ ...one, at: place(20 + index) })),
        tests: [],
        approvals: [],
        paused: false,
      }),
    );
}

/** Refs that mean something in this tree; in a messy world also names that fit none or several. */
function arbitraryRef(tree: ResourceTree, temper: Temper): fc.Arbitrary<ResourceRef> {
  const selectors: ResourceSelector[] = [{ type: 'account' }];
  for (const node of tree.nodes) {
    if (node.type === 'billing' || node.type === 'campaigns') selectors.push({ type: node.type });
    if (node.type === 'project' || node.type === 'domain') {
      if (!node.name.includes('*')) selectors.push({ type: node.type, name: toNamePattern(node.name) });
      selectors.push({ type: node.type, id: node.id });
    }
    if (node.type === 'inbox' && node.parent && !`${node.name}${node.parent.name}`.match(/[*/]/)) {
      selectors.push({ type: 'inbox', project: toNamePattern(node.parent.name), name: toNamePattern(node.name) });
      selectors.push({ type: 'inbox', project: toNamePattern(node.parent.name), name: toNamePattern('*') });
    }
  }
  if (temper === 'messy') {
    selectors.push({ type: 'project', name: toNamePattern('*') });
    selectors.push({ type: 'project', name: toNamePattern('p*') });
    selectors.push({ type: 'project', name: toNamePattern('gone') });
    selectors.push({ type: 'project', id: 12345 });
    selectors.push({ type: 'inbox', project: toNamePattern('A'), name: toNamePattern('gone') });
    selectors.push({ type: 'billing' }, { type: 'campaigns' });
  }
  return fc.constantFrom(...selectors).map((selector) => ({ text: textOf(selector), selector, at: place(30) }));
}

function textOf(selector: ResourceSelector): string {
  if ('id' in selector) return `${selector.type}:#${selector.id}`;
  if ('project' in selector) return `inbox:${selector.project.text}/${selector.name.text}`;
  return 'name' in selector ? `${selector.type}:${selector.name.text}` : selector.type;
}

function place(line: number): Place {
  return { file: 'policy.yaml', line, column: 1, length: 1 };
}
