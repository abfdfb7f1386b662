import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccessSeed, AccountSeed } from '../../src/simulator/seed.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli, type World } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const ADMIN = { type: 'account', id: 3229, level: 100 };
const TWO_ROWS = [
  { type: 'project', id: 4001, level: 10 },
  { type: 'inbox', id: 3803, level: 100 },
];

/** p1, p2 and so on, who hold project:App viewer and inbox:Web/Live admin. */
function people(count: number, rows = TWO_ROWS): readonly AccessSeed[] {
  return Array.from({ length: count }, (_, index) => ({
    access: 101 + index,
    kind: 'user' as const,
    email: `p${index + 1}@example.com`,
    rows,
  }));
}

function seed(accesses: readonly AccessSeed[], others: Partial<AccountSeed> = {}): AccountSeed {
  return {
    account: { id: 3229, name: 'Example' },
    organization: { id: 1208 },
    put: 'replaces',
    resources: [
      { type: 'project', id: 4001, name: 'App', resources: [{ type: 'inbox', id: 3801, name: 'Live' }] },
      { type: 'project', id: 4002, name: 'Web', resources: [{ type: 'inbox', id: 3803, name: 'Live' }] },
      { type: 'sending_domain', id: 5101, name: 'example.com' },
      { type: 'billing', id: 9001, name: 'Billing' },
    ],
    tokens: [{ name: 'grantd', secret: ADMIN_TOKEN, id: 2496900, access: 5140, rows: [ADMIN] }],
    accesses: [
      { access: 90, kind: 'user', email: 'root@example.com', owner: true },
      { access: 91, kind: 'user', email: 'kim@example.com', rows: [ADMIN] },
      { access: 92, kind: 'user', email: 'lee@example.com', rows: [ADMIN] },
      ...accesses,
    ],
    ...others,
  };
}

function policy(mode: 'authoritative' | 'additive', lines: readonly string[]): string {
  return [
    'version: 1',
    'account: 3229',
    `mode: ${mode}`,
    ...(mode === 'additive' ? [] : ['unlisted: keep']),
    ...lines,
    'paused: false',
    '',
  ].join('\n');
}

const LIMITS = 'limits: { revokes: { principals: 2, percent: 30 }, gains: { principals: 100 }, admins: 2 }';
const G1 = (count: number) => [
  'protected: [root@example.com]',
  LIMITS,
  'manage: ["domain:*"]',
  'groups:',
  `  team: [${people(count)
    .map(({ email }) => email)
    .join(', ')}]`,
  'grants:',
  '  - { to: group:team, resource: domain:example.com, level: viewer }',
];

interface Scene {
  readonly simulator: Simulator;
  readonly cwd: string;
  grantd(args: readonly string[], world?: Partial<World>): Promise<Printed>;
}

async function scene(account: AccountSeed, text: string): Promise<Scene> {
  const simulator = await simulate({ seed: account });
  const cwd = workplace({ 'policy.yaml': text });
  return {
    simulator,
    cwd,
    grantd: (args, world = {}) => runCli(args, { cwd, env: pointedAt(simulator), ...world }),
  };
}

const puts = ({ simulator }: Scene) => simulator.requests().filter(({ method }) => method === 'PUT');

/** Everyone's rows but those of domains, by access id. */
function kept({ simulator }: Scene, count: number) {
  return people(count).map(({ access }) => {
    const { 'sending_domain:5101': _, ...rows } = simulator.rows(access);
    return rows;
  });
}

const BOTH = { 'project:4001': 10, 'inbox:3803': 100 };

describe('G1: a PUT that removes the rows that it does not name', () => {
  it.each([
    ['authoritative', 6, 'p1@example.com', 101],
    ['additive', 40, 'p10@example.com', 110],
  ] as const)(
    'mode %s, %i people: one PUT goes first, its rows are given back, and no other leaves',
    async (mode, count, first, access) => {
      const world = await scene(seed(people(count)), policy(mode, G1(count)));
      const { code, stderr } = await world.grantd(['apply', '--yes', '--state-dir', 'state']);
      expect(code).toBe(1);
      expect(puts(world).map(({ path }) => /accesses\/(\d+)/.exec(path)?.[1])).toEqual([`${access}`, `${access}`]);
      expect(kept(world, count)).toEqual(people(count).map(() => BOTH));
      expect(stderr).toContain(
        `error[put-replaces]: a PUT took rows that it did not name; grantd gave them back to ${first}: project:App viewer, inbox:Web/Live admin; grantd writes nothing more to account 3229`,
      );
      expect(stderr.replaceAll(/\s*\\?\s+/g, ' ')).toContain(
        'grantd doctor policy.yaml --clear put-replaces --state-dir state',
      );
    },
  );

  it('writes nothing in the runs after it, and says why, until doctor clears it', async () => {
    const world = await scene(seed(people(6)), policy('authoritative', G1(6)));
    const apply = () => world.grantd(['apply', '--yes', '--state-dir', 'state']);
    await apply();
    const sent = world.simulator.requests().length;
    const again = await apply();
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(
      /error\[put-replaces\]: grantd writes nothing to account 3229: on 2\d\d\d-\S+, a PUT took rows from account access p1@example\.com \(101\) that it did not name; grantd gave them back/,
    );
    expect(world.simulator.requests()).toHaveLength(sent);
    const checked = await world.grantd(['doctor', '--state-dir', 'state']);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(/fail +put-replaces/);
    const cleared = await world.grantd(['doctor', '--clear', 'put-replaces', '--state-dir', 'state']);
    expect(cleared).toMatchObject({
      code: 0,
      stdout: 'Cleared for account 3229. The next run writes to one principal first, and reads that back.\n',
    });
    const once = await world.grantd(['doctor', '--clear', 'put-replaces', '--state-dir', 'state']);
    expect(once.stdout).toBe('Nothing to clear for account 3229.\n');
    // Nothing was proven by the rows that were given back.
    expect((await apply()).code).toBe(1);
    expect(kept(world, 6)).toEqual(people(6).map(() => BOTH));
  });

  it('prints the command that clears it with the policy and the state, so that it works as pasted', async () => {
    const world = await scene(seed(people(6)), policy('authoritative', G1(6)));
    renameSync(join(world.cwd, 'policy.yaml'), join(world.cwd, "it's mine.yaml"));
    const { stderr } = await world.grantd(['apply', "it's mine.yaml", '--yes', '--state-dir', 'my state']);
    const printed = String.raw`grantd doctor 'it'\''s mine.yaml' --clear put-replaces --state-dir 'my state'`;
    expect(stderr.replaceAll(/\s*\\\n\s+|\n\s+/g, ' ')).toContain(printed);
    const words = ["it's mine.yaml", '--state-dir', 'my state'];
    const checked = await world.grantd(['doctor', ...words]);
    expect(checked.stdout.replaceAll(/\s*\\\n\s+|\n\s+/g, ' ')).toContain(printed);
    const bare = await world.grantd(['doctor', "it's mine.yaml", '--clear', 'put-replaces']);
    expect(bare.code).toBe(4);
    expect(bare.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'grantd does not know which state to clear help: add --state-dir DIR, --state-config-map NAME or --settings FILE',
    );
    expect((await world.grantd(['doctor', ...words, '--clear', 'put-replaces'])).stdout).toContain(
      'Cleared for account',
    );
  });

  it('leaves protected account admins alone: grantd could not tell a replaced row from a covered one', async () => {
    const lines = [
      'protected: [kim@example.com, lee@example.com]',
      LIMITS,
      'grants:',
      '  - { to: [kim@example.com, lee@example.com], resource: billing, level: admin }',
    ];
    const world = await scene(seed([]), policy('authoritative', lines));
    const { code, stdout } = await world.grantd(['apply', '--yes']);
    expect(code).toBe(3);
    expect(puts(world)).toEqual([]);
    expect(world.simulator.rows(91)).toEqual({ 'account:3229': 100 });
    expect(world.simulator.rows(92)).toEqual({ 'account:3229': 100 });
    expect(stdout).toContain('kim@example.com');
    expect(stdout).toContain('put-unproven');
  });

  it('writes nothing more in a run that could not read what its first PUT did', async () => {
    const heidi = { access: 140, kind: 'user' as const, email: 'heidi@example.com', rows: [] };
    const grants = '  - { to: [group:team, heidi@example.com], resource: domain:example.com, level: viewer }';
    const text = policy('authoritative', [...G1(2).slice(0, -1), grants]);
    const world = await scene(seed([...people(2), heidi]), text);
    const list = { method: 'GET', path: /account_accesses$/ };
    // The read of the run itself passes. The next three follow the first PUT, and fail.
    world.simulator.inject({ kind: 'shape', shape: 'object', match: list, afterRequests: 1, times: 3 });
    const { code, stdout } = await world.grantd(['apply', '--yes', '--state-dir', 'state']);
    expect(puts(world)).toHaveLength(1);
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('heidi@example.com + domain:example.com none → viewer not tried');
    expect(stdout).toContain('grantd could not read what its first PUT did');
  });

  it('gives rows back in a later run, if the tree did not show their resources in the first one', async () => {
    const world = await scene(seed(people(1)), policy('authoritative', G1(1)));
    const tree = { method: 'GET', path: /permissions\/resources$/ };
    // The first read of the tree passes. The second follows the PUT.
    world.simulator.inject({ kind: 'hidden', type: 'project', id: 4001, match: tree, afterRequests: 1 });
    const apply = () => world.grantd(['apply', '--yes', '--state-dir', 'state']);
    await apply();
    expect(kept(world, 1)).toEqual([{}]);
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(stderr).toContain('error[put-replaces]');
    expect(kept(world, 1)).toEqual([BOTH]);
  });

  it('names no command that clears what only this process remembers', async () => {
    const world = await scene(seed(people(2)), policy('authoritative', G1(2)));
    const { code, stderr } = await world.grantd(['apply', '--yes']);
    expect(code).toBe(1);
    expect(stderr).not.toContain('doctor --clear');
    expect(stderr).toContain('without --state-dir only until it ends: the next one tries a PUT on one principal again');
  });

  it('says in a plan that changes wait for the proof if none of them can show it', async () => {
    const raised = ['protected: [root@example.com]', LIMITS, 'grants:'];
    const one = '  - { to: p1@example.com, resource: "project:Web", level: viewer }';
    const two = '  - { to: p2@example.com, resource: "domain:example.com", level: viewer }';
    const alone = await scene(seed(people(2)), policy('additive', [...raised, one]));
    const { code, stderr } = await alone.grantd(['plan', '--detailed-exitcode']);
    expect(code).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      "If grantd's state does not show yet that a PUT keeps the rows that it does not name, 1 change above waits [put-unproven]: none of them can show it first.",
    );
    expect((await alone.grantd(['apply', '--yes'])).code).toBe(3);
    const beside = await scene(seed(people(2)), policy('additive', [...raised, one, two]));
    expect((await beside.grantd(['plan'])).stderr).toBe('');
  });

  it('records the rows in state and audit log before the PUT leaves', async () => {
    const world = await scene(seed(people(2)), policy('authoritative', G1(2)));
    await world.grantd(['apply', '--yes', '--state-dir', 'state']);
    const log = readFileSync(join(world.cwd, 'state', 'audit-3229.jsonl'), 'utf8');
    const [intent, outcome, giveBack] = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(intent).toMatchObject({
      kind: 'intent',
      access: 101,
      unnamed: [
        { resource: { type: 'project', id: 4001, label: 'project:App' }, level: 'viewer' },
        { resource: { type: 'inbox', id: 3803, label: 'inbox:Web/Live' }, level: 'admin' },
      ],
    });
    expect(outcome.kind).toBe('outcome');
    expect(giveBack).toMatchObject({ kind: 'intent', access: 101, runId: intent.runId });
    expect(giveBack.rows).toHaveLength(3);
    const shown = (await world.grantd(['audit', 'show', 'state/audit-3229.jsonl'])).stdout.replaceAll(/\s+/g, ' ');
    expect(shown).toContain(
      'this PUT did not name, so it must leave in place: project:App viewer, inbox:Web/Live admin',
    );
    expect(shown).toContain('+ project:App none → viewer given back: an earlier PUT took it without naming it');
    expect((await world.grantd(['audit', 'verify', 'state/audit-3229.jsonl'])).code).toBe(0);
    const state = JSON.parse(readFileSync(join(world.cwd, 'state', 'account-3229.json'), 'utf8'));
    expect(state.puts).toEqual({ proofs: [], open: [] });
    expect(existsSync(join(world.cwd, 'state', 'put-replaces-3229.json'))).toBe(true);
  });
});

describe('a PUT that keeps the rows that it does not name', () => {
  it('is proven by one read more, and remembered where a state is kept', async () => {
    const world = await scene(seed(people(6), { put: 'keeps' }), policy('authoritative', G1(6)));
    const first = await world.grantd(['apply', '--yes', '--state-dir', 'state']);
    expect(first.code).toBe(0);
    expect(puts(world)).toHaveLength(6);
    const gets = () => world.simulator.requests().filter(({ path }) => path.endsWith('/account_accesses')).length;
    expect(gets()).toBe(3);
    for (const { access } of people(6)) {
      world.simulator.writeAsSomebodyElse({ act: 'remove-row', who: access, type: 'sending_domain', id: 5101 });
    }
    await world.grantd(['apply', '--yes', '--state-dir', 'state']);
    expect(gets()).toBe(5);
    expect(kept(world, 6)).toEqual(people(6).map(() => BOTH));
  });

  it('needs no proof where it names every row', async () => {
    const world = await scene(seed(people(3, [])), policy('authoritative', G1(3)));
    const { code } = await world.grantd(['apply', '--yes']);
    expect(code).toBe(0);
    expect(puts(world)).toHaveLength(3);
  });

  it('is tried on one person first, and apply says so before it asks', async () => {
    const world = await scene(seed(people(2), { put: 'keeps' }), policy('authoritative', G1(2)));
    const { code, stderr, asked } = await world.grantd(['apply'], { answer: 'yes' });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'grantd first writes to p1@example.com alone. It then reads whether Mailtrap kept the 2 rows that this PUT does not name.\n' +
        'If Mailtrap takes them, only this process can give them back: do not end it. With --state-dir, the next one could.',
    );
    expect(asked).toContain('Write 2 changes to account 3229?');
    const kept = await world.grantd(['apply', '--state-dir', 'state'], { answer: 'yes' });
    expect(kept.stderr).not.toContain('only this process');
  });

  it('writes to everyone who has no unnamed rows while others wait', async () => {
    const lines = [
      'protected: []',
      LIMITS,
      'grants:',
      '  - { to: [kim@example.com, p1@example.com], resource: domain:example.com, level: viewer }',
    ];
    const world = await scene(seed(people(1, []), { put: 'keeps' }), policy('additive', lines));
    const { code, stdout } = await world.grantd(['apply', '--yes']);
    expect(code).toBe(3);
    expect(world.simulator.rows(101)).toEqual({ 'sending_domain:5101': 10 });
    expect(world.simulator.rows(91)).toEqual({ 'account:3229': 100 });
    expect(stdout).toContain('1 change deferred');
  });
});
