import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

/** A directory with the policy, and a simulated account to try it on. */
async function scene(policy = POLICY) {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': policy });
  const env = provenAt(simulator);
  const writes = () => simulator.requests().filter(({ method }) => method === 'PUT').length;
  return { simulator, cwd, env, writes, world: { cwd, env } };
}

/** Ann and Erin lose something, and only one may. */
const HELD = POLICY.replace('principals: 5', 'principals: 1').replace(
  'level: admin\n  - to: erin',
  'level: viewer\n  - to: erin',
);
/** Nobody gains anything, so all there is to write is held. */
const ALL_HELD = HELD.replace(/ {2}- to: ann@example\.com\n {4}resource: "inbox:.*\n.*\n.*\n/, '');
const PAUSED = POLICY.replace('paused: false', 'paused: true');
const OBSERVE = POLICY.replace('mode: authoritative', 'mode: observe');

test('plan shows what would change and writes nothing', async () => {
  const { world, writes } = await scene();
  const text = await runCli(['plan'], world);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('2 changes may be written');
  expect(text.stdout).toContain('OPS-123');
  const markdown = await runCli(['plan', '--format', 'markdown'], world);
  expect(markdown.stdout).toContain('| `ann@example.com` |');
  const json = JSON.parse((await runCli(['plan', '--format', 'json'], world)).stdout);
  expect(json).toMatchObject({ version: 1, account: 3229, verdict: 'allowed' });
  expect(writes()).toBe(0);
});

test('plan says by its exit code what is pending, only with --detailed-exitcode', async () => {
  const { world, cwd } = await scene();
  const exit = async (...args: readonly string[]) => (await runCli(['plan', ...args], world)).code;
  expect(await exit('--detailed-exitcode')).toBe(2);
  expect(await exit('--detailed-exitcode', '--mode', 'observe')).toBe(2);
  writeFileSync(join(cwd, 'policy.yaml'), HELD);
  expect(await exit('--detailed-exitcode')).toBe(3);
  expect(await exit()).toBe(0);
  await runCli(['apply', '--yes'], world);
  writeFileSync(join(cwd, 'policy.yaml'), POLICY);
  await runCli(['apply', '--yes'], world);
  expect(await exit('--detailed-exitcode')).toBe(0);
});

test('a snapshot replaces the account, without a token', async () => {
  const { world, cwd, simulator } = await scene();
  const taken = await runCli(['snapshot', '--out', 'account.json'], world);
  expect(taken).toMatchObject({ code: 0, stdout: '' });
  expect(statSync(join(cwd, 'account.json')).mode & 0o777).toBe(0o600);
  const printed = await runCli(['snapshot'], world);
  expect(JSON.parse(printed.stdout)).toMatchObject({ version: 1, account: 3229 });
  const live = await runCli(['plan', '--format', 'json'], world);
  simulator.clearRequests();
  const offline = await runCli(['plan', '--snapshot', 'account.json', '--format', 'json'], { cwd });
  expect(offline.stdout).toBe(live.stdout);
  expect(offline.stderr).toContain('Judged by the snapshot account.json of 20');
  expect(simulator.requests()).toEqual([]);
});

test('a snapshot of another account is refused', async () => {
  const { world, cwd } = await scene();
  await runCli(['snapshot', '--out', 'account.json'], world);
  writeFileSync(join(cwd, 'policy.yaml'), POLICY.replace('3229', '3230'));
  const ended = await runCli(['plan', '--snapshot', 'account.json'], { cwd });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('is for account 3229, and the policy is for account 3230');
});

test('apply with --yes shows the plan, writes it, and reads the account back', async () => {
  const { world, simulator, writes } = await scene();
  const ended = await runCli(['apply', '--yes'], world);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('2 changes may be written');
  expect(ended.stdout).toContain('2 applied');
  expect(ended.stderr).toContain(
    'may write to this account at the same time\n  help: on Kubernetes, `--lease on` prevents it',
  );
  expect(simulator.rows('ann@example.com')).toEqual({ 'project:4001': 10, 'inbox:3810': 100 });
  expect(writes()).toBe(1);
  const again = await runCli(['apply', '--yes'], world);
  expect(again.code).toBe(0);
  expect(writes()).toBe(1);
});

test('apply on a terminal asks, and writes only after yes', async () => {
  const { world, writes } = await scene();
  for (const answer of ['no', '', 'yes please', null]) {
    const declined = await runCli(['apply'], { ...world, answer });
    expect(declined.code).toBe(1);
    expect(declined.asked).toContain('Write 2 changes to account 3229?');
    expect(declined.stdout).toContain('2 changes may be written');
    expect(declined.stderr).toContain('Nothing was written.');
  }
  expect(writes()).toBe(0);
  const agreed = await runCli(['apply'], { ...world, answer: ' Yes ' });
  expect(agreed.code).toBe(0);
  expect(writes()).toBe(1);
});

test('apply writes only the plan that was agreed to, whatever happens at the question', async () => {
  const { world, simulator, writes } = await scene();
  const meddle = () =>
    simulator.writeAsSomebodyElse({ act: 'remove-row', who: 'erin@example.com', type: 'project', id: 4002 });
  let meddled = false;
  const ended = await runCli(['apply'], {
    ...world,
    answer: 'yes',
    onPrinted: (text) => {
      if (meddled || !text.includes('changes may be written')) return;
      meddled = true;
      meddle();
    },
  });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('newly planned: create erin@example.com');
  expect(ended.stderr).toContain('Next: grantd plan');
  expect(writes()).toBe(0);
});

test('apply asks nothing if it may write nothing', async () => {
  for (const policy of [ALL_HELD, PAUSED, OBSERVE]) {
    const { world, writes } = await scene(policy);
    const ended = await runCli(['apply'], { ...world, answer: 'yes' });
    expect(ended.asked).toBe('');
    expect(ended.stdout).toContain('Nothing was written.');
    expect(ended.code).toBe(policy === OBSERVE ? 0 : 3);
    expect(writes()).toBe(0);
    expect((await runCli(['apply', '--yes'], world)).code).toBe(policy === OBSERVE ? 0 : 3);
  }
});

test('a saved plan is applied as long as it is the plan', async () => {
  const { world, cwd, writes } = await scene();
  const saved = await runCli(['plan', '--out', 'plan.json'], world);
  expect(saved.stderr).toContain('Next: grantd apply --plan plan.json');
  expect(statSync(join(cwd, 'plan.json')).mode & 0o777).toBe(0o600);
  const printed = await runCli(['plan', '--format', 'json'], world);
  expect(readFileSync(join(cwd, 'plan.json'), 'utf8')).toBe(printed.stdout);
  writeFileSync(join(cwd, 'policy.yaml'), POLICY.replace('level: viewer', 'level: admin'));
  const stale = await runCli(['apply', '--yes', '--plan', 'plan.json'], world);
  expect(stale.code).toBe(1);
  expect(stale.stdout).toContain('Nothing was written');
  const asked = await runCli(['apply', '--plan', 'plan.json'], { ...world, answer: 'yes' });
  expect(asked).toMatchObject({ code: 1, asked: '' });
  expect(writes()).toBe(0);
  writeFileSync(join(cwd, 'policy.yaml'), `# moved down by a line\n${POLICY}`);
  const plan = JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8'));
  // A cause is what somebody's memory knows, and no agreement covers it.
  for (const change of plan.changes) change.cause = 'drift';
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan));
  expect((await runCli(['apply', '--yes', '--plan', 'plan.json'], world)).code).toBe(0);
  expect(writes()).toBe(1);
});

test('apply fails if it did not read back every change', async () => {
  const { world, simulator } = await scene();
  simulator.inject({ kind: 'ignored', match: { method: 'PUT' }, times: 'always' });
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const ended = await runCli(['apply', '--yes'], { ...world, clock });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('did not stick');
  expect(ended.stdout.replace(/\s+/g, ' ')).toContain(
    'help: Mailtrap accepted what did not stick, and shows it as it was before; run grantd apply again',
  );
});

test('apply as JSON prints one document on stdout, and the plan that it asks about on stderr', async () => {
  const { world } = await scene();
  const ended = await runCli(['apply', '--format', 'json'], { ...world, answer: 'y' });
  expect(JSON.parse(ended.stdout)).toMatchObject({ version: 1, result: 'written' });
  expect(ended.stderr).toContain('2 changes may be written');
});

test('explain shows desired beside actual, or answers from the policy alone', async () => {
  const { world, cwd, simulator } = await scene();
  const live = await runCli(['explain', 'ann@example.com', 'project:Checkout'], world);
  expect(live).toMatchObject({ code: 0, stderr: '' });
  expect(live.stdout).toContain('actual viewer');
  simulator.clearRequests();
  const offline = await runCli(['explain', 'ann@example.com', '--offline'], world);
  expect(offline.stdout).toContain('OPS-123');
  const withoutToken = await runCli(['explain', 'ann@example.com'], { cwd });
  expect(withoutToken.stdout).toBe(
    offline.stdout.replaceAll(/at 20\S+Z/g, /at 20\S+Z/.exec(withoutToken.stdout)?.[0] ?? ''),
  );
  expect(withoutToken.stderr).toContain('this answer comes from the policy alone');
  expect(simulator.requests()).toEqual([]);
  const json = await runCli(['explain', 'ann@example.com', '--offline', '--format', 'json'], world);
  expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, account: 3229 });
});

test('explain takes its second word for a resource if it is written like one, else for the policy', async () => {
  const cwd = workplace({ 'team.yaml': POLICY });
  const asPolicy = await runCli(['explain', 'ann@example.com', 'team.yaml'], { cwd });
  expect(asPolicy.code).toBe(0);
  const both = await runCli(['explain', 'ann@example.com', 'account', 'team.yaml'], { cwd });
  expect(both.code).toBe(0);
  expect(both.stdout).toContain('on account');
  const asResource = await runCli(['explain', 'ann@example.com', 'account'], { cwd });
  expect(asResource.stderr).toContain('policy.yaml does not exist');
});

test('who lists everyone on a resource, and refuses one that does not exist', async () => {
  const { world } = await scene();
  const ended = await runCli(['who', 'project:Mobile iOS'], world);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('erin@example.com');
  const json = await runCli(['who', 'project:Mobile *', '--format', 'json'], world);
  expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, account: 3229 });
  const unknown = await runCli(['who', 'project:mobile ios'], world);
  expect(unknown.code).toBe(4);
  expect(unknown.stderr).toContain('the account shows no project:mobile ios');
});

test('schema prints each schema as it is shipped', async () => {
  for (const name of ['policy', 'settings', 'plan', 'run', 'explain', 'who', 'snapshot', 'problems', 'account']) {
    const { code, stdout } = await runCli(['schema', name], { cwd: workplace() });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $id: `https://grantd.dev/schemas/${name}.v1.schema.json` });
  }
});

test('a file that cannot be written fails with 1, and nothing is printed as if it had been', async () => {
  const { world } = await scene();
  for (const args of [
    ['plan', '--out', 'gone/plan.json'],
    ['snapshot', '--out', '.'],
    ['validate', '--junit', '.'],
  ]) {
    const ended = await runCli(args, world);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('error[file-unwritable]');
  }
});

test('settings come from config/grantd.yaml if it exists, but not the address', async () => {
  const { cwd, simulator } = await scene();
  const file = join(workplace(), 'named.yaml');
  writeFileSync(file, `apiUrl: ${simulator.url}\npolicy: ${join(cwd, 'policy.yaml')}\n`);
  const named = await runCli(['plan', '--settings', file], {
    cwd: workplace(),
    env: { MAILTRAP_API_TOKEN: ADMIN_TOKEN },
  });
  expect(named).toMatchObject({ code: 0, stderr: '' });
  mkdirSync(join(cwd, 'config'));
  writeFileSync(join(cwd, 'config', 'grantd.yaml'), 'apiPaths: both\n');
  const found = await runCli(['plan'], { cwd, env: provenAt(simulator) });
  expect(found.code).toBe(4);
  expect(found.stderr).toContain('error[settings]: config/grantd.yaml:1:11');
  writeFileSync(join(cwd, 'config', 'grantd.yaml'), `apiUrl: ${simulator.url}\n`);
  const address = await runCli(['plan'], { cwd, env: { MAILTRAP_API_TOKEN: ADMIN_TOKEN } });
  expect(address.code).toBe(4);
  expect(address.stderr).toContain('grantd found this file by itself');
});

test('a held part runs by its digest: what plan prints is what apply takes', async () => {
  const { world, writes } = await scene(HELD);
  const plan = await runCli(['plan'], world);
  const [, command = ''] =
    /or approve it for one run: grantd (apply policy\.yaml --approve sha256:[0-9a-f]{64})/.exec(plan.stdout) ?? [];
  const applied = await runCli([...command.split(' '), '--yes'], world);
  expect(applied.stdout).toContain('Approved (1 part)');
  // The other part stays held in this run. Nothing remembers the approval in the next one, which has one loss to make.
  expect(applied.code).toBe(3);
  expect(applied.stdout).toContain('1 of them is approved, and counts');
  expect(writes()).toBeGreaterThan(0);
  expect((await runCli(['plan', '--detailed-exitcode'], world)).code).toBe(2);
});

test('an approval in the policy is merged with the change that needs it', async () => {
  const { world, cwd } = await scene(HELD);
  const { held } = JSON.parse((await runCli(['plan', '--format', 'json'], world)).stdout);
  const digests = held.map(({ digest }: { readonly digest: string }) => digest);
  const approvals = `approvals:\n  - { digests: ${JSON.stringify(digests)}, until: 2099-12-31 }\npaused: false`;
  writeFileSync(join(cwd, 'policy.yaml'), HELD.replace('paused: false', approvals));
  const json = JSON.parse((await runCli(['plan', '--format', 'json'], world)).stdout);
  const approved = digests.map((digest: string) => ({ digest, isBegun: false }));
  expect(json).toMatchObject({ verdict: 'allowed', held: [], approved });
  expect((await runCli(['apply', '--yes'], world)).code).toBe(0);
});

test.each([['everything'], ['sha256:12'], ['*']])('nothing is approved by %s', async (digest) => {
  const { world, writes } = await scene(HELD);
  const { code, stderr } = await runCli(['apply', '--approve', digest, '--yes'], world);
  expect(code).toBe(4);
  expect(stderr).toContain('--approve takes the digest of a held part');
  expect(writes()).toBe(0);
});

test('an approval of something that is not held is an error that names what is held, and nothing is written', async () => {
  const { world, writes } = await scene(HELD);
  const { held } = JSON.parse((await runCli(['plan', '--format', 'json'], world)).stdout);
  const { code, stdout, stderr } = await runCli(['apply', '--approve', `sha256:${'0'.repeat(64)}`, '--yes'], world);
  expect(stdout).toContain('[approval-unused]');
  expect(stderr).toContain('error[approval-unfit]');
  for (const { digest } of held) expect(stderr).toContain(digest);
  expect(writes()).toBe(0);
  expect(code).toBe(1);
});
