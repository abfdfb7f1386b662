import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/core/domain/run/daemon-event.ts';
import type { RunningGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { addressOf, type LogLine, linesOf, logged, startDaemon } from './support/daemon.ts';

/** Ann's access to a project has ended: that is what the fallback policy still removes. */
const ENDED = POLICY.replace(
  'grants:\n',
  'grants:\n  - { to: ann@example.com, resource: "project:#4002", level: viewer, until: 2026-01-01 }\n',
);
const ELSEWHERE = POLICY.replace('account: 3229', 'account: 4711');

describe('grantd run, handed a text for another account', () => {
  it('refuses it where everybody looks, and goes by the right text again without a restart', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
    await logged(daemon, 'run.ended');
    const address = await addressOf(daemon);
    const valid = async () => /^grantd_policy_valid\{.*\} ([01])$/m.exec(await textOf(`${address}/metrics`))?.[1];
    expect(await valid()).toBe('1');

    writeFileSync(join(cwd, 'policy.yaml'), ELSEWHERE);
    expect((await logged(daemon, 'policy.unreadable'))[0]).toMatchObject({
      account: 3229,
      fallback: expect.stringContaining('sha256:'),
      err: { code: 'account-conflict', remedy: expect.stringContaining('correct `account`') },
    });
    expect(await valid()).toBe('0');
    const status = JSON.parse(await textOf(`${address}/api/v1/status`));
    expect(status.accounts[0].conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'AccountConflict', message: expect.stringContaining('account 4711') },
      {},
      { type: 'Stalled', status: 'True', reason: 'AccountConflict' },
      {},
      {},
    ]);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);

    simulator.writeAsSomebodyElse({ act: 'set-row', who: 'ann@example.com', type: 'project', id: 4002, level: 100 });
    const before = linesOf(daemon, 'change.applied').length;
    writeFileSync(join(cwd, 'policy.yaml'), POLICY);
    await logged(daemon, 'policy.restored');
    const mended = (await logged(daemon, 'change.applied', before + 1))[before];
    expect(mended).toMatchObject({ account: 3229, principal: 'ann@example.com', change: 'remove' });
    expect(await valid()).toBe('1');
  });

  it('is paused by it where it says so, and every outlet says that', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': ENDED });
    const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
    await logged(daemon, 'run.ended');
    const address = await addressOf(daemon);

    const before = linesOf(daemon, 'run.ended').length;
    writeFileSync(join(cwd, 'policy.yaml'), ENDED.replace('3229', '999').replace('paused: false', 'paused: true'));
    const [refused] = await logged(daemon, 'policy.unreadable');
    // A run of the fallback policy follows, before anything drifts.
    await logged(daemon, 'run.ended', before + 1);
    simulator.writeAsSomebodyElse({ act: 'set-row', who: 'ann@example.com', type: 'project', id: 4002, level: 10 });
    await fetch(`${address}/-/reconcile`, { method: 'POST' });
    // The new file has a run of its own, which may end before or after the account changes.
    const ended = await runOf(daemon, 'request');
    const [account] = JSON.parse(await textOf(`${address}/api/v1/status`)).accounts;
    expect({
      log: refused?.['paused'],
      run: ended['end'],
      metric: /^grantd_paused\{.*\} ([01])$/m.exec(await textOf(`${address}/metrics`))?.[1],
      status: account.validity.isPaused,
      condition: account.conditions.find(({ type }: { type: string }) => type === 'Paused').reason,
    }).toEqual({ log: true, run: 'paused', metric: '1', status: true, condition: 'PolicyPaused' });
  });

  it('goes by the corrected text at once where the first one named an account that its token does not have', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': ELSEWHERE });
    const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
    const [failed] = await logged(daemon, 'run.ended');
    expect(failed).toMatchObject({ account: 4711, end: 'failed', err: { code: 'wrong-account' } });
    writeFileSync(join(cwd, 'policy.yaml'), POLICY);
    await logged(daemon, 'change.applied');
    expect(linesOf(daemon, 'policy.unreadable')).toEqual([]);
    expect(linesOf(daemon, 'policy.accepted').map(({ account }) => account)).toEqual([4711, 3229]);
  });
});

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** The first run with this trigger, once it has ended. */
async function runOf(daemon: RunningGrantd, trigger: Trigger): Promise<LogLine> {
  for (let count = 1; ; count += 1) {
    const line = (await logged(daemon, 'run.ended', count))[count - 1];
    if (line?.['trigger'] === trigger) return line;
  }
}
