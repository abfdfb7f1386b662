import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGrantd } from '../support/process.ts';
import { KillWorld } from './support/kill-world.ts';

/** How many kill points are tried; they are spread evenly over all there are. CI and the proof try more. */
const POINTS = Number(process.env['GRANTD_KILL_POINTS'] ?? 8);
/** PUTs of a run that nobody disturbs. */
const PUTS_NEEDED = 5;

describe('kill -9 at every boundary of a write', () => {
  it('leaves an account that the next start completes, and an audit log that accounts for every PUT', async () => {
    const boundaries = await countBoundaries();
    expect(boundaries).toBeGreaterThan(40);
    for (const point of spread(boundaries, POINTS)) await killAndRestart(point);
  }, 3_600_000);
});

async function countBoundaries(): Promise<number> {
  const world = await KillWorld.open();
  try {
    await untilEqual(world);
    expect(world.puts()).toBe(PUTS_NEEDED);
    return world.boundaries();
  } finally {
    await world.close();
  }
}

async function killAndRestart(point: number): Promise<void> {
  const world = await KillWorld.open();
  try {
    const killed = await world.start(point).ended;
    expect(killed.signal, `kill point ${point}: ${killed.stdout}${killed.stderr}`).toBe('SIGKILL');
    await untilEqual(world);
    expect(world.differences(), `kill point ${point}`).toEqual([]);
    // Whatever was in flight may be sent once more, and nothing else.
    expect(world.puts(), `kill point ${point}`).toBeLessThanOrEqual(PUTS_NEEDED + 4);
    const verified = await runGrantd(['audit', 'verify', world.auditLog], { cwd: '/' });
    expect(verified.code, `kill point ${point}: ${verified.stdout}${verified.stderr}`).toBe(0);
    expectAccounted(world, point);
  } finally {
    await world.close();
  }
}

/** Runs the daemon until a run found nothing left to do, and stops it in order. */
async function untilEqual(world: KillWorld): Promise<void> {
  const daemon = world.start(0);
  await daemon.printed(/"event":"run\.ended".*"end":"complete"|"end":"complete".*"event":"run\.ended"/);
  daemon.kill('SIGTERM');
  const { code, stdout, stderr } = await daemon.ended;
  expect(code, `${stdout}${stderr}`).toBe(0);
}

/** Every PUT that reached the account has an intent in the log, and every intent an end. */
function expectAccounted(world: KillWorld, point: number): void {
  const lines = readFileSync(world.auditLog, 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  const kinds = (kind: string) => records.filter((record) => record.kind === kind).length;
  expect(kinds('intent'), `kill point ${point}`).toBeGreaterThanOrEqual(world.puts());
  expect(kinds('outcome') + kinds('unknown'), `kill point ${point}`).toBe(kinds('intent'));
}

function spread(most: number, count: number): readonly number[] {
  const points = Array.from(
    { length: count },
    (_, index) => 1 + Math.floor((index * (most - 1)) / Math.max(1, count - 1)),
  );
  return [...new Set(points)];
}
