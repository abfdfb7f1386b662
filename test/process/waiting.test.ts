import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { runCli } from '../support/in-process.ts';
import type { RunningGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { addressOf, type LogLine, logged, startDaemon } from './support/daemon.ts';

const ERIN = 'erin@example.com';

describe('a run of grantd that leaves something waiting', () => {
  it('by the fallback policy ends deferred, as a warning that names who got what meanwhile', async () => {
    const { simulator, cwd, daemon } = await applied();
    writeFileSync(join(cwd, 'policy.yaml'), POLICY.replace('mode: authoritative', 'mode: authoritive'));
    await logged(daemon, 'policy.rejected');
    simulator.writeAsSomebodyElse({ act: 'set-row', who: ERIN, type: 'project', id: 4001, level: 100 });
    const ended = await endOfRequest(daemon);
    expect(ended).toMatchObject({
      level: 'warn',
      end: 'deferred',
      verdict: 'deferred',
      deferred: 1,
      deferredChanges: [
        {
          change: 'remove',
          principal: ERIN,
          resourceId: 'project:#4001',
          before: 'admin',
          after: 'none',
          cause: 'drift',
          reason: 'fallback',
          waitsFor: 'a valid policy',
        },
      ],
    });
    expect(await conditionsOf(daemon)).toMatchObject({ Ready: 'False PolicyInvalid' });
    expect(simulator.rows(ERIN)).toHaveProperty('project:4001', 100);
  });

  it('by the fallback policy leaves nobody account admin whom someone else made one, and says that it is drift', async () => {
    const { simulator, cwd, daemon } = await applied();
    writeFileSync(join(cwd, 'policy.yaml'), POLICY.replace('mode: authoritative', 'mode: authoritive'));
    await logged(daemon, 'policy.rejected');
    simulator.writeAsSomebodyElse({ act: 'set-row', who: ERIN, type: 'account', id: 3229, level: 100 });
    expect(await endOfRequest(daemon)).toMatchObject({ end: 'complete' });
    // The run that follows the invalid file may have found it already.
    expect(await logged(daemon, 'run.ended')).toContainEqual(
      expect.objectContaining({ applied: 1, causes: { policy: 0, date: 0, tree: 0, newcomer: 0, drift: 1 } }),
    );
    expect(simulator.rows(ERIN)).not.toHaveProperty('account:3229');
    const change = { principal: ERIN, resourceId: 'account:#3229', change: 'remove', cause: 'drift' };
    expect((await logged(daemon, 'change.applied')).at(-1)).toMatchObject(change);
    expect(await conditionsOf(daemon)).toMatchObject({ Ready: 'False PolicyInvalid' });
    const metrics = await (await fetch(`${await addressOf(daemon)}/metrics`)).text();
    expect(metrics).toMatch(/^grantd_changes_applied_total\{.*kind="remove",cause="drift"\} 1$/m);
  });

  it('after a project was renamed in Mailtrap is not ready, ends deferred, and the plan exits with 3', async () => {
    const { simulator, cwd, daemon } = await applied();
    simulator.writeAsSomebodyElse({ act: 'rename-resource', type: 'project', id: 4001, name: 'Storefront' });
    const before = simulator.rows('ann@example.com');
    const ended = await endOfRequest(daemon);
    expect(ended).toMatchObject({ level: 'warn', end: 'deferred', verdict: 'deferred' });
    const waiting = ended['deferredChanges'] as readonly LogLine[];
    expect(waiting).toHaveLength(Number(ended['deferred']));
    expect(waiting).toContainEqual(
      expect.objectContaining({
        principal: 'ann@example.com',
        reason: 'unresolved-name',
        waitsFor: 'project:Checkout',
      }),
    );
    expect(await conditionsOf(daemon)).toMatchObject({ Ready: 'False ChangesDeferred', Held: 'False NothingHeld' });
    const metrics = await (await fetch(`${await addressOf(daemon)}/metrics`)).text();
    expect(metrics).toMatch(/^grantd_reconcile_total\{.*result="deferred",trigger="request"\} 1$/m);

    const world = { cwd, env: provenAt(simulator) };
    const plan = await runCli(['plan', 'policy.yaml', '--detailed-exitcode'], world);
    expect(plan.code).toBe(3);
    expect(plan.stdout).toContain(`Deferred: ${ended['deferred']} changes wait, nothing is written.`);
    expect(plan.stdout).toContain(
      'help: of the 1 principal of this grant in the account, 1 has a row on project:Storefront',
    );
    expect((await runCli(['plan', 'policy.yaml'], world)).code).toBe(0);
    const apply = await runCli(['apply', 'policy.yaml', '--yes', '--format', 'json'], world);
    expect(apply.code).toBe(3);
    expect(JSON.parse(apply.stdout)).toMatchObject({
      result: 'not-written',
      verdict: 'deferred',
      remaining: { verdict: 'deferred', changes: [], held: [] },
    });
    expect(JSON.parse(apply.stdout).remaining.deferred).toHaveLength(Number(ended['deferred']));
    expect(simulator.rows('ann@example.com')).toEqual(before);
  });

  it('by a name that matches nothing while nothing differs ends deferred, as a warning that names the line', async () => {
    const { simulator, cwd, daemon } = await applied();
    const typo = POLICY.replace(/^grants:$/m, `grants:\n  - { to: ${ERIN}, resource: "project:Webb", level: viewer }`);
    writeFileSync(join(cwd, 'policy.yaml'), typo);
    const line = typo.split('\n').findIndex((text) => text.includes('project:Webb')) + 1;
    const names = { name: 'project:Webb', reason: 'unresolved-name' };
    await logged(daemon, 'run.ended', 2);
    const ended = await endOfRequest(daemon);
    expect(ended).toMatchObject({ level: 'warn', end: 'deferred', deferred: 0, deferredChanges: [], unresolved: 1 });
    expect(ended['unresolvedNames']).toEqual([
      { ...names, at: expect.stringMatching(new RegExp(`policy\\.yaml:${line}:\\d+$`)) },
    ]);
    expect(await conditionsOf(daemon)).toMatchObject({ Ready: 'False ChangesDeferred' });
    const metrics = await (await fetch(`${await addressOf(daemon)}/metrics`)).text();
    expect(metrics).toMatch(/^grantd_unresolved_names\{.*reason="unresolved-name"\} 1$/m);
    const world = { cwd, env: provenAt(simulator) };
    expect((await runCli(['apply', 'policy.yaml', '--yes'], world)).code).toBe(3);
  });

  it('of a paused policy with a pending change is not ready, and plan and apply exit with 3', async () => {
    const { simulator, cwd, daemon } = await applied();
    const paused = POLICY.replace('paused: false', 'paused: true');
    writeFileSync(join(cwd, 'policy.yaml'), paused);
    await logged(daemon, 'run.ended', 2);
    // Nothing is pending yet: the account is as the policy says, and only `Paused` says that it would not be kept so.
    expect(await conditionsOf(daemon)).toMatchObject({ Ready: 'True Succeeded', Paused: 'True PolicyPaused' });
    const world = { cwd, env: provenAt(simulator) };
    expect((await runCli(['plan', 'policy.yaml', '--detailed-exitcode'], world)).code).toBe(0);
    expect((await runCli(['apply', 'policy.yaml', '--yes'], world)).code).toBe(0);

    simulator.writeAsSomebodyElse({ act: 'set-row', who: ERIN, type: 'account', id: 3229, level: 100 });
    expect(await endOfRequest(daemon)).toMatchObject({
      level: 'warn',
      end: 'paused',
      verdict: 'paused',
      drift: [{ principal: 'erin@example.com', resource: 'account' }],
    });
    expect(await conditionsOf(daemon)).toMatchObject({ Ready: 'False PolicyPaused', Paused: 'True PolicyPaused' });
    const plan = await runCli(['plan', 'policy.yaml', '--detailed-exitcode'], world);
    expect([plan.code, plan.stdout]).toEqual([
      3,
      expect.stringContaining('Paused: 1 change waits, nothing is written.'),
    ]);
    expect((await runCli(['apply', 'policy.yaml', '--yes'], world)).code).toBe(3);
    expect(simulator.rows(ERIN)).toHaveProperty('account:3229', 100);
  });
});

/** A daemon whose first run has made the account equal to the policy. */
async function applied(): Promise<{ simulator: Simulator; cwd: string; daemon: RunningGrantd }> {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
  expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete', level: 'info' });
  return { simulator, cwd, daemon };
}

/** The end of a run that is asked for now. */
async function endOfRequest(daemon: RunningGrantd): Promise<LogLine> {
  await fetch(`${await addressOf(daemon)}/-/reconcile`, { method: 'POST' });
  for (let count = 1; ; count += 1) {
    const line = (await logged(daemon, 'run.ended', count))[count - 1];
    if (line?.['trigger'] === 'request') return line;
  }
}

/** Each condition by its type, as `True Reason`. */
async function conditionsOf(daemon: RunningGrantd): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${await addressOf(daemon)}/api/v1/status`);
  const { accounts } = (await answer.json()) as { accounts: { conditions: Record<string, string>[] }[] };
  const conditions = accounts[0]?.conditions ?? [];
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}
