import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

/** A directory with the policy and a snapshot of the simulated account. */
async function scene(policy = POLICY) {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': policy });
  const world = { cwd, env: pointedAt(simulator) };
  await runCli(['snapshot', '--out', 'account.json'], world);
  simulator.clearRequests();
  return { simulator, cwd, world };
}

/** Time stands at one moment. */
function clockAt(text: string) {
  return { now: () => Date.parse(text), sleep: () => Promise.resolve() };
}

test('review reads the account and its tokens, whatever the policy names, and writes nothing', async () => {
  const { simulator, world } = await scene();
  const ended = await runCli(['review'], world);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const lines = ended.stdout.split('\r\n');
  expect(lines[0]?.startsWith('who,kind,access,status,marks,resource,resource_by_id,actual,')).toBe(true);
  expect(ended.stdout).toMatch(/^grace@example\.com,user,5008,not-named,unlisted,billing,billing:#3229,admin,/m);
  expect(ended.stdout).toMatch(/^heidi@example\.com,user,5009,not-named,idle,,,none,/m);
  expect(ended.stdout).toMatch(/^token:ci,token,,not-named,,inbox:Checkout\/Staging,.*,2030-01-31T00:00:00Z,3229,/m);
  expect(ended.stdout).toMatch(/^token:grantd,token,,not-named,account-admin; own-token,account,/m);
  expect(ended.stdout).toContain(`,API ${simulator.url},policy.yaml sha256:`);
  expect(simulator.requests().every(({ method }) => method === 'GET')).toBe(true);
});

test('a snapshot is reviewed as of its moment: the same bytes on any day, without a token', async () => {
  const dated = POLICY.replace('reason: OPS-123', 'until: 2031-01-01');
  const { simulator, cwd } = await scene(dated);
  for (const format of ['csv', 'markdown', 'json']) {
    const args = ['review', '--snapshot', 'account.json', '--format', format];
    const today = await runCli(args, { cwd });
    const later = await runCli(args, { cwd, clock: clockAt('2035-01-01T00:00:00Z') });
    expect(today.code).toBe(0);
    expect(later.stdout).toBe(today.stdout);
  }
  expect(simulator.requests()).toEqual([]);
});

test('the review of the live account and of a snapshot differ only in their source', async () => {
  const { cwd, world } = await scene();
  const { takenAt } = JSON.parse(readFileSync(join(cwd, 'account.json'), 'utf8'));
  const live = await runCli(['review', '--format', 'json'], { ...world, clock: clockAt(takenAt) });
  const saved = await runCli(['review', '--format', 'json', '--snapshot', 'account.json'], { cwd });
  const { source: from, ...liveRest } = JSON.parse(live.stdout);
  const { source: file, ...savedRest } = JSON.parse(saved.stdout);
  expect(savedRest).toEqual(liveRest);
  expect(from).toMatchObject({ kind: 'account' });
  expect(file).toMatchObject({
    kind: 'snapshot',
    file: 'account.json',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('the hashes in it are those of the files', async () => {
  const { cwd } = await scene();
  const { createHash } = await import('node:crypto');
  const hashOf = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(cwd, name)))
      .digest('hex');
  const { stdout } = await runCli(['review', '--format', 'json', '--snapshot', 'account.json'], { cwd });
  const { policy, source } = JSON.parse(stdout);
  expect([policy.sha256, source.sha256]).toEqual([hashOf('policy.yaml'), hashOf('account.json')]);
});

test('it is saved so that only its owner can read it', async () => {
  const { cwd } = await scene();
  const args = ['review', '--snapshot', 'account.json', '--format', 'markdown'];
  const printed = await runCli(args, { cwd });
  const saved = await runCli([...args, '--out', 'review.md'], { cwd });
  expect(saved).toMatchObject({ code: 0, stdout: '' });
  expect(saved.stderr).toContain('Saved to review.md.');
  expect(readFileSync(join(cwd, 'review.md'), 'utf8')).toBe(printed.stdout);
  expect(statSync(join(cwd, 'review.md')).mode & 0o777).toBe(0o600);
  const nowhere = await runCli([...args, '--out', 'gone/review.md'], { cwd });
  expect(nowhere).toMatchObject({ code: 1, stdout: '' });
});

test('CSV says on stderr that there are notices, and the other formats show them', async () => {
  const { cwd } = await scene(POLICY.replace('"project:Checkout"', '"project:Chekout"'));
  const review = (...args: readonly string[]) => runCli(['review', '--snapshot', 'account.json', ...args], { cwd });
  const csv = await review();
  expect(csv.code).toBe(0);
  expect(csv.stderr).toContain(
    'warning: the review comes with 1 notice, which CSV cannot show\n  help: grantd review --format markdown shows it',
  );
  const markdown = await review('--format', 'markdown');
  expect(markdown.stderr).not.toContain('warning');
  expect(markdown.stdout).toContain('**unresolved-name**');
});

test('a missing or wrong input exits with 4, and prints nothing that looks like a review', async () => {
  const { cwd, world } = await scene();
  const ended = async (args: readonly string[], where: Parameters<typeof runCli>[1] = { cwd }) => {
    const { code, stdout, stderr } = await runCli(['review', ...args], where);
    expect(stdout).toBe('');
    expect(stderr).toContain('help: ');
    return code;
  };
  expect(await ended([])).toBe(4);
  expect(await ended(['--snapshot', 'nowhere.json'])).toBe(4);
  expect(await ended(['--format', 'pdf', '--snapshot', 'account.json'])).toBe(4);
  expect(await ended(['nowhere.yaml'], world)).toBe(4);
  writeFileSync(join(cwd, 'policy.yaml'), POLICY.replace('3229', '3230'));
  expect(await ended(['--snapshot', 'account.json'])).toBe(4);
  expect(await ended([], world)).toBe(1);
});

test('who and explain list API tokens too, though the policy names none', async () => {
  const { world } = await scene();
  const who = await runCli(['who', 'account'], world);
  expect(who.stdout).toContain('token:grantd');
  const token = await runCli(['explain', 'token:backup'], world);
  expect(token.stdout).toContain('No user, invite or token of the account has this name.');
  const known = await runCli(['explain', 'token:ci', 'inbox:Checkout/Staging'], world);
  expect(known.stdout).toContain('actual admin');
});
