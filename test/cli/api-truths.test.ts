import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { runCli } from '../support/in-process.ts';
import { seedOf, simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { provenAt, workplace } from '../support/workplace.ts';

/** Mailtrap may do what no document says. Each account here does one such thing. */
const account = (more: string) => `version: 1
account: { id: 3229, name: Example }
organization: { id: 1208 }
resources:
  - { type: project, id: 4001, name: App, resources: [{ type: inbox, id: 3801, name: Live }, { type: inbox, id: 3802, name: Test }] }
  - { type: sending_domain, id: 5101, name: example.com }
tokens:
  - { name: grantd, secret: ${ADMIN_TOKEN}, id: 2496900, access: 5140, rows: [{ type: account, id: 3229, level: 100 }] }
  - { name: ci, secret: ci-secret-0001, id: 2496915, access: 5142, rows: [{ type: inbox, id: 3801, level: 10 }] }
accesses:
  - { access: 90, kind: user, id: 990, email: root@example.com, name: Root, owner: true }
  - { access: 91, kind: user, id: 991, email: kim@example.com, name: Kim, rows: [{ type: account, id: 3229, level: 100 }] }
  - { access: 92, kind: user, id: 992, email: lee@example.com, name: Lee, rows: [{ type: account, id: 3229, level: 100 }] }
  - { access: 101, kind: user, id: 1001, email: p1@example.com, name: P1, rows: [{ type: inbox, id: 3801, level: 10 }] }
  - { access: 102, kind: user, id: 1002, email: p2@example.com, name: P2, rows: [{ type: inbox, id: 3801, level: 10 }] }
  - { access: 103, kind: user, id: 1003, email: p3@example.com, name: P3, rows: [{ type: inbox, id: 3802, level: 10 }] }
${more}
`;

const POLICY = `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: [root@example.com]
limits: { revokes: { principals: 5, percent: 90 }, admins: 2 }
tokens: { ci: { access: 5142, token: 2496915 } }
grants:
  - { to: [kim@example.com, lee@example.com], resource: account, level: admin }
  - { to: [p1@example.com, p2@example.com, "token:ci"], resource: inbox:App/Live, level: viewer }
  - { to: p3@example.com, resource: inbox:App/Test, level: viewer }
paused: false
`;

/** The policy and the account; it is proven there that a PUT takes nothing that it does not name. */
async function scene(more: string, policy = POLICY) {
  const simulator = await simulate({ seed: seedOf(account(more)) });
  const world = { cwd: workplace({ 'policy.yaml': policy }), env: provenAt(simulator) };
  return {
    simulator,
    grantd: (command: string, ...words: readonly string[]) => runCli([command, ...words], world),
  };
}

const SIX = ['root', 'kim', 'lee', 'p1', 'p2', 'p3'].map((name) => `${name}@example.com`);

describe('a list that goes on (case I3)', () => {
  test('is followed to its end', async () => {
    const { grantd, simulator } = await scene('pages: { size: 4 }');
    const { code, stdout } = await grantd('review', '--format', 'json');
    const { holders } = JSON.parse(stdout);
    const emails = holders.flatMap(({ principal }: { principal: { email?: string } }) => principal.email ?? []);
    expect([code, [...emails].sort()]).toEqual([0, [...SIX].sort()]);
    const asked = simulator.requests().map(({ path }) => path);
    expect(asked).toContain('/api/accounts/3229/account_accesses?page=2');
    expect(asked).not.toContain('/api/accounts/3229/account_accesses?page=3');
  });

  test('and that does not say where is no read', async () => {
    const { grantd } = await scene('pages: { size: 4, says: total }');
    const { code, stdout, stderr } = await grantd('review');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('the list says that it has 6 entries, and 4 came');
  });
});

test('a row of a token whose id is a string of digits is that row (case I5)', async () => {
  const { grantd } = await scene('tokenRowIds: string');
  expect(await grantd('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  const who = await grantd('who', 'inbox:App/Live');
  expect(who).toMatchObject({ code: 0 });
  expect(who.stdout).toContain('token:ci');
});

describe("a policy that names grantd's own token (case I8)", () => {
  const LOWERED = POLICY.replace('2496915 } }', '2496915 }, own: { access: 5140, token: 2496900 } }')
    .replace('"token:ci"], resource: inbox:App/Live', '"token:own"], resource: inbox:App/Live')
    .replace('paused: false', '  - { to: token:ci, resource: inbox:App/Test, level: viewer }\npaused: false');
  const TOKENS = [5140, 5142];
  const rowsOf = (simulator: Simulator) =>
    TOKENS.map((id) => simulator.state().accesses.find(({ access }) => access === id)?.rows);

  test('takes nothing from any token while none can be recognized as its own, and gives what it may give', async () => {
    const { grantd, simulator } = await scene('tokenDigits: hidden\nownAccess: written', LOWERED);
    const applied = await grantd('apply', '--yes', '--verbose');
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain('grantd recognizes none of the API tokens as its own');
    expect(applied.stdout).toContain(
      'help: run grantd with an API token that Mailtrap lists with its last four digits',
    );
    const [own, ci] = rowsOf(simulator);
    expect(own).toContainEqual({ type: 'account', id: 3229, level: 100 });
    expect(ci).toEqual([
      { type: 'inbox', id: 3801, level: 10 },
      { type: 'inbox', id: 3802, level: 10 },
    ]);
    const { unmanageable } = JSON.parse((await grantd('plan', '--format', 'json')).stdout);
    expect(
      unmanageable.map(({ principal, kind, reason, resource }: Item) => [principal.name, kind, reason, resource.label]),
    ).toEqual([
      ['ci', 'excess', 'own-token-unknown', 'inbox:App/Live'],
      ['own', 'excess', 'own-token-unknown', 'account'],
    ]);
  });

  test('says that Mailtrap refused it, where a token cannot change its own access, and takes nothing', async () => {
    const { grantd, simulator } = await scene('tokenDigits: hidden', LOWERED);
    const applied = await grantd('apply', '--yes');
    expect(applied.code).toBe(1);
    expect(applied.stdout).toMatch(/token:own\n +\+ inbox:App\/Live .*failed: PUT .*5140.* answered 403/);
    expect(rowsOf(simulator)).toEqual([
      [{ type: 'account', id: 3229, level: 100 }],
      [
        { type: 'inbox', id: 3801, level: 10 },
        { type: 'inbox', id: 3802, level: 10 },
      ],
    ]);
  });

  test('changes only the others where it is recognized', async () => {
    const { grantd, simulator } = await scene('', LOWERED);
    expect((await grantd('apply', '--yes')).code).toBe(0);
    expect(rowsOf(simulator)).toEqual([
      [{ type: 'account', id: 3229, level: 100 }],
      [{ type: 'inbox', id: 3802, level: 10 }],
    ]);
  });
});

interface Item {
  readonly principal: { readonly name: string };
  readonly kind: string;
  readonly reason: string;
  readonly resource: { readonly label: string };
}

describe('one record that grantd cannot read (case I29)', () => {
  const ROBOT = '  - { access: 777, kind: user, id: 1777, email: robot@example.com, name: Robot }';

  test.each([
    ['no-email', 'expected a string, got null, in account access 777'],
    ['unknown-kind', 'expected User, Invite or ApiToken, got Robot, in account access 777'],
    ['two-levels', 'project:#1 is listed at two levels, 10 and 100, in account access 777'],
  ] as const)('%s: nothing is written, and the error names the access and what waits', async (how, message) => {
    const { grantd, simulator } = await scene(
      ROBOT,
      POLICY.replace('inbox:App/Test, level: viewer', 'project:App, level: viewer'),
    );
    simulator.inject({ kind: 'shape', shape: how, access: 777, times: 'always' });
    const { code, stderr } = await grantd('apply', '--yes');
    expect(code).toBe(1);
    const said = stderr.replace(/\s+/g, ' ');
    expect(said).toContain(message);
    expect(said).toContain('it writes nothing to the account: even access that ends meanwhile stays');
    expect(said).toContain('correct or remove it in Mailtrap');
    expect(simulator.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
    simulator.clearFaults();
    expect((await grantd('apply', '--yes')).code).toBe(0);
  });
});

test('the words that the old paths use are the words that grantd writes there (case I7)', async () => {
  const { grantd, simulator } = await scene(
    'words: new',
    POLICY.replace('inbox:App/Test, level: viewer', '[inbox:App/Test, domain:example.com], level: admin'),
  );
  expect(await grantd('apply', '--yes')).toMatchObject({ code: 0 });
  const written = simulator.requests().find(({ method }) => method === 'PUT');
  expect(written?.status).toBe(200);
  expect(written?.body).toEqual({
    permissions: expect.arrayContaining([
      { resource_id: '3802', resource_type: 'sandbox', access_level: 'admin' },
      { resource_id: '5101', resource_type: 'domain', access_level: 'admin' },
    ]),
  });
});

test('rows that a list shows because of a row above them are left alone', async () => {
  const { grantd } = await scene('inheritedRows: shown');
  const { code, stdout } = await grantd('plan', '--detailed-exitcode', '--format', 'json');
  expect([code, JSON.parse(stdout).changes]).toEqual([0, []]);
});

describe('roles in the organization (case I4)', () => {
  const ROLES = `  - { access: 104, kind: user, id: 1004, email: boss@example.com, name: Boss, rows: [{ type: organization, id: 1208, level: 100 }] }
  - { access: 105, kind: user, id: 1005, email: eye@example.com, name: Eye, rows: [{ type: organization, id: 1208, level: 10 }, { type: project, id: 4001, level: 100 }] }`;
  const NAMED = POLICY.replace(
    'paused: false',
    `  - { to: eye@example.com, resource: [project:App, domain:example.com], level: viewer }
never:
  - { who: boss@example.com, resource: project:App, level: admin }
  - { who: eye@example.com, resource: project:App, level: admin }
tests:
  - { who: boss@example.com, resource: inbox:App/Live, expect: none }
  - { who: eye@example.com, resource: inbox:App/Live, expect: viewer }
paused: false`,
  );

  test('reach everything for `who`, `explain` and `review`', async () => {
    const { grantd } = await scene(ROLES);
    const who = await grantd('who', 'inbox:App/Live');
    expect(who.stdout).toMatch(/boss@example\.com\s+has admin from organization:#1208/);
    expect(who.stdout).toMatch(/eye@example\.com\s+has admin from project:App/);
    const domain = await grantd('who', 'domain:example.com');
    expect(domain.stdout).toMatch(/eye@example\.com\s+has viewer from organization:#1208/);
    const explained = await grantd('explain', 'boss@example.com', 'inbox:App/Test');
    expect(explained.stdout).toContain('actual admin from organization:#1208');
    expect(explained.stdout).toContain('only Mailtrap changes');
    const { holders } = JSON.parse((await grantd('review', '--format', 'json')).stdout);
    const boss = holders.find(
      ({ principal }: { principal: { email?: string } }) => principal.email === 'boss@example.com',
    );
    expect(boss.marks).toEqual(['account-admin', 'organization']);
    expect(
      boss.entries.map(({ resource, findings }: { resource: { label: string }; findings: unknown }) => [
        resource.label,
        findings,
      ]),
    ).toEqual([
      ['account', []],
      ['organization:#1208', []],
    ]);
  });

  test('have a section of their own in plans, and are never written; all other rows are managed', async () => {
    const { grantd, simulator } = await scene(ROLES, NAMED);
    const json = JSON.parse((await grantd('plan', '--format', 'json')).stdout);
    expect(json.organization).toEqual([
      {
        principal: expect.objectContaining({ email: 'boss@example.com' }),
        resource: { type: 'organization', id: 1208, label: 'organization:#1208' },
        level: 'admin',
      },
      {
        principal: expect.objectContaining({ email: 'eye@example.com' }),
        resource: { type: 'organization', id: 1208, label: 'organization:#1208' },
        level: 'viewer',
      },
    ]);
    // The domain is granted and therefore written, though the role gives as much today.
    const changes = json.changes.map(
      ({ kind, resource }: { kind: string; resource: { label: string } }) => `${kind} ${resource.label}`,
    );
    expect(changes.sort()).toEqual(['create domain:example.com', 'lower project:App']);
    const text = (await grantd('plan', '--verbose')).stdout;
    expect(text).toMatch(
      /In the organization: .*\(2 principals\)\n {2}boss@example\.com {2}admin\n {2}eye@example\.com {3}viewer\n/,
    );
    expect((await grantd('plan', '--format', 'markdown')).stdout).toContain('- `boss@example.com` admin');
    expect((await grantd('apply', '--yes')).code).toBe(0);
    expect(simulator.state().accesses.find(({ access }) => access === 105)?.rows).toContainEqual({
      type: 'organization',
      id: 1208,
      level: 10,
    });
    expect((await grantd('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('count in `never` and in the tests of a policy on a snapshot', async () => {
    const { grantd } = await scene(ROLES, NAMED);
    expect((await grantd('validate')).code).toBe(0);
    expect((await grantd('snapshot', '--out', 'account.json')).code).toBe(0);
    const { code, stdout } = await grantd('validate', '--snapshot', 'account.json');
    expect(code).toBe(1);
    expect(stdout).toContain('a role in the organization gives boss@example.com admin everywhere');
    expect(stdout).toContain('a role in the organization gives admin');
    expect(stdout).not.toContain('gives eye@example.com');
  });
});
