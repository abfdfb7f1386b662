import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { encodeSnapshot } from '../../src/adapters/snapshot/snapshot.ts';
import { REAL_CLOCK } from '../../src/cli/process/node-io.ts';
import { json, type ScriptedServer, startScriptedServer } from '../adapters/mailtrap/support/scripted-server.ts';
import { buildAccount, listed } from '../support/account-builder.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** An empty directory, and a simulated account to import. */
async function scene(files: Readonly<Record<string, string>> = {}) {
  const simulator = await simulate();
  const cwd = workplace(files);
  const world = { cwd, env: pointedAt(simulator) };
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  return { simulator, cwd, world, read };
}

test('import writes a policy for the account of the token with an empty plan, and writes nothing to the account', async () => {
  const { world, simulator, cwd, read } = await scene();
  const ended = await runCli(['import', '--out', 'policy.yaml'], world);
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  expect(ended.stderr).toBe(
    'Wrote policy.yaml: a policy that changes nothing, with 8 grants, 2 groups, 7 notes at the end. Next: grantd plan policy.yaml\n',
  );
  const text = read('policy.yaml');
  expect(text).toMatch(/^# yaml-language-server: \$schema=/);
  expect(text).toMatch(/\npaused: false\n$/);
  expect(text).toContain('mode: observe');
  expect(text).not.toContain(ADMIN_TOKEN);
  expect((await runCli(['validate'], world)).stdout).toBe('policy.yaml: valid\n');
  for (const mode of ['observe', 'additive', 'authoritative']) {
    expect(await runCli(['plan', '--mode', mode, '--detailed-exitcode'], world)).toMatchObject({ code: 0 });
  }
  expect(simulator.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(statSync(join(cwd, 'policy.yaml')).mode & 0o077, 'like any other file, for it is to be committed').not.toBe(0);
  expect(readdirSync(cwd)).toEqual(['policy.yaml']);
});

test('import prints without a file, and prints the same from a snapshot without a network', async () => {
  const { world, cwd, simulator } = await scene();
  const live = await runCli(['import', '--account', '3229'], world);
  expect(live.stderr).toContain('A policy that changes nothing');
  await runCli(['snapshot', '--account', '3229', '--out', 'account.json'], world);
  simulator.clearRequests();
  const offline = await runCli(['import', '--snapshot', 'account.json', '--out', '-'], { cwd });
  expect(offline.stdout).toBe(live.stdout);
  expect(simulator.requests()).toEqual([]);
});

test('import does not overwrite a file that exists', async () => {
  const { world, read } = await scene({ 'policy.yaml': 'mine\n' });
  const ended = await runCli(['import', '--out', 'policy.yaml'], world);
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('policy.yaml exists already, and grantd does not overwrite it');
  expect(ended.stderr).toContain('grantd import --update policy.yaml');
  expect(read('policy.yaml')).toBe('mine\n');
  const nowhere = await runCli(['import', '--out', 'none/policy.yaml'], world);
  expect(nowhere).toMatchObject({ code: 1 });
  expect(nowhere.stderr).toContain('its directory does not exist');
});

test('import asks for the account or the file if it is not clear', async () => {
  const { world, cwd } = await scene();
  await runCli(['snapshot', '--account', '3229', '--out', 'account.json'], world);
  const errorOf = async (...args: readonly string[]) => {
    const ended = await runCli(args, world);
    expect(ended.code, ended.stderr).toBe(4);
    return ended.stderr;
  };
  expect(await errorOf('import', 'policy.yaml')).toContain('to make a new one: grantd import --out policy.yaml');
  expect(await errorOf('import', '--out', '')).toContain('--out names no file');
  expect(await errorOf('import', '--account', '0x1')).toContain('"0x1" is not an account id');
  expect(await errorOf('import', '--snapshot', 'account.json', '--account', '5')).toContain(
    'is for account 3229, and --account says 5',
  );
  writeFileSync(join(cwd, 'policy.yaml'), POLICY);
  expect(await errorOf('import', '--update', '--account', '5')).toContain(
    'the policy is for account 3229, and --account says 5',
  );
  expect(await errorOf('import', '--update', 'none.yaml')).toContain('none.yaml');
  writeFileSync(join(cwd, 'policy.yaml'), 'version: 1\n');
  expect(await errorOf('import', '--update')).toContain('policy.yaml:1:1: error[missing-key]');
});

test('several accounts of one token are listed, and none is an error', async () => {
  const cwd = workplace();
  const accounts = Array.from({ length: 12 }, (_, index) => ({
    id: 20 + index,
    name: `N${index}`,
    access_levels: [100],
  }));
  const errorOf = async (list: unknown) => {
    const server = await startScriptedServer([json(200, [])], [json(200, list)]);
    servers.push(server);
    return runCli(['import'], { cwd, env: { GRANTD_API_URL: server.url, MAILTRAP_API_TOKEN: ADMIN_TOKEN } });
  };
  const several = await errorOf(accounts);
  expect(several.code).toBe(4);
  expect(several.stderr).toContain('the token administers 12 accounts: 20 (N0), 21 (N1), ');
  expect(several.stderr).toContain('29 (N9) …\n  help: say which one: --account 20');
  const none = await errorOf([{ id: 3, name: 'Viewed', access_levels: [10] }]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('error[wrong-account]: the token administers no account');
  expect((await errorOf({ odd: true })).stderr).toContain('error[api-malformed]');
  const proxy = await runCli(['import'], { cwd, env: { MAILTRAP_API_TOKEN: ADMIN_TOKEN, HTTPS_PROXY: 'no url' } });
  expect(proxy).toMatchObject({ code: 4 });
  expect((await runCli(['import'], { cwd })).stderr).toContain('MAILTRAP_API_TOKEN');
});

test('import writes an account that does not fit into one policy, and the error says what is wrong', async () => {
  const inboxes = Array.from({ length: 400 }, (_, index) => listed('inbox', 5000 + index, `Inbox ${index}`));
  const tree = [listed('account', 3229, 'Account', [listed('project', 4001, 'Checkout', inboxes)])];
  let drawn = 7;
  const next = () => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
    return drawn;
  };
  const accesses = Array.from({ length: 600 }, (_, index) => ({
    access: 1 + index,
    user: `person-${index}@example.com`,
    rows: Object.fromEntries(
      Array.from({ length: 100 }, () => [`inbox:#${5000 + ((next() >> 8) % 400)}`, 'viewer' as const]),
    ),
  }));
  const snapshot = encodeSnapshot(buildAccount({ tree, accesses, apiTokens: [] }), 0);
  const cwd = workplace({ 'account.json': snapshot });
  const ended = await runCli(['import', '--snapshot', 'account.json', '--out', 'policy.yaml'], { cwd });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/error\[file-too-large\]: the file has [0-9]+ bytes; grantd reads at most 1048576/);
  expect(ended.stderr).toContain('the account does not fit into one policy');
  expect(readFileSync(join(cwd, 'policy.yaml'), 'utf8')).toMatch(/\npaused: false\n$/);
});

const UPDATED = `${POLICY.split('tests:')[0]}  # added by hand
  - { to: grace@example.com,   resource: billing, level: admin }  # pays
unlisted: keep
paused: false
`;

test('import --update changes the file in place, keeps the rest of it, and says what it did', async () => {
  const { world, read, cwd } = await scene({ 'policy.yaml': UPDATED });
  chmodSync(join(cwd, 'policy.yaml'), 0o640);
  const shown = await runCli(['import', '--update', '--out', '-'], world);
  expect(read('policy.yaml')).toBe(UPDATED);
  const ended = await runCli(['import', '--update', 'policy.yaml'], world);
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  expect(read('policy.yaml')).toBe(shown.stdout);
  expect(statSync(join(cwd, 'policy.yaml')).mode & 0o777).toBe(0o640);
  expect(ended.stderr).toContain(
    'policy.yaml now says what the account has:\n  taken out: ann@example.com (policy.yaml:12:9)',
  );
  expect(ended.stderr).toContain('\n  added: carol@example.com, dave@example.com, admin on account\n');
  expect(ended.stderr).toContain('\nIts plan is now empty. Next: grantd plan policy.yaml\n');
  expect(read('policy.yaml')).toContain(
    '  # - to: ann@example.com\n  #   resource: "inbox:Checkout/QA"\n  #   level: admin\n  #   reason: OPS-123\n',
  );
  expect(read('policy.yaml')).toContain('  - { to: grace@example.com,   resource: billing, level: admin }  # pays\n');
  expect(await runCli(['plan', '--detailed-exitcode'], world)).toMatchObject({ code: 0 });
  const again = await runCli(['import', '--update'], world);
  expect(again.stderr).toBe('policy.yaml already says what the account has: nothing to take over.\n');
});

test('import --update writes to another file, and from standard input to standard output', async () => {
  const { world, read } = await scene({ 'policy.yaml': UPDATED });
  await runCli(['import', '--update', '--out', 'new.yaml'], world);
  expect(read('policy.yaml')).toBe(UPDATED);
  const piped = await runCli(['import', '--update', '-'], { ...world, stdin: UPDATED });
  expect(piped.stdout).toBe(read('new.yaml'));
  expect(piped.stderr).toContain('(standard input) now says what the account has:');
});

test('import --update reports what it cannot take over, and how many rows still differ', async () => {
  const policy = `${POLICY.split('grants:')[0]}grants:\n  - { to: ann@example.com, resource: "project:*", level: viewer }\nunlisted: keep\npaused: false\n`;
  const { world } = await scene({ 'policy.yaml': policy });
  const ended = await runCli(['import', '--update'], world);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(
    'Not taken over:\n  ann@example.com does not have what policy.yaml:9:5 gives on project:Mobile Android: a pattern gives it;',
  );
  expect(ended.stderr).toMatch(/\n4 rows still differ\. Next: grantd plan\n$/);
});

test('a policy that ignores everyone has nothing to take over', async () => {
  const policy = `${POLICY.split('grants:')[0]}ignore: ["*@example.com", "*@contractor.example"]\ngrants: []\nunlisted: keep\npaused: false\n`;
  const { world } = await scene({ 'policy.yaml': policy.replace('[owner@example.com]', '[]') });
  const ended = await runCli(['import', '--update'], world);
  expect(ended.stderr).toBe('policy.yaml already says what the account has: nothing to take over.\n');
});

test('import --update does not overwrite a policy that someone saves in the meantime', async () => {
  const { world, cwd, read } = await scene({ 'policy.yaml': UPDATED });
  const saved = `# saved\n${UPDATED}`;
  const now = () => {
    writeFileSync(join(cwd, 'policy.yaml'), saved);
    return REAL_CLOCK.now();
  };
  const ended = await runCli(['import', '--update'], { ...world, clock: { ...REAL_CLOCK, now } });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('policy.yaml changed in the meantime, so grantd did not write it');
  expect(read('policy.yaml')).toBe(saved);
});
