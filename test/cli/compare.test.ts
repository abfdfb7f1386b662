import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

/** Ann may do more, Erin less; one run may take more. */
const NEXT = POLICY.replace('level: viewer\n  - to: ann', 'level: admin\n  - to: ann')
  .replace('"project:Mobile iOS", "project:Mobile Android"', '"project:Mobile iOS"')
  .replace('percent: 50', 'percent: 60');

function place(files: Readonly<Record<string, string>> = {}): string {
  return workplace({ 'old.yaml': POLICY, 'new.yaml': NEXT, ...files });
}

test('shows what changes for whom, without a token, a network or a settings file', async () => {
  const cwd = place({ 'grantd.yaml': 'nonsense: true' });
  const env = { GRANTD_API_URL: 'http://127.0.0.1:1', MAILTRAP_API_TOKEN: '', GRANTD_POLICY: 'gone.yaml' };
  const { code, stdout, stderr } = await runGrantd(['compare', 'old.yaml', 'new.yaml'], { cwd, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Account 3229, authoritative: 1 gains, 1 loses, 1 change of policy rules.');
  expect(stdout).toMatch(/limits {2}revokes\.percent 50 → 60/);
  expect(stdout).toMatch(/ann@example\.com {2}project:Checkout {2}viewer → admin\n {6}because a grant \(new\.yaml:9\)/);
  expect(stdout).toMatch(
    /erin@example\.com {2}project:Mobile Android {2}admin → none\n {6}was admin: .*\(old\.yaml:16\)/,
  );
});

test('reads one of the two from standard input', async () => {
  const cwd = place();
  const old = await runGrantd(['compare', '-', 'new.yaml', '--format', 'json'], { cwd, stdin: POLICY });
  const next = await runGrantd(['compare', 'old.yaml', '-', '--format', 'json'], { cwd, stdin: NEXT });
  expect(JSON.parse(old.stdout).shifts[1].was[0]).toMatchObject({ file: '(standard input)', line: 16 });
  expect(JSON.parse(next.stdout).shifts[0].now[0]).toMatchObject({ file: '(standard input)', line: 9 });
  const both = await runCli(['compare', '-', '-'], { cwd });
  expect(both).toMatchObject({ code: 4, stdout: '' });
  expect(both.stderr).toContain('both policies are -');
});

test('its exit code says whether anything differs, only with --detailed-exitcode', async () => {
  const cwd = place({ 'same.yaml': `# the same\n${POLICY}` });
  const exit = async (...args: readonly string[]) => (await runCli(['compare', ...args], { cwd })).code;
  expect(await exit('old.yaml', 'new.yaml')).toBe(0);
  expect(await exit('old.yaml', 'new.yaml', '--detailed-exitcode')).toBe(2);
  expect(await exit('old.yaml', 'same.yaml', '--detailed-exitcode')).toBe(0);
});

test('compares on a snapshot, exactly', async () => {
  const simulator = await simulate();
  const cwd = place();
  const saved = await runCli(['snapshot', 'old.yaml', '--out', 'account.json'], { cwd, env: pointedAt(simulator) });
  expect(saved.code).toBe(0);
  const args = ['compare', 'old.yaml', 'new.yaml', '--snapshot', 'account.json'];
  const { code, stdout, stderr } = await runCli(args, { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Judged by the snapshot account\.json of .*, not by the account\.\n$/);
  expect(stdout).toContain('on the account of the snapshot');
  expect(stdout).toMatch(/project:Mobile Android {2}admin → none\n {6}was admin/);
  const markdown = await runCli([...args, '--format', 'markdown'], { cwd });
  expect(markdown.stdout).toContain('| `ann@example.com` | `project:Checkout` | `viewer → admin` |');
  const other = place({ 'account.json': '{}' });
  expect(await runCli(args, { cwd: other })).toMatchObject({ code: 4, stdout: '' });
});

test('compares at another moment', async () => {
  const until = POLICY.replace('level: admin\n    reason', 'level: admin\n    until: 2030-12-31\n    reason');
  const cwd = place({ 'until.yaml': until });
  const now = await runCli(['compare', 'old.yaml', 'until.yaml'], { cwd });
  expect(now.stdout).toContain('inbox:Checkout/QA  admin → admin until 2031-01-01T00:00:00Z');
  const later = await runCli(['compare', 'old.yaml', 'until.yaml', '--at', '2031-01-01'], { cwd });
  expect(later.stdout).toContain('Compared at 2031-01-01T00:00:00Z');
  expect(later.stdout).toMatch(/ann@example\.com {2}inbox:Checkout\/QA {2}admin → viewer/);
  const wrong = await runCli(['compare', 'old.yaml', 'until.yaml', '--at', '31.12.2030'], { cwd });
  expect(wrong).toMatchObject({ code: 4, stdout: '' });
  expect(wrong.stderr).toContain('error[usage]: --at: "31.12.2030" is neither a date nor a moment with its offset');
});

test('reports every problem of both, and compares nothing', async () => {
  const cwd = place({
    'bad.yaml': POLICY.replace('mode: authoritative', 'mode: sometimes'),
    'cut.yaml': 'version: 1\n',
  });
  const { code, stdout, stderr } = await runCli(['compare', 'bad.yaml', 'cut.yaml'], { cwd });
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toContain('bad.yaml:3:7: error[');
  expect(stderr).toContain('cut.yaml:1:1: error[');
  const one = await runCli(['compare', 'old.yaml', 'bad.yaml'], { cwd });
  expect(one).toMatchObject({ code: 4, stdout: '' });
  const missing = await runCli(['compare', 'gone.yaml', 'new.yaml'], { cwd });
  expect(missing).toMatchObject({ code: 4, stdout: '' });
  expect(missing.stderr).toContain('error[policy-unreadable]');
});

test('refuses two policies of two accounts', async () => {
  const cwd = place({ 'other.yaml': POLICY.replace('account: 3229', 'account: 3230') });
  const { code, stderr } = await runCli(['compare', 'old.yaml', 'other.yaml'], { cwd });
  expect(code).toBe(4);
  expect(stderr).toContain('error[usage]: old.yaml is for account 3229, and other.yaml for account 3230');
});

test('says which of the two has warnings', async () => {
  const cwd = place({ 'warned.yaml': POLICY.replace('grants:', 'groups: { nobody: [x@example.com] }\ngrants:') });
  const { code, stderr } = await runCli(['compare', 'old.yaml', 'warned.yaml'], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /warning: warned\.yaml has 1 warning: warned\.yaml:\d+:\d+: unused-group: .*\n {2}help: grantd validate warned\.yaml/,
  );
});
