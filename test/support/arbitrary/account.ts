import fc from 'fast-check';
import type { AccountAccess, ActualState, ApiToken } from '../../../src/core/domain/account/actual-state.ts';
import { buildResourceTree, isTreeFault, type ListedResource } from '../../../src/core/domain/account/resource-tree.ts';

/** What a random account is made of, so that it can also be listed in another order. */
export interface AccountParts {
  readonly listed: readonly ListedResource[];
  readonly accesses: readonly AccountAccess[];
  readonly apiTokens: readonly ApiToken[] | null;
}

export const ACCOUNT = 7;

/** Names that a policy can say, that it can say but YAML must quote, and that it can only say by id. */
const NAMES = [
  'Checkout',
  'Mobile iOS',
  'Mobile Android',
  'checkout',
  'Ä/x',
  'a*b',
  '#1',
  'Team #1',
  '4001',
  'x: y',
  '- dash',
  '[test], {x}',
  "it's",
  '"quoted"',
  ' space',
  'no\u00a0break',
  'zero\u200bwidth',
  'tab\there',
  'line\nbreak',
  '',
  'e\u0301',
  '\u00e9',
  'true',
  'null',
  '~',
  '日本',
  '!tag',
  '&anchor',
  '%dir',
  '@at',
  '`tick',
  '\ufffd',
  '\ud800',
  'x'.repeat(260),
  'yes',
  '1e3',
  '0x1F',
  'a,b',
  '...',
  '---',
  'c #d',
  'back\\slash',
  'trail:',
];

const EMAILS = [
  'ann@x.test',
  'ANN@x.test',
  'bob@x.test',
  'cid@x.test',
  'dan@x.test',
  'eve@x.test',
  "o'hara@x.test",
  '-dash@x.test',
  '!bang@x.test',
  '#hash@x.test',
  'a+b@x.test',
  'with space@x.test',
  'no-at',
  '1@2',
  'раssword@x.test',
  '{x}@x.test',
  '&a@x.test',
  'true@x.test',
  '',
  'a\ufffdb@x.test',
  'jos\u00e9@x.test',
  'jose\u0301@x.test',
  'A\u030ake@x.test',
  'ann@\u00c4.test',
  'ann@xn--4ca.test',
  'ann@\u00e4\u00ad.test',
];

const LEVELS = [10, 100, 10, 100, 10, 100, 50, 1, 30, 0];

/** Any account that could be read, with names and levels as bad as they get. */
export function arbitraryAccount(): fc.Arbitrary<AccountParts> {
  return arbitraryListing().chain((listed) =>
    fc
      .record({
        accesses: arbitraryAccesses(listed),
        apiTokens: fc.option(arbitraryTokens(listed), { nil: null, freq: 4 }),
      })
      .map(({ accesses, apiTokens }) => ({ listed, accesses, apiTokens })),
  );
}

/** The account as it was read. */
export function toActual({ listed, accesses, apiTokens }: AccountParts): ActualState {
  const tree = buildResourceTree(ACCOUNT, listed);
  if (isTreeFault(tree)) throw new Error('the generator made a tree that is none');
  return { account: ACCOUNT, tree, accesses, apiTokens };
}

/** The same account, with every list in another order. */
export function turned({ listed, accesses, apiTokens }: AccountParts): AccountParts {
  const turn = (nodes: readonly ListedResource[]): readonly ListedResource[] =>
    [...nodes].reverse().map((node) => ({ ...node, children: turn(node.children) }));
  return {
    listed: turn(listed),
    accesses: [...accesses].reverse().map((access) => ({ ...access, rows: [...access.rows].reverse() })),
    apiTokens: apiTokens && [...apiTokens].reverse().map((token) => ({ ...token, rows: [...token.rows].reverse() })),
  };
}

function arbitraryListing(): fc.Arbitrary<readonly ListedResource[]> {
  const own = fc.record({ name: fc.constantFrom(...NAMES), level: fc.constantFrom(100, 100, 100, 1000, 10) });
  const project = fc.record({ own, inboxes: fc.array(own, { maxLength: 3 }) });
  return fc
    .record({
      hasRoot: fc.boolean(),
      projects: fc.array(project, { maxLength: 4 }),
      domains: fc.array(own, { maxLength: 2 }),
      inboxes: fc.array(own, { maxLength: 1 }),
      billing: fc.integer({ min: 0, max: 2 }),
      campaigns: fc.integer({ min: 0, max: 1 }),
      odd: fc.boolean(),
    })
    .map((shape) => {
      let id = 10;
      const node = (type: ListedResource['type'], { name, level }: { name: string; level: number }) => {
        id += 1;
        return { type, id, name, tokenLevel: level, children: [] as readonly ListedResource[] };
      };
      const plain = { name: 'Plain', level: 100 };
      const below: ListedResource[] = [
        ...shape.projects.map(({ own: top, inboxes }) => ({
          ...node('project', top),
          children: inboxes.map((inbox) => node('inbox', inbox)),
        })),
        ...shape.domains.map((domain) => node('domain', domain)),
        ...shape.inboxes.map((inbox) => node('inbox', inbox)),
        ...Array.from({ length: shape.billing }, () => node('billing', plain)),
        ...Array.from({ length: shape.campaigns }, () => node('campaigns', plain)),
        ...(shape.odd ? [node('templates', plain), node('other/thing', plain)] : [node('project', plain)]),
      ];
      return shape.hasRoot
        ? [{ type: 'account', id: ACCOUNT, name: 'Account', tokenLevel: 100, children: below }]
        : below;
    });
}

function idsOf(listed: readonly ListedResource[]): readonly Pick<ListedResource, 'type' | 'id'>[] {
  return listed.flatMap(({ type, id, children }) => [{ type, id }, ...idsOf(children)]);
}

function arbitraryRows(listed: readonly ListedResource[]) {
  const resources = [
    { type: 'account', id: ACCOUNT } as const,
    ...idsOf(listed),
    { type: 'project', id: 999 } as const,
  ];
  const bundle = fc.uniqueArray(
    fc.record({ resource: fc.constantFrom(...resources), level: fc.constantFrom(...LEVELS) }),
    { maxLength: 6, selector: ({ resource }) => `${resource.type} ${resource.id}` },
  );
  return bundle.map((rows) => rows.map(({ resource, level }) => ({ type: resource.type, id: resource.id, level })));
}

function arbitraryAccesses(listed: readonly ListedResource[]): fc.Arbitrary<readonly AccountAccess[]> {
  const rows = arbitraryRows(listed);
  // A few bundles that many hold, as real teams do.
  return fc.array(rows, { minLength: 1, maxLength: 3 }).chain((bundles) => {
    const person = fc.record({
      kind: fc.constantFrom('user' as const, 'user' as const, 'invite' as const),
      email: fc.constantFrom(...EMAILS),
      rows: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...bundles) }, { weight: 1, arbitrary: rows }),
      extra: fc.constantFrom(null, null, null, null, null, 1000),
      canUpdate: fc.constantFrom(true, true, true, true, false),
    });
    const token = fc.record({ tokenId: fc.constantFrom(51, 52, 53), isOwnToken: fc.constantFrom(false, false, true) });
    return fc
      .record({
        people: fc.array(person, { minLength: 1, maxLength: 14 }),
        tokens: fc.array(token, { maxLength: 2 }),
      })
      .map(({ people, tokens }) => [
        ...people.map(({ kind, email, rows: held, extra, canUpdate }, index): AccountAccess => {
          const owned = extra === null ? [] : [{ type: 'organization' as const, id: 1, level: extra }];
          return {
            access: 100 + index,
            principal: { kind, email },
            rows: [...held, ...owned],
            canUpdate,
            isOwnToken: false,
          };
        }),
        ...tokens.map(({ tokenId, isOwnToken }, index): AccountAccess => {
          const principal = { kind: 'token' as const, name: `seen ${tokenId}`, tokenId };
          return { access: 300 + index, principal, rows: [], canUpdate: true, isOwnToken };
        }),
      ]);
  });
}

function arbitraryTokens(listed: readonly ListedResource[]): fc.Arbitrary<readonly ApiToken[]> {
  const token = fc.record({
    tokenId: fc.constantFrom(51, 52, 53, 54),
    name: fc.constantFrom('ci', 'CI', 'Ä', '日本', 'a b', ''),
    rows: arbitraryRows(listed),
    expiresAt: fc.constant(null),
    isOwnToken: fc.constantFrom(false, false, false, true),
  });
  return fc.uniqueArray(token, { maxLength: 3, selector: ({ tokenId }) => tokenId });
}
