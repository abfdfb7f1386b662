import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inNamespace, whyNot } from '../adapters/policy-file/delivery/support/namespace.ts';
import { ensureBuilt, MAIN } from '../support/build.ts';
import { startCommand } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { GIVING_POLICY, pointedAt, workplace } from '../support/workplace.ts';

const REASON = whyNot('mount');

const DAEMON = ['--http-address', '127.0.0.1:0', '--start-jitter-ms', '0', '--min-interval-ms', '0'];

/** grantd whose state is on a disk of 128 KiB, of which so many are taken. */
async function onDisk(takenKiB: number, args: readonly string[]) {
  ensureBuilt();
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': GIVING_POLICY });
  const disk = join(cwd, 'disk');
  mkdirSync(disk);
  const mount = `mount -t tmpfs -o size=128k none ${disk} && head -c ${takenKiB * 1024} /dev/zero > ${disk}/other`;
  const command = inNamespace('mount', mount, [process.execPath, MAIN, ...args, '--state-dir', join(disk, 'state')]);
  return { simulator, grantd: startCommand(command, { cwd, env: pointedAt(simulator) }) };
}

describe('a state directory on a full disk (case I18)', skippedFor(REASON), () => {
  test.each([
    [128, 'fail', 'fail'],
    // An empty file and a small one still fit.
    [100, 'fail', 'fail'],
    [16, 'ok', 'ok'],
  ])('doctor writes a file to find out: with %i of 128 KiB taken it says %s', async (taken, state, audit) => {
    const { grantd } = await onDisk(taken, ['doctor', '--format', 'json']);
    const { stdout } = await grantd.ended;
    const { checks } = JSON.parse(stdout);
    const found = (name: string) => checks.find(({ check }: { readonly check: string }) => check === name);
    expect([found('state').status, found('audit').status]).toEqual([state, audit]);
    if (state === 'ok') return;
    expect(found('state')).toMatchObject({ found: expect.stringMatching(/is on a full disk$/), remedy: 'make room' });
    expect(found('audit')).toMatchObject({ found: expect.stringMatching(/is on a full disk$/), remedy: 'make room' });
  });

  test('the status says that the disk is full, and not only that runs fail', async () => {
    const { simulator, grantd } = await onDisk(128, ['run', '--schedule', '* * * * * *', ...DAEMON]);
    await grantd.printed('"event":"daemon.started"');
    const address = /"httpAddress":"([^"]+)"/.exec(grantd.stdout)?.[1] ?? '';
    const conditions = async () => {
      const { accounts } = (await (await fetch(`http://${address}/api/v1/status`)).json()) as Status;
      return Object.fromEntries(accounts[0]?.conditions.map((one) => [one.type, one]) ?? []);
    };
    await expect.poll(conditions, { timeout: 30_000, interval: 200 }).toMatchObject({ Stalled: { status: 'True' } });
    const { Ready, Stalled } = await conditions();
    for (const condition of [Ready, Stalled]) {
      expect(condition).toMatchObject({
        reason: 'StorageUnwritable',
        message: expect.stringMatching(
          /^grantd cannot write its state or its audit log, .*: audit-unwritable: .*the disk is full$/,
        ),
      });
    }
    expect(simulator.requests().some(({ method }) => method === 'PUT')).toBe(false);
    grantd.kill('SIGTERM');
    expect((await grantd.ended).code).toBe(0);
  }, 60_000);
});

interface Status {
  readonly accounts: readonly {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  }[];
}
