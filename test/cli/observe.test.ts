import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { schemaErrors } from '../report/schema-check.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await simulate();
});
afterEach(() => simulator.close());

const rowsOf = (email: string) =>
  simulator
    .state()
    .accesses.find(({ who }) => who === email)
    ?.rows.map(({ type, id, level }) => `${type} ${id} ${level}`);
const puts = () => simulator.requests().filter(({ method }) => method === 'PUT');

type Command = (...words: readonly string[]) => Promise<Printed>;

/** A policy on the simulated account, in which Carol and Dave are account admins. */
function scene(lines: string, mode = 'authoritative'): Command {
  const policy = `version: 1
account: 3229
mode: ${mode}
protected: [owner@example.com]
limits: { revokes: { principals: 1, percent: 100 }, admins: 1 }
${lines}paused: false
`;
  const world = { cwd: workplace({ 'policy.yaml': policy }), env: pointedAt(simulator) };
  // `explain` and `who` take the policy last; ./policy.yaml is the default of all.
  return (...words) => runCli(words, world);
}

test('mode observe counts everything as found, and prints no command that writes nothing', async () => {
  const grantd = scene(
    `unlisted: keep
grants:
  - { to: [grace@example.com, judy@example.com, bob@example.com], resource: account, level: admin }
`,
    'observe',
  );
  const text = (await grantd('plan')).stdout;
  expect(text).toMatch(
    /Observed only: \d+ changes? found, nothing is written\. In a mode that writes: \d+ changes? held/,
  );
  expect(text).not.toContain('0 changes found');
  expect(text).toContain('to approve it, add these lines under `approvals:` of the policy:');
  expect(text).not.toContain('grantd apply');
});

const planOf = async (grantd: Command) => JSON.parse((await grantd('plan', '--format', 'json')).stdout);

describe.each([
  ['observe', 'observe: [inbox:Checkout/Staging]\n', 'inbox:Checkout/Staging'],
  // The text cannot prove that this id is that name, so the grant is no problem of the text.
  ['ignore', 'ignore: [inbox:Checkout/Staging]\n', 'inbox:#5001'],
])('an account admin who should not be, with a missing row below that `%s` lists (case G24)', (key, list, resource) => {
  const grants = `unlisted: keep
grants:
  - { to: carol@example.com, resource: account, level: admin }
  - { to: dave@example.com, resource: "${resource}", level: viewer }
`;

  test('loses account admin; the row below is not written, and the plan says whom that reaches', async () => {
    const grantd = scene(list + grants);
    expect(rowsOf('dave@example.com')).toEqual(['account 3229 100']);
    const plan = await planOf(grantd);
    expect(plan.deferred).toEqual([]);
    expect(plan.changes).toMatchObject([{ kind: 'remove', resource: { label: 'account' } }]);
    expect(plan.observed.length).toBe(key === 'observe' ? 1 : 0);
    const text = (await grantd('plan')).stdout;
    expect(text).toMatch(
      /this change of account can also change the access of dave@example\.com.*inbox:Checkout\/Staging/,
    );
    expect((await grantd('apply', '--yes')).code).toBe(0);
    expect(rowsOf('dave@example.com')).toEqual([]);
  });
});

describe('what `observe` lists', () => {
  const OBSERVED = `unlisted: revoke
observe: ["project:*", "*@example.com"]
grants:
  - { to: [carol@example.com, dave@example.com], resource: account, level: admin }
  - { to: ann@example.com, resource: project:Mobile iOS, level: admin }
`;

  test('is planned and shown apart, exits with 2, and leaves an apply complete without a PUT', async () => {
    const grantd = scene(OBSERVED);
    const plan = await planOf(grantd);
    expect(schemaErrors('plan', plan)).toEqual([]);
    expect([plan.verdict, plan.changes, plan.held, plan.deferred]).toEqual(['complete', [], [], []]);
    expect(plan.observed.length).toBeGreaterThan(2);
    const count = plan.observed.length;

    const text = await grantd('plan', '--detailed-exitcode');
    expect(text.code).toBe(2);
    expect(text.stdout).toContain(`Nothing to write; ${count} changes of what \`observe\` lists are never written`);
    expect(text.stdout).toContain(`Observed: planned, never written (${count} changes)`);
    expect(text.stdout).toMatch(
      /ann@example\.com\n {4}\+ project:Mobile iOS +none → admin\n {8}because a grant \(policy\.yaml:10\)/,
    );
    expect((await grantd('plan', '--format', 'markdown')).stdout).toContain(
      `<summary>Observed: planned, never written (${count})</summary>`,
    );

    const applied = await grantd('apply', '--yes', '--format', 'json');
    const run = JSON.parse(applied.stdout);
    expect(schemaErrors('run', run)).toEqual([]);
    expect([applied.code, run.result, run.remaining.observed.length]).toEqual([0, 'complete', count]);
    expect(puts()).toEqual([]);
  });

  test('does not hide what waits: 3', async () => {
    const grantd = scene(OBSERVED.replace('"project:*", "*@example.com"', 'erin@example.com'));
    const planned = await grantd('plan', '--detailed-exitcode');
    expect([planned.code, planned.stdout.includes('held by revoke-limit')]).toEqual([3, true]);
    expect(planned.stdout).toMatch(/changes of what `observe` lists are never written\./);
  });

  test('is named by explain, who and review', async () => {
    const grantd = scene(OBSERVED);
    const explained = (await grantd('explain', 'ann@example.com', 'project:Mobile iOS')).stdout;
    expect(explained).toContain('observed: planned, never written (policy.yaml:7)');
    expect(explained).toMatch(/observed, never written: (create|raise), .* → admin/);
    const json = JSON.parse((await grantd('explain', 'ann@example.com', '--format', 'json')).stdout);
    expect(schemaErrors('explain', json)).toEqual([]);
    expect(json.observedBy).toEqual({ file: 'policy.yaml', line: 7 });
    expect((await grantd('who', 'project:Mobile iOS')).stdout).toMatch(/observed, never written/);
    const review = JSON.parse((await grantd('review', '--format', 'json')).stdout);
    expect(schemaErrors('review', review)).toEqual([]);
    expect(review.counts.marks.observed).toBeGreaterThan(2);
    expect(review.counts.findings.observed).toBeGreaterThan(2);
  });

  test('is left as it is by import --update, which says so', async () => {
    const grantd = scene(OBSERVED);
    const updated = await grantd('import', '--update', '--out', '-');
    expect(updated.stderr).toMatch(
      /Not taken over:\n.*rows? that `observe` lists: the policy goes on to plan what differs\nIts plan is now empty, but for/,
    );
    expect(updated.stdout).toContain('{ to: ann@example.com, resource: project:Mobile iOS, level: admin }');
    expect(updated.stdout).not.toContain('erin@example.com');
  });

  test('and `ignore` too is a warning', async () => {
    const grantd = scene(
      'unlisted: keep\nignore: ["*@b.example", "project:*"]\nobserve: [a@b.example, "inbox:X/Y"]\ngrants: [{ to: ann@example.com, resource: domain:d.example, level: viewer }]\n',
    );
    const { stdout, stderr } = await grantd('validate');
    for (const text of ['a@b.example is ignored (*@b.example, line 7)', 'inbox:X/Y is ignored (project:*, line 7)'])
      expect(stdout + stderr).toContain(`warning[observes-ignored]: ${text}, and \`ignore\` wins over \`observe\``);
  });
});
