import { afterEach, describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/core/domain/run/daemon-event.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { SLOT_MS } from './support/slot-schedule.ts';
import { smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ANN = 101;
const WEB = { type: 'project', id: 1 };
const ADMIN: PolicyDraft = { grants: [{ to: ['ann@x.test'], resource: ['project:Web'], level: 'admin' }] };
const NOBODY: PolicyDraft = { grants: [{ to: ['bob@x.test'], resource: ['project:Web'], level: 'viewer' }] };

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** A world whose daemon has once given ann what the policy asks for. */
async function running(state = new MemoryState()): Promise<DaemonWorld> {
  const world = await DaemonWorld.open({
    seed: smallAccount({}),
    pacing: { minIntervalMs: SECOND_MS, startJitterMs: 0 },
    storage: { ...memoryStorage(), state },
  });
  worlds.push(world);
  world.file.save(draftText(ADMIN, world.clock.now()));
  await world.begin();
  await world.clock.advance(SECOND_MS);
  return world;
}

/** The daemon runs every two seconds, and every four someone else lowers the row, so that every second run finds it in place. */
async function slowRival(world: DaemonWorld, times: number, trigger: Trigger = 'request'): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    lower(world);
    for (let run = 0; run < 2; run += 1) {
      world.process.daemon.ask(trigger);
      await world.clock.advance(2 * SECOND_MS);
    }
  }
}

function lower({ simulator }: DaemonWorld): void {
  simulator.writeAsSomebodyElse({ act: 'set-row', who: ANN, ...WEB, level: 10 });
}

async function ask(world: DaemonWorld): Promise<void> {
  world.process.daemon.ask('request');
  await world.clock.advance(2 * SECOND_MS);
}

function puts({ simulator }: DaemonWorld): number {
  return simulator.requests().filter(({ method }) => method === 'PUT').length;
}

/** What this process reported as contested: whether each had ever been in place. */
function contested({ process }: DaemonWorld): readonly boolean[] {
  return process.events.flatMap((event) => (event.kind === 'change.contested' ? [event.hasBeenInPlace] : []));
}

/** How the last run left it: what its plan defers as contested. */
function deferred({ process }: DaemonWorld): number {
  const plan = process.events.flatMap((event) => (event.kind === 'run.planned' ? [event.plan] : [])).at(-1);
  return (plan?.deferred ?? []).filter(({ reason }) => reason === 'contested').length;
}

describe('a slow rival, who leaves a clean run in between', () => {
  it.each<Trigger>(['request', 'signal', 'schedule', 'boundary'])(
    'is noticed after the third undone write, whatever triggers the runs: %s',
    async (trigger) => {
      const world = await running();
      await slowRival(world, 2, trigger);
      expect([puts(world), contested(world)]).toEqual([3, []]);
      await slowRival(world, 6, trigger);
      // The three writes that were undone, and no fourth one.
      expect([puts(world), contested(world), deferred(world)]).toEqual([3, [true], 1]);
    },
  );

  it('is met once a day, and not reported again', async () => {
    const world = await running();
    await slowRival(world, 4);
    await world.clock.advance(DAY_MS - HOUR_MS);
    expect(puts(world)).toBe(3);
    await world.clock.advance(HOUR_MS + SLOT_MS);
    expect([puts(world), world.simulator.rows(ANN)]).toEqual([4, { 'project:1': 100 }]);
    await slowRival(world, 4);
    expect([puts(world), contested(world), deferred(world)]).toEqual([4, [true], 1]);
    await world.clock.advance(DAY_MS + SLOT_MS);
    expect([puts(world), contested(world)]).toEqual([5, [true]]);
  });

  it('who gives up is forgotten once the change has lasted for a day, and one who comes back is noticed anew', async () => {
    const world = await running();
    await slowRival(world, 4);
    await world.clock.advance(2 * DAY_MS + HOUR_MS);
    expect([puts(world), world.simulator.rows(ANN)]).toEqual([4, { 'project:1': 100 }]);
    await slowRival(world, 5);
    expect([puts(world), contested(world)]).toEqual([7, [true, true]]);
  });

  it('is noticed across a restart, and what is contested stays so', async () => {
    const world = await running();
    await slowRival(world, 1);
    await world.stop();
    await world.begin();
    await slowRival(world, 3);
    expect([puts(world), contested(world)]).toEqual([3, [true]]);
    await world.crash();
    await world.begin();
    await slowRival(world, 2);
    expect([puts(world), contested(world), deferred(world)]).toEqual([3, [], 1]);
  });

  it('is noticed three writes later where the state is lost in between', async () => {
    const state = new MemoryState();
    const world = await running(state);
    await slowRival(world, 2);
    await world.crash();
    state.lost = 'it was deleted';
    await world.begin();
    await world.clock.advance(SECOND_MS);
    await slowRival(world, 5);
    expect([puts(world), contested(world)]).toEqual([6, [true]]);
  });

  it('is no reason to hold back what the policy asks for anew', async () => {
    const world = await running();
    await slowRival(world, 4);
    for (const draft of [NOBODY, ADMIN]) {
      world.file.save(draftText(draft, world.clock.now()));
      world.file.hint();
      await world.clock.advance(2 * SECOND_MS);
    }
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 100 });
    expect(deferred(world)).toBe(0);
  });
});

describe('nothing is contested', () => {
  it('by many triggers while nobody undoes anything', async () => {
    const world = await running();
    for (let burst = 0; burst < 10; burst += 1) await ask(world);
    lower(world);
    for (let burst = 0; burst < 10; burst += 1) await ask(world);
    expect([puts(world), contested(world)]).toEqual([2, []]);
  });

  it('by a policy that goes back and forth', async () => {
    const world = await running();
    for (let turn = 0; turn < 10; turn += 1) {
      world.file.save(draftText(turn % 2 ? ADMIN : NOBODY, world.clock.now()));
      world.file.hint();
      await world.clock.advance(2 * SECOND_MS);
    }
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 100 });
    expect(contested(world)).toEqual([]);
  });

  it('by drift once in nine hours: three writes and what undoes the third take longer than a day', async () => {
    const world = await running();
    for (let time = 0; time < 9; time += 1) {
      await world.clock.advance(9 * HOUR_MS);
      lower(world);
      await world.clock.advance(SLOT_MS);
      expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 100 });
    }
    expect(contested(world)).toEqual([]);
  });

  it('by a process that was suspended, or a clock that was set back and forth, between drift that is days apart', async () => {
    const world = await running();
    for (const byMs of [DAY_MS, -DAY_MS, DAY_MS, -2 * DAY_MS, 3 * DAY_MS, -DAY_MS]) {
      // The API's clock is set along: otherwise grantd writes nothing.
      world.suspend(byMs);
      await world.clock.advance(2 * SLOT_MS);
      lower(world);
      await world.clock.advance(SLOT_MS);
      expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 100 });
    }
    expect(contested(world)).toEqual([]);
  });

  it('by writes that Mailtrap refuses, and these are tried on', async () => {
    const world = await running();
    lower(world);
    world.simulator.inject({ kind: 'status', status: 422, match: { method: 'PUT' }, times: 5 });
    for (let time = 0; time < 5; time += 1) await ask(world);
    expect(contested(world)).toEqual([]);
    await world.clock.advance(HOUR_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 100 });
  });
});

describe('a change that Mailtrap answers and never makes', () => {
  it('is contested after three writes, and had never been in place', async () => {
    const world = await running();
    world.simulator.inject({ kind: 'ignored', match: { method: 'PUT' }, times: 'always' });
    const draft = { grants: [...(ADMIN.grants ?? []), ...(NOBODY.grants ?? [])] };
    world.file.save(draftText(draft, world.clock.now()));
    world.file.hint();
    await world.clock.advance(5 * SLOT_MS);
    expect([puts(world), contested(world), deferred(world)]).toEqual([1 + 3, [false], 1]);
  });
});
