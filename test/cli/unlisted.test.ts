import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { provenAt, workplace } from '../support/workplace.ts';

const EXAMPLE = readFileSync(new URL('../../config/policy.example.yaml', import.meta.url), 'utf8');

/** The example without a word about Erin, who is admin of two projects and viewer of one. */
const WITHOUT_ERIN = EXAMPLE.replace('[erin@example.com, judy@example.com]', '[judy@example.com]')
  .replace(/ {2}- to: erin@example\.com\n(?: {4}.*\n)+/, '')
  .replace(/.*who: erin@.*\n/g, '');

const saying = (unlisted: string) => WITHOUT_ERIN.replace('\nunlisted: revoke\n', unlisted);

let simulator: Simulator;
beforeEach(async () => {
  simulator = await simulate();
});
afterEach(() => simulator.close());

const rowsOf = (email: string) => simulator.state().accesses.find(({ who }) => who === email)?.rows.length;
const lastLine = ({ stdout }: Printed) => stdout.trimEnd().split('\n').at(-1);

/** A policy on the simulated account. */
function scene(policy: string): (...words: readonly string[]) => Promise<Printed> {
  const world = { cwd: workplace({ 'policy.yaml': policy }), env: provenAt(simulator) };
  return (command = '', ...more) => runCli([command, 'policy.yaml', ...more], world);
}

describe('deleting somebody’s last line (case G10)', () => {
  test('is invalid as long as the policy does not say what it means', async () => {
    expect(WITHOUT_ERIN).not.toContain('erin');
    const ended = await scene(saying('\n'))('apply', '--yes');
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain('policy.yaml:12:7: error[unlisted-missing]');
    expect(ended.stderr).toMatch(/help: write `unlisted: revoke` to take .*, `unlisted: keep` to leave it/);
    expect(rowsOf('erin@example.com')).toBe(3);
  });

  test('takes her access with `revoke`', async () => {
    const grantd = scene(WITHOUT_ERIN);
    const plan = JSON.parse((await grantd('plan', '--format', 'json')).stdout);
    expect(plan.counts.leftBehind).toEqual({ principals: 0, rows: 0 });
    expect(plan.unlisted.map((one: { revokedAt: object }) => one.revokedAt)).toEqual(
      Array(2).fill({ file: 'policy.yaml', line: 30 }),
    );
    await grantd('apply', '--yes');
    expect(rowsOf('erin@example.com')).toBe(0);
    expect(rowsOf('grace@example.com')).toBe(0);
  });

  test('leaves it with `keep`, and the last line says so', async () => {
    const grantd = scene(saying('\nunlisted: keep\n'));
    const left = '2 people whom no grant names keep 4 rows (unlisted: keep).';
    expect(lastLine(await grantd('plan'))).toBe(left);
    expect((await grantd('plan', '--format', 'markdown')).stdout).toContain(`may be written. ${left}`);
    expect(JSON.parse((await grantd('plan', '--format', 'json')).stdout).counts.leftBehind).toEqual({
      principals: 2,
      rows: 4,
    });
    expect(lastLine(await grantd('apply', '--yes'))).toMatch(
      /Nothing to change; 1 row cannot be managed; 2 people .*keep\)\.$/,
    );
    expect(rowsOf('erin@example.com')).toBe(3);
    const again = JSON.parse((await grantd('apply', '--yes', '--format', 'json')).stdout);
    expect(again.remaining.leftBehind).toEqual({ principals: 2, rows: 4 });
  });

  test('takes it from those whose e-mail fits, by the line of the pattern', async () => {
    const grantd = scene(saying('\nunlisted:\n  revoke:\n    - nobody@example.com\n    - "ER*@example.com"\n'));
    const planned = await grantd('plan', '--verbose');
    expect(planned.stdout).toContain(
      'no grant that has begun names them, and `unlisted` revokes their access (policy.yaml:33)',
    );
    expect(planned.stdout).toMatch(
      /^ {2}erin@example\.com {3}loses {2}.*\n {2}grace@example\.com {2}keeps {2}billing admin$/m,
    );
    expect(lastLine(planned)).toBe('1 person whom no grant names keeps 1 row (no pattern of `unlisted` fits them).');
    await grantd('apply', '--yes');
    expect([rowsOf('erin@example.com'), rowsOf('grace@example.com')]).toEqual([0, 1]);
  });
});

test('the account is said to be as the policy says only for those that it lists', async () => {
  const grantd = scene(`version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: []
limits: { revokes: { principals: 1, percent: 100 }, admins: 2 }
grants:
  - { to: [carol@example.com, dave@example.com], resource: account, level: admin }
paused: false
`);
  const text =
    'Nothing to change: the account is as the policy says for the 2 principals that it lists; 7 others keep 11 rows (unlisted: keep).';
  expect((await grantd('plan')).stdout).toContain(text);
  const applied = (await grantd('apply', '--yes')).stdout;
  expect(applied).toContain(text);
  expect(applied).not.toContain('as the policy says.');
});

describe('a policy without grants (case G11)', () => {
  const empty = (unlisted: string) => `version: 1
account: 3229
mode: authoritative
unlisted: ${unlisted}
protected: []
limits: { revokes: { principals: 50, percent: 100 }, admins: 1 }
grants: []
paused: false
`;

  test('is warned of, and says whom it leaves what', async () => {
    const grantd = scene(empty('keep'));
    expect((await grantd('validate')).stdout).toContain(
      'warning[takes-nothing]: no grant has begun, so grantd gives nothing and takes nothing. Everyone keeps what they have',
    );
    const planned = await grantd('plan');
    expect(planned.stderr).toContain('the policy has 1 warning');
    expect(planned.stdout).toMatch(
      /Nothing to change: the policy lists no one in the account; 9 people whom no grant names keep [0-9]+ rows \(unlisted: keep\)\./,
    );
  });

  test('takes nothing even with `revoke`', async () => {
    const grantd = scene(empty('revoke'));
    expect((await grantd('validate')).stdout).toContain('takes nothing: the guard empty-policy holds every loss');
    expect((await grantd('apply', '--yes')).code).toBe(3);
    expect(rowsOf('erin@example.com')).toBe(3);
  });

  test('nor does one whose only grant begins later', async () => {
    const later = '\ngrants:\n  - { to: carol@example.com, resource: account, level: admin, from: 2999-01-01 }\n';
    const grantd = scene(empty('revoke').replace('\ngrants: []\n', later));
    expect((await grantd('validate')).stdout).toContain('policy.yaml:8:5: warning[takes-nothing]');
    const ended = await grantd('apply', '--yes');
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('empty-policy: no grant of the policy has begun, and 9 would lose access');
    expect(rowsOf('erin@example.com')).toBe(3);
  });
});
