import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const sha256 = createHash('sha256').update(POLICY).digest('hex');

/** The revision that the audit log of an apply tells. */
async function revisionOf(cwd: string, policy: string, stdin = ''): Promise<unknown> {
  const simulator = await simulate();
  const args = ['apply', policy, '--yes', '--audit-log', 'audit.jsonl'];
  const { code, stderr } = await runCli(args, { cwd, env: provenAt(simulator), stdin });
  expect(code, stderr).toBe(0);
  const records = readFileSync(join(cwd, 'audit.jsonl'), 'utf8').trim().split('\n');
  const revisions = records.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'intent');
  expect(revisions.length).toBeGreaterThan(0);
  return revisions[0].revision;
}

describe('the revision of the policy in the audit log of apply', () => {
  it('is the commit that the path leads through, as git-sync publishes it', async () => {
    const cwd = workplace();
    const file = join(cwd, 'git/.worktrees', COMMIT, 'policies/policy.yaml');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, POLICY);
    symlinkSync(`.worktrees/${COMMIT}`, join(cwd, 'git/current'));
    expect(await revisionOf(cwd, 'git/current/policies/policy.yaml')).toEqual({ sha256, commit: COMMIT });
  });

  it('is the hash alone if no link names a commit', async () => {
    expect(await revisionOf(workplace({ 'policy.yaml': POLICY }), 'policy.yaml')).toEqual({ sha256, commit: null });
  });

  it('is the hash alone for standard input', async () => {
    expect(await revisionOf(workplace(), '-', POLICY)).toEqual({ sha256, commit: null });
  });
});
