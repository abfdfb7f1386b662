import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { DOCTOR_POLICY_CHECKS, FLEET_CHECKS, MACHINE_CHECKS } from '../../src/cli/commands/doctor/checks.ts';
import { FINDING_STATUSES } from '../../src/report/doctor/json.ts';
import type { AccountSeed, TokenSeed } from '../../src/simulator/seed.ts';
import { inNamespace, whyNot } from '../adapters/policy-file/delivery/support/namespace.ts';
import { ensureBuilt, MAIN } from '../support/build.ts';
import { runCli } from '../support/in-process.ts';
import { runGrantd } from '../support/process.ts';
import { EXAMPLE, simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

const CHECKS = [...MACHINE_CHECKS, ...FLEET_CHECKS, ...DOCTOR_POLICY_CHECKS].map(({ name }) => name);
const SCHEMA = JSON.parse(readFileSync(new URL('../../schemas/doctor.v1.schema.json', import.meta.url), 'utf8'));
const WRONG_TOKEN = 'c0ffee11d00dfeed5eedcafe0badf00d';

interface Check {
  readonly check: string;
  readonly policy: string | null;
  readonly status: string;
  readonly found: string;
  readonly remedy: string | null;
}

/** The findings of a JSON report, which is held against its schema. No secret may stand in it. */
function checksOf(stdout: string): readonly Check[] {
  const report = JSON.parse(stdout);
  const validate = new Ajv({ allErrors: true }).compile(SCHEMA);
  expect(validate(report) ? [] : validate.errors).toEqual([]);
  for (const { status, remedy } of report.checks) {
    expect(remedy === null).toBe(status === 'ok' || status === 'unknown');
  }
  expect(report.healthy).toBe(report.checks.every(({ status }: Check) => status !== 'fail'));
  for (const secret of [ADMIN_TOKEN, WRONG_TOKEN]) expect(stdout).not.toContain(secret);
  return report.checks;
}

interface Doctored {
  readonly code: number | null;
  readonly stderr: string;
  readonly checks: readonly Check[];
  /** The finding of one check, as `status: what was found`. */
  readonly of: (check: string) => string;
  readonly failed: readonly string[];
}

function doctored({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }): Doctored {
  const checks = checksOf(stdout);
  const of = (check: string) =>
    checks.flatMap((one) => (one.check === check ? [`${one.status}: ${one.found}`] : [])).join('\n');
  return {
    code,
    stderr,
    checks,
    of,
    failed: checks.flatMap(({ check, status }) => (status === 'fail' ? [check] : [])),
  };
}

/** A doctor in a process of its own. */
async function inProcess(cwd: string, env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return doctored(await runGrantd(['doctor', '--format', 'json', ...args], { cwd, env }));
}

/** The same in this process, for what needs no other. */
async function here(cwd: string, env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return doctored(await runCli(['doctor', '--format', 'json', ...args], { cwd, env }));
}

function exampleSeed(change: (token: TokenSeed) => TokenSeed = (token) => token): AccountSeed {
  const { tokens } = EXAMPLE;
  return { ...EXAMPLE, tokens: tokens.map((token) => (token.secret === ADMIN_TOKEN ? change(token) : token)) };
}

test('doctor finds a healthy setup healthy, and only reads', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY, secret: 'a-secret-of-http', url: 'https://hooks.example.com/T0/B0' });
  for (const file of ['secret', 'url']) chmodSync(join(cwd, file), 0o600);
  mkdirSync(join(cwd, 'state'));
  const outlets = ['--http-token-file', 'secret', '--slack-url-file', 'url', '--webhook-url-file', 'url'];
  const args = ['--state-dir', 'state', ...outlets];
  const ended = await inProcess(cwd, pointedAt(simulator), ...args);
  expect(ended.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.checks.map(({ check }) => check)).toEqual(CHECKS);
  expect(new Set(simulator.requests().map(({ method }) => method))).toEqual(new Set(['GET']));
  expect(readdirSync(join(cwd, 'state'))).toEqual([]);
  expect(JSON.stringify(ended.checks)).not.toMatch(/a-secret-of-http|hooks\.example/);
  expect(ended.of('settings')).toContain('stateDir (--state-dir)');
  expect(ended.of('policy')).toContain('account 3229, authoritative, 4 grants');
  expect(ended.of('rights')).toContain('admin on the account; 10 of 11');
  const text = await runGrantd(['doctor', ...args], { cwd, env: pointedAt(simulator) });
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain(`${CHECKS.length} ok, 0 warnings, 0 failed, 0 unknown`);
});

test('a wrong token is reported once; checks that need it are unknown, and the rest run', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const ended = await inProcess(cwd, { ...pointedAt(simulator), MAILTRAP_API_TOKEN: WRONG_TOKEN });
  expect(ended).toMatchObject({ code: 1, failed: ['account'] });
  expect(ended.of('account')).toContain('401');
  for (const check of ['rights', 'expiry', 'clock']) expect(ended.of(check)).toContain('unknown: not asked');
  expect(ended.checks.map(({ check }) => check)).toEqual(CHECKS);
  const text = await runGrantd(['doctor'], { cwd, env: { ...pointedAt(simulator), MAILTRAP_API_TOKEN: WRONG_TOKEN } });
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(/fail +account .*\n +help: Check/);
  expect(text.stdout + text.stderr).not.toContain(WRONG_TOKEN.slice(0, 8));
});

test('without a token the check fails, and doctor sends no request', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const ended = await here(cwd, { GRANTD_API_URL: simulator.url });
  expect(ended).toMatchObject({ code: 1, failed: ['token'] });
  expect(ended.of('account')).toBe('unknown: not asked: there is no token to ask with');
  expect(simulator.requests()).toEqual([]);
});

test('a policy for another account is reported with the accounts of the token', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY.replace('3229', '3230') });
  const ended = await inProcess(cwd, pointedAt(simulator));
  expect(ended).toMatchObject({ code: 1, failed: ['account'] });
  expect(ended.of('account')).toContain('the policy is for account 3230');
  expect(ended.of('account')).toContain('3229 "Example"');
});

test('a token of one project is no admin of the account', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const ended = await here(cwd, { ...pointedAt(simulator), MAILTRAP_API_TOKEN: 'simulator-project-token' });
  expect(ended).toMatchObject({ code: 1, failed: ['account'] });
});

test('an invalid policy exits with 4, and doctor asks about no unknown account', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY.replace('mode: authoritative', 'mode: all').replace('erin@', '') });
  const ended = await inProcess(cwd, pointedAt(simulator));
  expect(ended.code).toBe(4);
  expect(ended.of('policy')).toMatch(/^fail: invalid: \d errors, the first at policy\.yaml:3:7: /);
  expect(ended.of('token')).toContain('ok: given by MAILTRAP_API_TOKEN');
  expect(ended.of('account')).toContain('unknown: not asked: no valid policy');
  expect(simulator.requests()).toEqual([]);
  const missing = await here(cwd, pointedAt(simulator), 'gone.yaml');
  expect(missing.code).toBe(4);
  expect(missing.of('policy')).toContain('gone.yaml does not exist');
});

test('invalid settings exit with 4 before any check runs', async () => {
  const ended = await runCli(['doctor'], { cwd: workplace(), env: { GRANTD_SCHEDULE: '*/70 * * * *' } });
  expect(ended).toMatchObject({ code: 4, stdout: '' });
  expect(ended.stderr).toContain('GRANTD_SCHEDULE: schedule has a step');
});

test('if the API does not answer, account fails and rate-limit is unknown', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const cwd = workplace({ 'policy.yaml': POLICY });
  const ended = await inProcess(cwd, { GRANTD_API_URL: `http://127.0.0.1:${port}`, MAILTRAP_API_TOKEN: ADMIN_TOKEN });
  expect(ended).toMatchObject({ code: 1, failed: ['account'] });
  expect(ended.of('rate-limit')).toBe('unknown: no request was answered');
  expect(ended.of('clock')).toContain('unknown');
});

test('a policy that is mounted by itself is warned of', skippedFor(whyNot('mount')), async () => {
  ensureBuilt();
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY, 'from.yaml': POLICY });
  const script = `mount --bind '${cwd}/from.yaml' '${cwd}/policy.yaml'`;
  const [command, ...args] = inNamespace('mount', script, [process.execPath, MAIN, 'doctor', '--format', 'json']);
  const env = { PATH: process.env['PATH'], ...pointedAt(simulator) };
  const { stdout } = await promisify(execFile)(command, args, { cwd, env });
  const mount = checksOf(stdout).find(({ check }) => check === 'mount');
  expect(mount?.status).toBe('warn');
  expect(mount?.found).toContain('policy.yaml is mounted by itself');
  expect(mount?.remedy).toContain('mount the directory');
});

test('each directory that cannot be written and each secret that cannot be read fails', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY, 'a-file': '', url: 'no url', open: 'an-open-secret' });
  chmodSync(join(cwd, 'open'), 0o644);
  const files = ['--state-dir', 'a-file/state', '--audit-log', 'a-file/{account}.jsonl'];
  const ended = await here(cwd, pointedAt(simulator), ...files, '--http-token-file', 'none', '--slack-url-file', 'url');
  expect(ended).toMatchObject({ code: 1, failed: ['state', 'http', 'notifications', 'audit'] });
  expect(ended.of('state')).toContain('a-file/state, is not a directory');
  expect(ended.of('audit')).toContain('a-file, is not a directory');
  expect(ended.of('http')).toContain('httpTokenFile (none): grantd cannot read the file (ENOENT)');
  const warned = await here(cwd, pointedAt(simulator), '--http-token-file', 'open', '--webhook-secret-file', 'open');
  expect(warned.of('http')).toContain('warn: httpTokenFile (open): every user');
  expect(warned.of('notifications')).toContain('warn: ');
  const made = await here(cwd, pointedAt(simulator), '--state-dir', 'not/there/yet');
  expect(made.of('state')).toBe('ok: grantd can write to not/there/yet, or make it');
  expect(made.of('audit')).toMatch(/^ok: not\/there\/yet\/audit-3229\.jsonl does not exist yet/);
  expect(existsSync(join(cwd, 'not'))).toBe(false);
  mkdirSync(join(cwd, 'audit-3229.jsonl'));
  expect((await here(cwd, pointedAt(simulator), '--state-dir', '.')).of('audit')).toBe(
    'fail: audit-3229.jsonl is not a file',
  );
});

test('doctor warns of an address that others can reach without a token', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const http = async (address: string) => (await here(cwd, {}, '--http-address', address)).of('http');
  expect(await http('0.0.0.0:9911')).toMatch(/^warn: .*no httpTokenFile/);
  expect(await http('[::1]:9911')).toMatch(/^ok: /);
  expect(await http('off')).toMatch(/^ok: off/);
});

test('doctor reads the secret for audit events, and warns where no port takes them', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY, secret: '0123456789abcdef0123456789abcdef' });
  chmodSync(join(cwd, 'secret'), 0o600);
  const http = async (file: string, ...more: string[]) =>
    (await here(cwd, {}, '--mailtrap-webhook-secret-file', file, ...more)).of('http');
  expect(await http('none')).toContain('fail: mailtrapWebhookSecretFile (none): grantd cannot read the file (ENOENT)');
  expect(await http('secret')).toMatch(/^ok: /);
  expect(await http('{account}')).toMatch(/^ok: /);
  expect(await http('secret', '--http-address', 'off')).toMatch(/^warn: off, so that nothing takes/);
});

test('a clock that is off by half a minute is a warning, by five minutes a failure', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const clock = async () => (await here(cwd, pointedAt(simulator))).of('clock');
  simulator.advanceClock(90_000);
  expect(await clock()).toMatch(/^warn: this clock is \d+ s behind/);
  simulator.advanceClock(-500_000);
  expect(await clock()).toMatch(/^fail: this clock is \d+ s ahead of that of the API, so grantd would write nothing/);
});

test('doctor says when its own token expires, if it can identify it', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const expiry = async (change: (token: TokenSeed) => TokenSeed) => {
    const simulator = await simulate({ seed: exampleSeed(change) });
    return (await here(cwd, pointedAt(simulator))).of('expiry');
  };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  expect(await expiry((token) => ({ ...token, expiresAt: inDays(9.5) }))).toMatch(/^warn: .*, in 9 days$/);
  expect(await expiry((token) => ({ ...token, expiresAt: inDays(90) }))).toMatch(/^ok: the token expires at 20/);
  const { id: _, ...unlisted } = exampleSeed().tokens.find(({ secret }) => secret === ADMIN_TOKEN) ?? {
    name: '',
    secret: '',
  };
  expect(await expiry(() => unlisted)).toContain('unknown: the list of API tokens shows none');
});

test('a list of tokens that cannot be read fails only the policy that needs it', async () => {
  const cwd = workplace({
    'policy.yaml': POLICY,
    'tokens.yaml': POLICY.replace('grants:', 'tokens: { ci: { access: 5142, token: 2496915 } }\ngrants:'),
  });
  const simulator = await simulate();
  simulator.inject({ kind: 'status', status: 403, match: { path: 'api_tokens' }, times: 'always' });
  expect((await here(cwd, pointedAt(simulator))).of('expiry')).toContain('unknown: the API tokens could not be read');
  expect(await here(cwd, pointedAt(simulator), 'tokens.yaml')).toMatchObject({ code: 1, failed: ['expiry'] });
});

test('doctor warns if a request exceeded the rate limit', async () => {
  const simulator = await simulate();
  simulator.inject({ kind: 'status', status: 429, retryAfter: 0, times: 1 });
  const ended = await here(workplace({ 'policy.yaml': POLICY }), pointedAt(simulator));
  expect(ended.of('rate-limit')).toMatch(/^warn: 1 of \d requests exceeded the rate limit/);
});

test('rights reports a token that may write nothing', async () => {
  const simulator = await simulate();
  simulator.inject({ kind: 'shape', shape: 'null', match: { path: 'account_accesses' }, times: 'always' });
  const ended = await here(workplace({ 'policy.yaml': POLICY }), pointedAt(simulator));
  expect(ended).toMatchObject({ code: 1, failed: ['rights'] });
  expect(ended.of('clock')).toContain('unknown');
});

test('schedule shows the next slots in their zone, and how zone and days affect them', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const schedule = async (...args: readonly string[]) => (await here(cwd, {}, ...args)).of('schedule');
  expect(await schedule()).toMatch(/Etc\/UTC: (20\S+ \d\d:(00|15|30|45):00 GMT\+00:00,? ?){3}$/);
  expect(await schedule('--timezone', 'Europe/Berlin')).toContain('slots in the repeated hour are skipped');
  expect(await schedule('--timezone', 'Asia/Tokyo', '--schedule', '@daily')).toMatch(/00:00:00 GMT\+09:00$/);
  expect(await schedule('--schedule', '0 0 13 * 5')).toContain('must match both day of month and day of week');
});

test('policy says what stops grantd from writing', async () => {
  const paused = workplace({ 'policy.yaml': POLICY.replace('paused: false', 'paused: true') });
  expect((await here(paused, {})).of('policy')).toMatch(/^warn: paused, so grantd writes nothing/);
  const observing = workplace({ 'policy.yaml': POLICY.replace('mode: authoritative', 'mode: observe') });
  expect((await here(observing, {})).of('policy')).toContain('observe (writes nothing)');
  const dated = workplace({ 'policy.yaml': POLICY.replace('reason: OPS-123', 'until: 2999-12-31') });
  expect((await here(dated, {})).of('policy')).toContain('the next date in it is 3000-01-01T00:00:00Z');
});

test('noticing sets up the watch of the daemon to try it', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const noticing = async (...args: readonly string[]) => (await here(cwd, {}, ...args)).of('noticing');
  expect(await noticing()).toMatch(/^ok: by inotify.*every 15000 ms$/);
  expect(await noticing('--watch', 'polling', '--poll-interval-ms', '500')).toMatch(/^ok: by polling.*every 500 ms/);
  symlinkSync('policy.yaml', join(cwd, 'link.yaml'));
  expect(await noticing('link.yaml')).toMatch(/^ok: by inotify/);
});

test('a proxy appears only with its host, and an unknown variable is named', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const env = {
    HTTPS_PROXY: 'http://user:hunter2secret@proxy.example.com:3128',
    NO_PROXY: 'x',
    GRANTD_CONCURENCY: '1',
  };
  const ended = await here(cwd, env);
  expect(ended.of('proxy')).toBe(
    'ok: requests to mailtrap.io go through proxy.example.com:3128, unless NO_PROXY names it',
  );
  expect(ended.of('settings')).toMatch(/^warn: .*GRANTD_CONCURENCY$/);
  expect(JSON.stringify(ended.checks)).not.toContain('hunter2');
  const bad = await here(cwd, { HTTPS_PROXY: '//hunter2 8080' });
  expect(bad.failed).toContain('proxy');
  expect(JSON.stringify(bad.checks)).not.toContain('hunter2');
  const scheme = await here(cwd, { HTTPS_PROXY: 'ftp://hunter2:21' });
  expect(scheme.of('proxy')).toMatch(/^fail: HTTPS_PROXY: its scheme is neither http nor https/);
  const bare = await here(cwd, { HTTPS_PROXY: 'user:hunter2%@proxy.corp:3128' });
  expect(bare.of('proxy')).toBe('ok: requests to mailtrap.io go through proxy.corp:3128');
  const around = await here(cwd, { HTTPS_PROXY: 'proxy.corp:3128', NO_PROXY: '.mailtrap.io' });
  expect(around.of('proxy')).toBe('ok: none: NO_PROXY names mailtrap.io');
});

/** Two accounts on one API, and settings that keep both. */
async function twoAccounts(second = POLICY.replace('3229', '4000')) {
  const other: AccountSeed = {
    account: { id: 4000, name: 'Other' },
    resources: [{ type: 'project', id: 1, name: 'Checkout' }],
    tokens: [{ name: 'b', secret: 'token-of-b-0001', id: 9, rows: [{ type: 'account', id: 4000, level: 100 }] }],
    accesses: [
      { access: 1, kind: 'user', email: 'owner@example.com', owner: true },
      { access: 2, kind: 'user', email: 'ann@example.com', rows: [] },
    ],
  };
  const simulator = await simulate({ seed: [exampleSeed(), other] });
  const cwd = workplace({ 'a.yaml': POLICY, 'b.yaml': second, 'token-a': ADMIN_TOKEN, 'token-b': 'token-of-b-0001' });
  for (const file of ['token-a', 'token-b']) chmodSync(join(cwd, file), 0o600);
  const entries = ['a', 'b'].map((one) => `  - { policy: ${one}.yaml, tokenFile: token-${one} }\n`);
  writeFileSync(join(cwd, 'grantd.yaml'), `accounts:\n${entries.join('')}`);
  return { cwd, env: { GRANTD_API_URL: simulator.url, GRANTD_SETTINGS: 'grantd.yaml' } };
}

test('doctor checks every account of the settings, each with its token', async () => {
  const { cwd, env } = await twoAccounts();
  const ended = await inProcess(cwd, env);
  expect(ended).toMatchObject({ code: 0, failed: [] });
  expect(ended.of('account')).toBe(
    'ok: the token is admin or owner of account 3229\nok: the token is admin or owner of account 4000',
  );
  expect(ended.of('accounts')).toBe('ok: 2 accounts, each with one policy');
  expect(new Set(ended.checks.map(({ policy }) => policy))).toEqual(new Set([null, 'a.yaml', 'b.yaml']));
  expect((await here(cwd, env, 'b.yaml')).of('account')).toBe('ok: the token is admin or owner of account 4000');
});

test('two policies for one account fail', async () => {
  const { cwd, env } = await twoAccounts(POLICY);
  const ended = await here(cwd, env);
  expect(ended.code).toBe(1);
  expect(ended.of('accounts')).toBe('fail: a.yaml and b.yaml are both for account 3229');
});

test('a command for one account takes the named policy, with its token', async () => {
  const { cwd, env } = await twoAccounts();
  const snapshot = await runCli(['snapshot', 'b.yaml'], { cwd, env });
  expect(JSON.parse(snapshot.stdout).account).toBe(4000);
  expect((await runCli(['plan', 'a.yaml'], { cwd, env })).code).toBe(0);
  const none = await runCli(['plan'], { cwd, env });
  expect(none).toMatchObject({ code: 4, stdout: '' });
  expect(none.stderr).toContain('name the policy: a.yaml, b.yaml');
  writeFileSync(join(cwd, 'c.yaml'), POLICY);
  const unlisted = await runCli(['plan', 'c.yaml'], { cwd, env });
  expect(unlisted.stderr).toContain('there is no API token');
  expect((await runCli(['plan', 'c.yaml'], { cwd, env: { ...env, MAILTRAP_API_TOKEN: ADMIN_TOKEN } })).code).toBe(0);
  writeFileSync(join(cwd, 'grantd.yaml'), 'accounts: [{ policy: b.yaml, tokenFile: token-b }]\n');
  expect(JSON.parse((await runCli(['snapshot'], { cwd, env })).stdout).account).toBe(4000);
});

test('docs/cli.md and the schema have the checks that exist', () => {
  const docs = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const [, section = ''] = docs.split('### `grantd doctor [POLICY]`');
  const rows = [...(section.split('\n### ')[0] ?? '').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(CHECKS);
  const { check, status } = SCHEMA.properties.checks.items.properties;
  expect(check.enum).toEqual(CHECKS);
  expect(status.enum).toEqual(FINDING_STATUSES);
});
