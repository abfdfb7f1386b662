import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaemonWorld } from '../../../test/daemon/support/daemon-world.ts';
import { type Printed, runCli } from '../../../test/support/in-process.ts';
import { ADMIN_TOKEN } from '../../../test/support/small-seed.ts';

/** As much of the JSON of a plan as says whether something waits. */
interface PrintedPlan {
  readonly mode: string;
  readonly verdict: string;
  readonly changes: readonly unknown[];
  readonly held: readonly unknown[];
  readonly deferred: readonly unknown[];
  readonly unresolved: readonly unknown[];
  readonly observed: readonly unknown[];
}

/** `plan`, `apply` and `plan` again, at rest: each exit code says what the plans show, and the two commands agree. */
export async function expectExitCodesAgree(world: DaemonWorld, text: string): Promise<void> {
  const { dir } = world.storage;
  if (dir === null) return;
  const file = join(dir, 'at-rest.yaml');
  await writeFile(file, text);
  const call = (...args: readonly string[]) => callOf(world, dir, [...args, '--api-url', world.simulator.url]);
  const plan = () => call('plan', file, '--detailed-exitcode', '--format', 'json');
  const before = await plan();
  // An account without anything in it, or without anybody whom the token may change.
  if (before.code === 1) return;
  expectCode('plan', before, codeOf(planOf(before)));
  const applied = await call('apply', file, '--yes');
  const after = await plan();
  const left = planOf(after);
  expectCode('plan after apply', after, codeOf(left));
  const waits = codeOf(left) === 3;
  if (applied.code === 0 && (waits || (left.changes.length > 0 && left.mode !== 'observe')))
    throw new Error(`apply exits with 0, and something waits: ${applied.stdout}`);
  // Whether a PUT takes what it does not name only a run finds out: `plan` leaves it open, as it says.
  const isUnproven = applied.stdout.includes('[put-unproven]');
  if (applied.code === 3 && !waits && !isUnproven)
    throw new Error(`apply exits with 3, and nothing waits: ${applied.stdout}`);
  // What the token's two ids do not prove is left at rest, too.
  if (applied.code === 1 && left.changes.length === 0 && !applied.stderr.includes('put-replaces'))
    throw new Error(`apply fails at rest: ${applied.stderr}`);
}

function codeOf({ verdict, changes, held, deferred, unresolved, observed }: PrintedPlan): number {
  if (verdict === 'paused' || held.length + deferred.length + unresolved.length > 0) return 3;
  return changes.length + observed.length > 0 ? 2 : 0;
}

function expectCode(what: string, { code, stdout, stderr }: Printed, expected: number): void {
  if (code !== expected) throw new Error(`${what} exits with ${code}, and ${expected} fits: ${stdout}${stderr}`);
}

function planOf({ stdout, stderr }: Printed): PrintedPlan {
  if (stdout === '') throw new Error(`plan prints nothing: ${stderr}`);
  return JSON.parse(stdout) as PrintedPlan;
}

/** At the world's moment. Nothing goes wrong at rest, so whoever waits need not wait long. */
function callOf(world: DaemonWorld, cwd: string, args: readonly string[]): Promise<Printed> {
  const now = world.clock.now();
  const sleep = () => new Promise<void>((resolve) => setImmediate(resolve));
  return runCli(args, { cwd, env: { MAILTRAP_API_TOKEN: ADMIN_TOKEN }, clock: { now: () => now, sleep } });
}
