import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { smallSeed } from '../support/small-seed.ts';
import { provenAt, workplace } from '../support/workplace.ts';

const POLICY = `version: 1
account: 3229
mode: authoritative
protected: [owner@example.com]
unlisted: revoke
limits: { revokes: { principals: 5, percent: 90 }, admins: 1 }
grants:
  - { to: ann@example.com, resource: account, level: admin }
  - { to: bob@example.com, resource: "project:Web", level: viewer }
paused: false
`;

const person = (access: number, email: string, rows: readonly { type: string; id: number; level: number }[]) => ({
  access,
  kind: 'user' as const,
  email,
  rows: [...rows],
});

/** grantd takes a row from bob, and then somebody gives dee one in Mailtrap. A snapshot before, and one after. */
async function week() {
  const simulator = await simulate({
    seed: smallSeed({
      accesses: [
        { access: 90, kind: 'user', email: 'owner@example.com', owner: true },
        person(101, 'ann@example.com', [{ type: 'account', id: 3229, level: 100 }]),
        person(102, 'bob@example.com', [{ type: 'project', id: 1, level: 100 }]),
        person(104, 'dee@example.com', []),
      ],
    }),
  });
  const cwd = workplace({ 'policy.yaml': POLICY });
  const env = provenAt(simulator);
  const grantd = (...args: readonly string[]) => runCli(args, { cwd, env });
  await grantd('snapshot', '--out', 'monday.json');
  expect((await grantd('apply', '--yes')).code).toBe(0);
  const put = await fetch(`${simulator.url}/api/accounts/3229/account_accesses/104/permissions/bulk`, {
    method: 'PUT',
    headers: { authorization: 'Bearer simulator-admin-token', 'content-type': 'application/json' },
    body: JSON.stringify({ permissions: [{ resource_type: 'project', resource_id: 2, access_level: 100 }] }),
  });
  expect(put.status).toBe(200);
  await grantd('snapshot', '--out', 'friday.json');
  const log = join(env['GRANTD_STATE_DIR'] ?? '', 'audit-3229.jsonl');
  return { cwd, grantd, log };
}

test('says what changed in the account between two snapshots, and which of it grantd wrote', async () => {
  const { cwd, grantd, log } = await week();
  const plain = await runGrantd(['compare', 'monday.json', 'friday.json'], { cwd });
  expect({ code: plain.code, stderr: plain.stderr }).toEqual({ code: 0, stderr: '' });
  expect(plain.stdout).toMatch(/^Account 3229, from \S+Z to \S+Z: 1 gained, 1 lost\.\n/);
  expect(plain.stdout).toContain('Use --audit-log FILE to see which rows grantd wrote.');
  expect(plain.stdout).not.toContain('written by');

  const { stdout } = await grantd('compare', 'monday.json', 'friday.json', '--audit-log', log);
  expect(stdout).toContain('By the audit log, grantd wrote 1 of 2 changed rows.');
  expect(stdout).toMatch(
    /New admin access \(1\)\n {2}dee@example\.com {2}\S.* {2}none → admin\n {6}not written by grantd, by/,
  );
  expect(stdout).toMatch(
    /Access taken \(1\)\n {2}bob@example\.com {2}project:Web {2}admin → viewer\n {6}written by grantd at \S+Z, run \S+\n/,
  );
  const markdown = (await grantd('compare', 'monday.json', 'friday.json', '--format', 'markdown')).stdout;
  expect(markdown).toContain('### grantd: what changed in account 3229, from ');
  expect(markdown).toContain('| `bob@example.com` | `project:Web` | `admin → viewer` |');
  const json = JSON.parse(
    (await grantd('compare', 'monday.json', 'friday.json', '--audit-log', log, '--format', 'json')).stdout,
  );
  expect(json.counts).toEqual({ gain: 1, lose: 1, newAccountAdmins: 0, noLongerAccountAdmins: 0 });
  expect(json.rows.map((row: { writtenBy: unknown }) => row.writtenBy !== null)).toEqual([false, true]);
});

test('exits with 2 for a difference only if asked, and reads one of the two from standard input', async () => {
  const { cwd, grantd } = await week();
  const exit = async (...args: readonly string[]) => (await grantd('compare', ...args, '--detailed-exitcode')).code;
  expect(await exit('monday.json', 'friday.json')).toBe(2);
  expect(await exit('monday.json', 'monday.json')).toBe(0);
  expect((await grantd('compare', 'monday.json', 'monday.json')).stdout).toContain('No difference.');
  const stdin = readFileSync(join(cwd, 'monday.json'), 'utf8');
  const piped = await runGrantd(['compare', '-', 'friday.json'], { cwd, stdin });
  expect(piped.stdout).toContain('1 gained, 1 lost');
});

test('refuses what cannot be compared, and flags that would say nothing', async () => {
  const { cwd, grantd, log } = await week();
  const other = readFileSync(join(cwd, 'friday.json'), 'utf8').replace(/"account": ?3229/, '"account": 9999');
  writeFileSync(join(cwd, 'other.json'), other);
  const refused = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await grantd('compare', ...args);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    return stderr;
  };
  expect(await refused('policy.yaml', 'friday.json')).toContain(
    'policy.yaml is a policy, and friday.json is a snapshot',
  );
  expect(await refused('friday.json', 'policy.yaml')).toContain(
    'friday.json is a snapshot, and policy.yaml is a policy',
  );
  expect(await refused('friday.json', 'monday.json')).toContain('grantd compare monday.json friday.json');
  expect(await refused('monday.json', 'friday.json', '--at', '2027-01-01')).toContain('--at is for two policies');
  expect(await refused('monday.json', 'friday.json', '--snapshot', 'monday.json')).toContain('--snapshot is for two');
  expect(await refused('policy.yaml', 'policy.yaml', '--audit-log', log)).toContain('--audit-log is for two snapshots');
  expect(await refused('monday.json', 'friday.json', '--audit-log', 'gone.jsonl')).toContain(
    'gone.jsonl does not exist',
  );
  expect(await refused('gone.json', 'friday.json')).toContain('the snapshot gone.json does not exist');
  expect(await refused('gone.json', 'lost.json', '--audit-log', log)).toContain(
    'the snapshot gone.json does not exist',
  );
  expect((await grantd('compare', 'monday.json', 'other.json')).stderr).toMatch(/account|cannot be read/);
});

test('says nothing about who wrote what by a log that was changed', async () => {
  const { grantd, log } = await week();
  writeFileSync(log, readFileSync(log, 'utf8').replace('bob@example.com', 'eve@example.com'));
  const { code, stdout, stderr } = await grantd('compare', 'monday.json', 'friday.json', '--audit-log', log);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('says nothing about who wrote what by a log that may have been changed');
  expect(stderr).toContain('run grantd audit verify');
});
