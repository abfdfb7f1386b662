import { afterEach, describe, expect, it } from 'vitest';
import { DaemonWorld, type WorldOptions } from './support/daemon-world.ts';
import type { Effect } from './support/life.ts';
import { draftText } from './support/policy-draft.ts';
import { smallAccount, TOKEN } from './support/small-account.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** A token that holds Web and shall hold App instead: one raise that proves it, and then a loss. */
async function worldWithToken(options: Partial<WorldOptions> = {}): Promise<DaemonWorld> {
  const seed = smallAccount({ [TOKEN.access]: [{ type: 'project', id: 1, level: 100 }] }, false);
  const world = await DaemonWorld.open({ seed, ...options });
  worlds.push(world);
  const grants = [{ to: ['token:ci'], resource: ['project:App'], level: 'viewer' as const }];
  world.file.save(draftText({ grants }, world.clock.now()));
  return world;
}

/** Kills the process before it does something for the so manieth time. */
function killBefore(effect: Effect, time: number): Pick<WorldOptions, 'listener'> {
  let left = time;
  return {
    listener: {
      beforeEffect: (process, one) => {
        if (one === effect && --left === 0) process.life.die();
      },
    },
  };
}

function deferred({ process }: DaemonWorld): readonly string[] {
  const plans = process.events.flatMap((event) => (event.kind === 'run.planned' ? [event.plan] : []));
  return plans.at(-1)?.deferred.map(({ reason }) => reason) ?? [];
}

async function killedAndStartedAgain(effect: Effect, time: number): Promise<DaemonWorld> {
  const world = await worldWithToken(killBefore(effect, time));
  await world.begin();
  await world.clock.advance(10 * SECOND_MS);
  expect(world.process.life.isDead).toBe(true);
  expect(world.simulator.rows(TOKEN.access)).toEqual({ 'project:1': 100, 'project:2': 10 });
  await world.begin();
  await world.clock.advance(2 * MINUTE_MS);
  return world;
}

describe('a token whose raise was seen', () => {
  it('gets the raise first, and loses what it shall not hold after that', async () => {
    const world = await worldWithToken();
    await world.begin();
    await world.clock.advance(10 * SECOND_MS);
    expect(world.simulator.rows(TOKEN.access)).toEqual({ 'project:2': 10 });
  });

  it('is proved before it loses anything: killed before that, the next start takes what remains', async () => {
    const world = await killedAndStartedAgain('put', 2);
    expect(world.simulator.rows(TOKEN.access)).toEqual({ 'project:2': 10 });
  });

  it('killed before the proof is on the disk, what is left to take waits, and the plan says so', async () => {
    // The first save is of the policy, the second of the proof.
    const world = await killedAndStartedAgain('save', 2);
    expect(world.simulator.rows(TOKEN.access)).toEqual({ 'project:1': 100, 'project:2': 10 });
    expect(deferred(world)).toEqual(['pair-unproven']);
  });
});
