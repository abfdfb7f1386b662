import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { smallSeed } from '../support/small-seed.ts';
import { provenAt, workplace } from '../support/workplace.ts';

/** Two people lose what no line grants; ann is an account admin and stays. */
const POLICY = `version: 1
account: 3229
mode: authoritative
protected: [owner@example.com]
unlisted: revoke
limits: { revokes: { principals: 5, percent: 90 }, admins: 1 }
ends:
  cy@example.com: 2026-01-01
grants:
  - { to: ann@example.com, resource: account, level: admin }
  - { to: [bob@example.com, cy@example.com], resource: "project:Web", level: viewer }
paused: false
`;

const person = (access: number, email: string, rows: readonly { type: string; id: number; level: number }[]) => ({
  access,
  kind: 'user' as const,
  email,
  rows: [...rows],
});

async function taken() {
  const simulator = await simulate({
    seed: smallSeed({
      accesses: [
        { access: 90, kind: 'user', email: 'owner@example.com', owner: true },
        person(101, 'ann@example.com', [{ type: 'account', id: 3229, level: 100 }]),
        person(102, 'bob@example.com', [
          { type: 'project', id: 1, level: 100 },
          { type: 'inbox', id: 21, level: 10 },
        ]),
        person(103, 'cy@example.com', [{ type: 'project', id: 1, level: 10 }]),
        person(104, 'dee@example.com', [{ type: 'project', id: 2, level: 10 }]),
      ],
    }),
  });
  const cwd = workplace({ 'policy.yaml': POLICY });
  const env = provenAt(simulator);
  const grantd = (...args: readonly string[]) => runCli(args, { cwd, env });
  const before = [102, 104].map((access) => simulator.rows(access));
  expect((await grantd('apply', '--yes')).code).toBe(0);
  return { simulator, cwd, env, grantd, before };
}

const SINCE = ['--since', '2020-01-01'];

test('undo prints grants that give back exactly what was taken, once they are in the policy', async () => {
  const { simulator, cwd, grantd, before } = await taken();
  expect([102, 103, 104].map((access) => simulator.rows(access))).toEqual([{ 'project:1': 10 }, {}, {}]);
  const { code, stdout, stderr } = await grantd('audit', 'undo', ...SINCE);
  expect(code).toBe(0);
  expect(stdout).toContain('resource: "project:#1" # project:Web\n    level: admin');
  expect(stderr).toBe(
    'note: `ends` still ends the access of these people. Delete those lines first:\n  cy@example.com (policy.yaml:8)\n',
  );
  writeFileSync(join(cwd, 'policy.yaml'), POLICY.replace('grants:\n', `grants:\n${stdout}`));
  expect((await grantd('apply', '--yes')).code).toBe(0);
  expect([102, 104].map((access) => simulator.rows(access))).toEqual(before);
  expect(simulator.rows(103)).toEqual({});
  const again = await grantd('audit', 'undo', ...SINCE, '--who', 'bob@example.com');
  expect(again.stdout).toBe(
    '  # Nothing is left to give back of what grantd took from bob@example.com since 2020-01-01T00:00:00Z.\n',
  );
  expect(again.stderr).toBe('note: A later write has given back 2 rows.\n');
});

test('undo of one run or of one person takes only their part', async () => {
  const { grantd } = await taken();
  const shown = JSON.parse((await grantd('audit', 'show', '--format', 'json')).stdout);
  const runId = shown.entries[0].intent.runId;
  const dee = await grantd('audit', 'undo', '--run', runId, '--who', 'DEE@example.com', '--format', 'json');
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  expect(JSON.parse(dee.stdout)).toEqual({
    version: 1,
    grants: [
      {
        to: ['dee@example.com'],
        resources: [{ resource: 'project:#2', label: 'project:App' }],
        level: 'viewer',
        reason: `gives back what grantd took from DEE@example.com in run ${runId}`,
        until,
      },
    ],
    notes: [],
  });
  expect((await grantd('audit', 'undo', '--run', 'run-0')).stdout).toContain('Nothing is left to give back');
});

test('undo says nothing by a log that was changed', async () => {
  const { env, grantd } = await taken();
  const file = join(env['GRANTD_STATE_DIR'] ?? '', 'audit-3229.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"before":"admin"', '"before":"owner"'));
  const { code, stdout, stderr } = await grantd('audit', 'undo', ...SINCE);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('grantd gives back nothing by a log that may have been changed');
});

test('undo asks what to give back, and each action refuses the flags of another', async () => {
  const { grantd } = await taken();
  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await grantd('audit', ...args);
    expect(code).toBe(4);
    return stderr.replaceAll(/\s+/g, ' ');
  };
  expect(await refused('undo')).toContain('audit undo does not say what to give back');
  expect(await refused('undo', '--last', '3')).toContain('--last is for audit show');
  expect(await refused('show', '--drift')).toContain('--drift is for audit undo');
  expect(await refused('verify', '--since', '2026-01-01')).toContain('--since is for audit show and undo');
  expect(await refused('show', '--since', 'yesterday')).toContain('--since: ');
});

test('show takes what lies between two moments, a date with its last moment', async () => {
  const { grantd } = await taken();
  const count = async (...flags: readonly string[]) =>
    JSON.parse((await grantd('audit', 'show', '--format', 'json', ...flags)).stdout).entries.length;
  const today = new Date().toISOString().slice(0, 10);
  expect(await count(...SINCE)).toBe(3);
  expect(await count('--until', today)).toBe(3);
  expect(await count('--until', '2020-01-01')).toBe(0);
  expect(await count('--since', '2999-01-01')).toBe(0);
  const { stdout } = await grantd('audit', 'show', '--since', '2999-01-01');
  expect(stdout).toBe('no record since 2999-01-01T00:00:00Z\n');
});
