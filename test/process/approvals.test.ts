import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RowSeed } from '../../src/simulator/seed.ts';
import { runCli } from '../support/in-process.ts';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { smallSeed } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';
import { addressOf, type LogLine, linesOf, logged, startDaemon } from './support/daemon.ts';
import { KillWorld } from './support/kill-world.ts';

const VIEWER: readonly RowSeed[] = [{ type: 'project', id: 1, level: 10 }];
const SEED = smallSeed({
  accesses: [
    { access: 1, kind: 'user', email: 'owner@example.com', owner: true },
    { access: 101, kind: 'user', email: 'ann@example.com', rows: VIEWER },
    { access: 102, kind: 'user', email: 'bob@example.com', rows: VIEWER },
  ],
});
/** Ann and Bob lose a row, and one may. */
const policyWith = (approvals: string) => `version: 1
account: 3229
mode: authoritative
unlisted: revoke
protected: []
limits: { revokes: { principals: 1, percent: 100 }, admins: 1 }
grants:
  - { to: owner@example.com, resource: "project:Web", level: viewer }
${approvals}paused: false
`;
/** A merge that gives Ann her row back. */
const giving = (policy: string) =>
  policy
    .replace('paused: false', '')
    .replace('grants:\n', 'grants:\n  - { to: ann@example.com, resource: "project:#1", level: viewer }\n') +
  'paused: false\n';
const UNTIL = '2999-12-31';
const approvalOf = (digest: string, until = UNTIL) => `approvals: [{ digests: ["${digest}"], until: ${until} }]\n`;

/** The digest of Ann's part. */
async function digestOfAnn(): Promise<string> {
  const simulator = await simulate({ seed: SEED });
  const cwd = workplace({ 'policy.yaml': policyWith('') });
  const { stdout } = await runCli(['plan', '--format', 'json'], { cwd, env: pointedAt(simulator) });
  return JSON.parse(stdout).held[0].digest;
}

describe('an approval in grantd run', () => {
  it('is logged, and stands in status and audit log with its line; the command names the audit log of the daemon', async () => {
    const digest = await digestOfAnn();
    const simulator = await simulate({ seed: SEED });
    const cwd = workplace({ 'policy.yaml': policyWith(approvalOf(digest)) });
    const flags = ['--state-dir', 'state', '--audit-log', "audit's {account}.jsonl"];
    const daemon = startDaemon(['policy.yaml', ...flags], { cwd, env: pointedAt(simulator) });
    const [ended] = await logged(daemon, 'run.ended');
    const approved = {
      digest,
      principal: 'ann@example.com',
      rules: ['revoke-limit'],
      changes: 1,
      by: `policy.yaml:9:13, until ${UNTIL}`,
    };
    expect(ended).toMatchObject({ end: 'held', approved: [approved], approvedCount: 1 });
    expect(linesOf(daemon, 'run.planned')[0]).toMatchObject({ approved: [approved], approvedCount: 1 });
    const [bob] = (ended?.['held'] ?? []) as readonly LogLine[];
    expect(bob?.['approvalLine']).toMatch(/^- \{ digests: \["sha256:[0-9a-f]{64}"\], until: \d{4}-\d\d-\d\d \}$/);
    expect(bob?.['approve']).toBe(
      `grantd apply policy.yaml --approve ${bob?.['digest']} --audit-log 'audit'\\''s {account}.jsonl' --state-dir state`,
    );
    const status = JSON.parse(await (await fetch(`${await addressOf(daemon)}/api/v1/status`)).text());
    expect(status.accounts[0].runs[0].approved).toEqual([approved]);
    const log = readFileSync(join(cwd, "audit's 3229.jsonl"), 'utf8');
    const [intent] = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(intent).toMatchObject({
      kind: 'intent',
      approvals: [{ digest, by: { kind: 'policy', file: 'policy.yaml', line: 9, until: '3000-01-01T00:00:00Z' } }],
    });
    // What was approved once is held the next time, and what was held beside it stays so without the approval.
    writeFileSync(join(cwd, 'policy.yaml'), giving(policyWith(approvalOf(digest))));
    const [, given] = await logged(daemon, 'run.ended', 2);
    expect(given).toMatchObject({ end: 'held', heldCount: 1, applied: 1 });
    writeFileSync(join(cwd, 'policy.yaml'), `${policyWith(approvalOf(digest))}# later\n`);
    const [, , again] = await logged(daemon, 'run.ended', 3);
    expect(again).toMatchObject({ end: 'held', heldCount: 2, approvedCount: 0, noticeCodes: ['approval-spent'] });
    expect(simulator.rows('ann@example.com')).toEqual({ 'project:1': 10 });
    expect(simulator.rows('bob@example.com')).toEqual({ 'project:1': 10 });
  }, 120_000);
});

/** How far apart the kill points are. The shortest stretch between them, from the spent approval to the PUT, is longer. */
const STEP = Number(process.env['GRANTD_KILL_STEP'] ?? 4);

describe('kill -9 while an approved part is written', () => {
  it('before its PUT and after it leaves an approval that is spent: the part is finished once, and never again', async () => {
    const digest = await digestOfAnn();
    const policy = policyWith(approvalOf(digest));
    const last = await boundaries(policy);
    const seen = new Set<string>();
    // Back from the end of the run, over its PUT, to before the approval was saved as spent.
    for (let point = last; point > 0 && !seen.has('unspent, not written'); point -= STEP) {
      seen.add(await killAndGoOn(policy, digest, point));
    }
    expect([...seen].sort()).toEqual(['spent, and written', 'spent, not written', 'unspent, not written']);
  }, 3_600_000);
});

async function boundaries(policy: string): Promise<number> {
  const world = await KillWorld.open(SEED, policy);
  try {
    await untilHeld(world, 1);
    return world.boundaries();
  } finally {
    await world.close();
  }
}

/** Kills the daemon there, starts it again, and gives the row back. Returns what the kill left. */
async function killAndGoOn(policy: string, digest: string, point: number): Promise<string> {
  const world = await KillWorld.open(SEED, policy);
  try {
    const daemon = world.start(point);
    await daemon.printed(/"event":"run\.ended"/).catch(() => {});
    daemon.kill('SIGKILL');
    await daemon.ended;
    const isSpent = world.state().includes(`{"digest":"${digest}","until":"3000-01-01T00:00:00Z"}`);
    const left = `${isSpent ? 'spent' : 'unspent'}, ${world.puts() === 0 ? 'not written' : 'and written'}`;
    await untilHeld(world, 1);
    expect(world.simulator.rows('ann@example.com'), `kill point ${point}`).toEqual({});
    world.save(giving(policy));
    await untilHeld(world, 1);
    expect(world.simulator.rows('ann@example.com'), `kill point ${point}`).toEqual({ 'project:1': 10 });
    world.save(policy);
    await untilHeld(world, 2);
    expect(world.simulator.rows('ann@example.com'), `kill point ${point}`).toEqual({ 'project:1': 10 });
    expect(world.simulator.rows('bob@example.com'), `kill point ${point}`).toEqual({ 'project:1': 10 });
    const verified = await runGrantd(['audit', 'verify', world.auditLog], { cwd: '/' });
    expect(verified.code, `kill point ${point}: ${verified.stdout}`).toBe(0);
    return left;
  } finally {
    await world.close();
  }
}

/** Runs the daemon until a run ended with so many held parts, and stops it in order. */
async function untilHeld(world: KillWorld, count: number): Promise<void> {
  const daemon = world.start(0);
  await daemon.printed(/"event":"run\.ended"/);
  daemon.kill('SIGTERM');
  const { code, stdout, stderr } = await daemon.ended;
  expect(stdout).toMatch(new RegExp(`"event":"run\\.ended".*"heldCount":${count},`));
  expect(code, `${stdout}${stderr}`).toBe(0);
}
