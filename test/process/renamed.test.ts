import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import type { RunningGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { addressOf, type LogLine, logged, startDaemon } from './support/daemon.ts';

/** These are protected. The first run takes what everybody else has, but for Ann and Erin. */
const OTHERS = '[owner@example.com, bob@example.com, judy@example.com, grace@example.com, carol@example.com]';
const REVOKES = POLICY.replace('[owner@example.com]', OTHERS).replace('unlisted: keep', 'unlisted: revoke');

describe('the daemon, while somebody gets another e-mail between two runs', () => {
  it('takes nothing from a protected person, ends deferred, and names who waits (case G3)', async () => {
    const { simulator, daemon } = await applied(REVOKES);
    const before = simulator.rows('bob@example.com');
    expect(before).not.toEqual({});
    simulator.writeAsSomebodyElse({ act: 'rename-member', who: 'bob@example.com', email: 'bob.married@example.com' });
    const ended = await endOfRequest(daemon);
    expect(ended).toMatchObject({ level: 'warn', end: 'deferred', verdict: 'deferred' });
    // With memory of the access, or without.
    const waiting = {
      principal: 'bob.married@example.com',
      reason: expect.stringMatching(/^protected-(renamed|unmatched)$/),
    };
    expect(ended['deferredChanges']).toEqual(Object.keys(before).map(() => expect.objectContaining(waiting)));
    expect(ended['noticeCodes']).toContain('protected-unmatched');
    expect(simulator.rows('bob.married@example.com')).toEqual(before);
  });

  it('takes nothing from a person whom a grant names by the old e-mail (case G5)', async () => {
    const { simulator, daemon } = await applied(REVOKES);
    const before = simulator.rows('erin@example.com');
    simulator.writeAsSomebodyElse({ act: 'rename-member', who: 'erin@example.com', email: 'erin.new@example.com' });
    const ended = await endOfRequest(daemon);
    expect(ended).toMatchObject({ level: 'warn', end: 'deferred' });
    const waiting = { principal: 'erin.new@example.com', reason: 'maybe-renamed', waitsFor: 'erin@example.com' };
    expect(ended['deferredChanges']).toEqual(Object.keys(before).map(() => expect.objectContaining(waiting)));
    expect(ended['noticeCodes']).toContain('maybe-renamed');
    expect(ended['notices']).toMatchObject([
      {
        code: 'maybe-renamed',
        message: expect.stringMatching(/^erin\.new@example\.com \(access \d+\) had the e-mail erin@example\.com /),
        remedy: expect.stringMatching(
          /^if it is the same person, write erin\.new@example\.com in place of erin@example\.com at /,
        ),
      },
    ]);
    expect(simulator.rows('erin.new@example.com')).toEqual(before);
  });
});

/** A daemon whose first run has made the account equal to the policy. */
async function applied(policy: string): Promise<{ simulator: Simulator; daemon: RunningGrantd }> {
  const simulator = await simulate();
  const daemon = startDaemon(['policy.yaml'], { cwd: workplace({ 'policy.yaml': policy }), env: provenAt(simulator) });
  expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete', level: 'info' });
  return { simulator, daemon };
}

/** The end of a run that is asked for now. */
async function endOfRequest(daemon: RunningGrantd): Promise<LogLine> {
  await fetch(`${await addressOf(daemon)}/-/reconcile`, { method: 'POST' });
  for (let count = 1; ; count += 1) {
    const line = (await logged(daemon, 'run.ended', count))[count - 1];
    if (line?.['trigger'] === 'request') return line;
  }
}
