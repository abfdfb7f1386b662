import { describe, expect, test } from 'vitest';
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_CHARACTERS_MAX } from '../../../src/adapters/snapshot/snapshot.ts';
import type { ActualState } from '../../../src/core/domain/account/actual-state.ts';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { makePlan } from '../../../src/run/reconcile/make-plan.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import { BUSY_ACCOUNT, busyWorld, hostileWorld } from '../../report/worlds.ts';
import { buildAccount, listed, SMALL_TREE } from '../../support/account-builder.ts';
import { NOW, type SmallWorld } from '../../support/small-world.ts';

function decoded(text: string): ActualState {
  const answer = decodeSnapshot(text);
  if ('problems' in answer) throw new Error(answer.problems.join('\n'));
  expect(answer.takenAt).toBe(NOW);
  return answer.actual;
}

function problemsOf(text: string): readonly string[] {
  const answer = decodeSnapshot(text);
  return 'problems' in answer ? answer.problems : [];
}

/** The snapshot of a small account, for a test to spoil. */
function parsed() {
  return JSON.parse(encodeSnapshot(buildAccount(BUSY_ACCOUNT), NOW));
}

const plainRows = (actual: ActualState) => ({
  nodes: actual.tree.nodes.map(({ parent, ...node }) => ({ ...node, parent: parent?.index ?? null })),
  accesses: actual.accesses,
  apiTokens: actual.apiTokens,
});

const accounts: readonly (readonly [string, ActualState])[] = [
  ['of everything', buildAccount(BUSY_ACCOUNT)],
  ['of hostile names', hostileWorld().actual],
  ['of nothing', buildAccount({ tree: [] })],
  [
    'without an account node',
    buildAccount({ tree: [listed('project', 1, 'P', [listed('inbox', 2, 'I')]), listed('other/x', 3, '')] }),
  ],
  [
    'of a tree in odd order',
    buildAccount({ tree: [listed('domain', 9, 'd'), ...SMALL_TREE, listed('organization', 1, 'O')] }),
  ],
  [
    'of odd numbers',
    buildAccount({
      accesses: [
        { access: 3, token: { id: 9, name: 'ci' } },
        { access: -1, user: '', rows: { 'other/x:#-5': -3, account: 7 }, canUpdate: false, isOwnToken: true },
      ],
      apiTokens: [{ id: 1, name: 't', expiresAt: '2026-11-24T04:00:00.123Z', isOwnToken: true }],
    }),
  ],
];

describe('a snapshot', () => {
  test.each(accounts)('%s says all that was observed, by its schema', (_, actual) => {
    const text = encodeSnapshot(actual, NOW);
    expect(plainRows(decoded(text))).toEqual(plainRows(actual));
    expect(encodeSnapshot(decoded(text), NOW)).toBe(text);
    expect(schemaErrors('snapshot', JSON.parse(text))).toEqual([]);
  });

  test('has one line for each resource and access', () => {
    expect(
      encodeSnapshot(buildAccount({ accesses: [{ access: 1, invite: 'a@b.c' }], apiTokens: [] }), NOW),
    ).toMatchInlineSnapshot(`
      "{"version":1,
      "takenAt":"2026-11-24T04:00:00Z",
      "account":3229,
      "root":{"name":"Account","tokenLevel":100},
      "resources":[
      {"type":"project","id":4001,"name":"Checkout","tokenLevel":100,"parent":null},
      {"type":"inbox","id":5001,"name":"Staging","tokenLevel":100,"parent":{"type":"project","id":4001}},
      {"type":"inbox","id":5002,"name":"QA","tokenLevel":100,"parent":{"type":"project","id":4001}},
      {"type":"project","id":4002,"name":"Mobile","tokenLevel":100,"parent":null},
      {"type":"inbox","id":5003,"name":"Builds","tokenLevel":100,"parent":{"type":"project","id":4002}},
      {"type":"domain","id":7001,"name":"example.com","tokenLevel":100,"parent":null},
      {"type":"billing","id":3229,"name":"Billing","tokenLevel":100,"parent":null},
      {"type":"campaigns","id":3229,"name":"Campaigns","tokenLevel":100,"parent":null}
      ],
      "accesses":[
      {"access":1,"principal":{"kind":"invite","email":"a@b.c"},"canUpdate":true,"isOwnToken":false,"rows":[]}
      ],
      "apiTokens":[]}
      "
    `);
  });

  test('gives the very plan that the live account gives', () => {
    const worlds: readonly SmallWorld[] = [
      busyWorld(),
      busyWorld({ limits: { newAdmins: 0 } }),
      busyWorld({ mode: 'additive' }),
      hostileWorld(),
    ];
    for (const { resolved, actual, plan } of worlds) {
      const again = makePlan(resolved, decoded(encodeSnapshot(actual, NOW)), plan.now, NO_RESTRAINTS).plan;
      expect(JSON.stringify(planToJson(again))).toBe(JSON.stringify(planToJson(plan)));
      expect(renderPlanText(again, PLAIN)).toBe(renderPlanText(plan, PLAIN));
      expect(again).toEqual(plan);
    }
  });

  test('remembers whether the tokens were read', () => {
    const { apiTokens: _, ...unread } = BUSY_ACCOUNT;
    expect(decoded(encodeSnapshot(buildAccount(unread), NOW)).apiTokens).toBeNull();
    expect(decoded(encodeSnapshot(buildAccount({ ...unread, apiTokens: [] }), NOW)).apiTokens).toEqual([]);
  });

  test('takes nothing along that was not asked for', () => {
    const actual = buildAccount(BUSY_ACCOUNT);
    const leaky = JSON.parse(JSON.stringify(actual.accesses), (key, value) =>
      key === '' || Array.isArray(value) || typeof value !== 'object' ? value : { ...value, token: 'secret-value' },
    );
    const apiTokens = actual.apiTokens?.map((token) => ({ ...token, token: 'secret-value' })) ?? null;
    expect(encodeSnapshot({ ...actual, accesses: leaky, apiTokens }, NOW)).toBe(encodeSnapshot(actual, NOW));
  });
});

describe('a bad snapshot', () => {
  test('that is no JSON is refused without repeating it', () => {
    expect(problemsOf('{"secret')).toEqual(['it is not JSON']);
  });

  test('of another version, or of none, is refused', () => {
    expect(problemsOf('{"version":2,"accounts":[]}')).toEqual(['version: 2 is unknown; this grantd reads 1']);
    expect(problemsOf('{}')).toEqual(['it lacks version']);
    expect(problemsOf('[]')).toEqual(['it must be an object']);
  });

  test('cannot act on a terminal, nor flood it, by what is wrong with it', () => {
    const bad = parsed();
    bad['\u001b[31m\u202e'] = 1;
    bad.resources[0].type = 'x'.repeat(1000);
    const shown = problemsOf(JSON.stringify(bad));
    expect(shown[0]).toBe('it has an unknown key "\\u001b[31m\\u{202e}"');
    expect(shown[1]).toHaveLength(300);
  });

  test('that is too long is refused unread', () => {
    expect(problemsOf(' '.repeat(SNAPSHOT_CHARACTERS_MAX + 1))).toEqual([
      'it has more than 268435456 characters, which is the limit',
    ]);
  });

  test('tells every problem with its place', () => {
    const bad = parsed();
    bad.takenAt = '2026-11-24';
    bad.account = 0;
    bad.extra = 1;
    bad.root = { name: 3, tokenLevel: '100' };
    bad.resources[0] = { type: 'folder', id: 1.5, name: null, tokenLevel: 100, parent: { type: 'project', id: 77 } };
    bad.resources[1].parent = 'project:#4001';
    delete bad.resources[2].name;
    bad.accesses[0].principal = { kind: 'robot', email: 'x' };
    bad.accesses[1].principal = { kind: 'token', name: 7, tokenId: null, email: 'x' };
    bad.accesses[2].canUpdate = 'yes';
    delete bad.accesses[2].isOwnToken;
    bad.accesses[3].rows[0] = [];
    bad.accesses[4].rows[1].level = 1e300;
    delete bad.accesses[5].principal;
    bad.apiTokens[0].expiresAt = 'tomorrow';
    bad.apiTokens[1].rows = {};
    expect(problemsOf(JSON.stringify(bad))).toMatchInlineSnapshot(`
      [
        "it has an unknown key "extra"",
        "takenAt: must be a moment in UTC, for example 2026-11-24T04:00:00Z",
        "account: must be a whole number from 1 to 9007199254740991",
        "resources[0].type: "folder" is not a type of resource",
        "resources[0].id: must be a whole number from -9007199254740991 to 9007199254740991",
        "resources[0].name: must be a text",
        "resources[0].parent: project:#77 is not listed before it",
        "resources[1].parent: must be an object",
        "resources[2]: lacks name",
        "resources[2].parent: project:#4001 is not listed before it",
        "root.name: must be a text",
        "root.tokenLevel: must be a whole number from -9007199254740991 to 9007199254740991",
        "accesses[0].principal.kind: must be one of user, invite, token",
        "accesses[1].principal: has an unknown key "email"",
        "accesses[1].principal.name: must be a text",
        "accesses[1].principal.tokenId: must be a whole number from -9007199254740991 to 9007199254740991",
        "accesses[2]: lacks isOwnToken",
        "accesses[2].canUpdate: must be true or false",
        "accesses[3].rows[0]: must be an object",
        "accesses[4].rows[1].level: must be a whole number from -9007199254740991 to 9007199254740991",
        "accesses[5]: lacks principal",
        "apiTokens[0].expiresAt: must be a moment in UTC, for example 2026-11-24T04:00:00Z",
        "apiTokens[1].rows: must be a list",
      ]
    `);
    expect(schemaErrors('snapshot', bad).length).toBeGreaterThan(10);
  });

  test('that lacks its parts says so once each', () => {
    expect(problemsOf('{"version":1}')).toMatchInlineSnapshot(`
      [
        "it lacks takenAt, account, root, resources, accesses, apiTokens",
      ]
    `);
  });

  test('whose tree is none is refused', () => {
    const twice = parsed();
    twice.resources.push(twice.resources[0]);
    expect(problemsOf(JSON.stringify(twice))).toEqual(['resources: project:#4001 is listed twice']);
    const account = parsed();
    account.resources.push({ type: 'account', id: 3229, name: 'x', tokenLevel: 1, parent: null });
    expect(problemsOf(JSON.stringify(account))).toEqual(['resources: the account itself is listed here']);
    const early = parsed();
    early.resources.reverse();
    expect(problemsOf(JSON.stringify(early))[0]).toBe('resources[3].parent: project:#4002 is not listed before it');
  });

  test('that has an access, a token or a row twice is refused: a plan would mistake one for the other', () => {
    const bad = parsed();
    bad.accesses[1].access = bad.accesses[0].access;
    bad.accesses[4].rows.push({ ...bad.accesses[4].rows[0], level: 10 });
    bad.apiTokens.push(bad.apiTokens[0]);
    expect(problemsOf(JSON.stringify(bad))).toMatchInlineSnapshot(`
      [
        "accesses: account access 1 is listed twice",
        "apiTokens: API token 2496915 is listed twice",
        "accesses[4].rows: inbox:#5003 is listed twice",
      ]
    `);
    expect(schemaErrors('snapshot', bad)).toEqual([]);
  });

  test('whose tree is too deep is refused', () => {
    const deep = parsed();
    deep.resources = Array.from({ length: 40 }, (_, id) => ({
      type: 'other/folder',
      id,
      name: '',
      tokenLevel: 1,
      parent: id === 0 ? null : { type: 'other/folder', id: id - 1 },
    }));
    expect(problemsOf(JSON.stringify(deep))).toHaveLength(8);
    expect(problemsOf(JSON.stringify(deep))[0]).toBe('resources[32]: is more than 32 levels below the account');
  });
});
