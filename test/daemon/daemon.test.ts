import { afterEach, describe, expect, it } from 'vitest';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import type { Listener } from './support/daemon-process.ts';
import { DaemonWorld, type WorldOptions } from './support/daemon-world.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { type FirstRows, smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const ANN = 101;
const BOB = 102;
const WEB = { type: 'project', id: 1 };
const APP = { type: 'project', id: 2 };

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

interface Story extends Partial<WorldOptions> {
  readonly rows?: FirstRows;
  readonly listener?: Listener;
}

async function worldOf({ rows = {}, ...options }: Story = {}): Promise<DaemonWorld> {
  const world = await DaemonWorld.open({ seed: smallAccount(rows), ...options });
  worlds.push(world);
  return world;
}

/** A world with a daemon that has run once by this policy. */
async function running(draft: PolicyDraft, story: Story = {}): Promise<DaemonWorld> {
  const world = await worldOf(story);
  save(world, draft);
  await world.begin();
  await world.clock.advance(10 * SECOND_MS);
  return world;
}

function save(world: DaemonWorld, draft: PolicyDraft): string {
  const text = draftText(draft, world.clock.now());
  world.file.save(text);
  return text;
}

/** Saved, noticed, and all that follows at once. */
async function edit(world: DaemonWorld, draft: PolicyDraft | string | null): Promise<void> {
  if (typeof draft === 'string' || draft === null) world.file.save(draft);
  else save(world, draft);
  world.file.hint();
  await world.clock.advance(10 * SECOND_MS);
}

/** `start complete`, `schedule complete` */
function runs({ process }: DaemonWorld): readonly string[] {
  return process.events.flatMap((event) => (event.kind === 'run.ended' ? [`${event.trigger} ${event.end}`] : []));
}

function told({ process }: DaemonWorld, kind: DaemonEvent['kind']): number {
  return process.events.filter((event) => event.kind === kind).length;
}

/** It ended, by a fault or without, and told nothing after that. */
function expectEnded({ process: { end, events } }: DaemonWorld, fault?: new () => Error): void {
  if (fault === undefined) expect(end?.fault).toBe(null);
  else expect(end?.fault).toBeInstanceOf(fault);
  expect(events.length).toBe(end?.told);
}

function puts({ simulator }: DaemonWorld): readonly number[] {
  return simulator
    .requests()
    .filter(({ method }) => method === 'PUT')
    .map(({ path }) => Number(/account_accesses\/(\d+)/.exec(path)?.[1]));
}

function grant(to: string, resource: string, level: 'viewer' | 'admin' = 'viewer', until: number | null = null) {
  return { to: [`${to}@x.test`], resource: [resource], level, until };
}

describe('a daemon', () => {
  it('applies the policy after its start, and looks at the account at each slot', async () => {
    const world = await worldOf();
    save(world, { grants: [grant('ann', 'project:Web')] });
    await world.begin();
    expect(runs(world)).toEqual([]);
    await world.clock.advance(SECOND_MS);
    expect(runs(world)).toEqual(['start complete']);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    await world.clock.advance(30 * MINUTE_MS);
    expect(runs(world)).toEqual(['start complete', 'schedule complete', 'schedule complete']);
  });

  it('repairs drift at the next slot', async () => {
    const world = await running({ grants: [grant('ann', 'project:Web')] });
    world.simulator.writeAsSomebodyElse({ act: 'set-row', who: ANN, ...WEB, level: 100 });
    await world.clock.advance(15 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
  });

  it('notices a text at once by its event, and without one at the next periodic read', async () => {
    const world = await running({ grants: [grant('ann', 'project:Web')] });
    await edit(world, { grants: [grant('ann', 'project:App')] });
    expect(world.simulator.rows(ANN)).toEqual({ 'project:2': 10 });
    save(world, { grants: [grant('ann', 'project:Web')] });
    await world.clock.advance(MINUTE_MS);
    expect(runs(world)).toEqual(['start complete', 'file complete', 'poll complete']);
  });

  it('an event without another text, or one that a run has answered, begins no run', async () => {
    const world = await running({ grants: [grant('ann', 'project:Web')] });
    for (let event = 0; event < 5; event += 1) world.file.hint();
    await world.clock.advance(MINUTE_MS);
    expect(runs(world)).toEqual(['start complete']);
    save(world, { grants: [grant('ann', 'project:App')] });
    world.process.daemon.ask('request');
    world.file.hint();
    await world.clock.advance(MINUTE_MS);
    expect(runs(world)).toHaveLength(2);
  });

  it('begins a run at each end and each begin of the policy', async () => {
    const world = await running({
      grants: [grant('ann', 'project:Web', 'viewer', 3), { ...grant('bob', 'project:App'), from: 5 }],
    });
    await world.clock.advance(8 * MINUTE_MS);
    expect(runs(world)).toEqual(['start complete', 'boundary complete', 'boundary complete']);
    expect(world.simulator.rows(ANN)).toEqual({});
    expect(world.simulator.rows(BOB)).toEqual({ 'project:2': 10 });
  });

  it('a text that is invalid or gone only takes back what ends', async () => {
    const draft: PolicyDraft = {
      grants: [grant('ann', 'project:Web', 'viewer', 5), grant('bob', 'project:Web'), grant('cid', 'project:App')],
    };
    for (const text of ['version: 1\n', null]) {
      const world = await running(draft);
      await edit(world, text);
      world.simulator.writeAsSomebodyElse({ act: 'remove-row', who: BOB, ...WEB });
      world.simulator.writeAsSomebodyElse({ act: 'set-row', who: 103, ...APP, level: 100 });
      await world.clock.advance(20 * MINUTE_MS);
      expect(world.simulator.rows(ANN)).toEqual({});
      expect(world.simulator.rows(BOB)).toEqual({});
      expect(world.simulator.rows(103)).toEqual({ 'project:2': 100 });
      await edit(world, draft);
      expect(world.simulator.rows(BOB)).toEqual({ 'project:1': 10 });
      expect(world.simulator.rows(103)).toEqual({ 'project:2': 10 });
    }
  });

  it('after a start nothing runs before a valid text was read', async () => {
    const world = await worldOf({ rows: { [ANN]: [{ ...WEB, level: 100 }] } });
    world.file.save('version: 1\n');
    await world.begin();
    world.process.daemon.ask('request');
    await world.clock.advance(60 * MINUTE_MS);
    expect(runs(world)).toEqual([]);
    expect(world.simulator.requests()).toEqual([]);
  });

  it('a paused line counts, in a valid text and in one that is none', async () => {
    const draft: PolicyDraft = { grants: [grant('ann', 'project:Web', 'viewer', 30)] };
    for (const text of ['grants: [\npaused: true\n', draftText({ ...draft, account: 9, paused: true }, 0)]) {
      const world = await running(draft);
      await edit(world, text);
      world.simulator.clearRequests();
      await world.clock.advance(60 * MINUTE_MS);
      expect(puts(world)).toEqual([]);
      await edit(world, draft);
      expect(runs(world).at(-1)).toBe('file complete');
    }
    const world = await running({ ...draft, paused: true });
    expect(runs(world)).toEqual(['start paused']);
    expect(puts(world)).toEqual([]);
  });

  it('a newer text ends the run by the older one before its next write, and is applied', async () => {
    const listener: Listener = {
      onPut: (_process, access) => {
        if (access !== ANN) return;
        save(world, { grants: [grant('ann', 'project:Web'), grant('bob', 'project:App')] });
        world.file.hint();
      },
    };
    const world = await worldOf({ listener, sizes: { rowsPerPut: 100, concurrency: 1 } });
    save(world, { grants: [grant('ann', 'project:Web'), grant('bob', 'project:Web')] });
    await world.begin();
    await world.clock.advance(20 * SECOND_MS);
    expect(runs(world)).toEqual(['start stopped', 'file complete']);
    expect(puts(world)).toEqual([ANN, BOB]);
    expect(world.simulator.rows(BOB)).toEqual({ 'project:2': 10 });
  });

  it('a store that never answers does not keep an older policy writing', async () => {
    const state = new MemoryState();
    const listener: Listener = {
      onPut: () => {
        state.gate = new Promise(() => {});
        save(world, { grants: [] });
        world.file.hint();
      },
    };
    const world = await worldOf({
      listener,
      storage: memoryStorage(state),
      sizes: { rowsPerPut: 100, concurrency: 1 },
    });
    save(world, { grants: [grant('ann', 'project:Web'), grant('bob', 'project:Web')] });
    await world.begin();
    await world.clock.advance(20 * SECOND_MS);
    expect(puts(world)).toEqual([ANN]);
  });

  it('asked a hundred times it runs once more, and not before the least interval is over', async () => {
    const world = await running({ grants: [] });
    for (let asked = 0; asked < 100; asked += 1) world.process.daemon.ask('request');
    await world.clock.advance(MINUTE_MS);
    expect(runs(world)).toEqual(['start complete', 'request complete']);
    expect(told(world, 'run.asked')).toBe(100);
    world.process.daemon.ask('request');
    await world.quiet();
    world.process.daemon.ask('request');
    await world.clock.advance(4_999);
    expect(runs(world)).toHaveLength(3);
    await world.clock.advance(1);
    expect(runs(world)).toHaveLength(4);
  });

  it('a failure is tried again, later each time, and no longer once it is over', async () => {
    const world = await worldOf();
    save(world, { grants: [grant('ann', 'project:Web')] });
    world.simulator.inject({ kind: 'status', status: 403, times: 3, match: { method: 'GET' } });
    await world.begin();
    await world.clock.advance(5 * MINUTE_MS);
    expect(runs(world)).toEqual(['start failed', 'retry failed', 'retry failed', 'retry complete']);
    const failures = world.process.events.flatMap((event) => (event.kind === 'run.ended' ? [event.failures] : []));
    expect(failures).toEqual([1, 2, 3, 0]);
  });

  it('tries again when it is time, not at the next periodic read', async () => {
    const world = await worldOf({ pacing: { pollIntervalMs: 60 * MINUTE_MS } });
    save(world, { grants: [grant('ann', 'project:Web')] });
    world.simulator.inject({ kind: 'status', status: 403, match: { method: 'GET' } });
    await world.begin();
    await world.clock.advance(7 * SECOND_MS);
    expect(runs(world)).toEqual(['start failed', 'retry complete']);
  });

  it('keeps the moments of a policy that a run found, not only of one that an event told of', async () => {
    const world = await running({ grants: [] }, { pacing: { pollIntervalMs: 60 * MINUTE_MS } });
    save(world, { grants: [{ ...grant('ann', 'project:Web'), from: 2 }] });
    world.process.daemon.ask('request');
    await world.clock.advance(3 * MINUTE_MS);
    expect(runs(world)).toEqual(['start complete', 'request complete', 'boundary complete']);
  });

  it('a run past its deadline begins no further write, counts as failed, and is tried again', async () => {
    const world = await worldOf({ sizes: { rowsPerPut: 100, concurrency: 1 }, pacing: { runTimeoutMs: 5_000 } });
    save(world, { grants: [grant('ann', 'project:Web'), grant('bob', 'project:Web')] });
    world.simulator.inject({ kind: 'status', status: 429, match: { method: 'PUT' } });
    await world.begin();
    await world.clock.advance(2 * MINUTE_MS);
    expect(told(world, 'run.deadline')).toBe(1);
    expect(runs(world)).toEqual(['start partial', 'retry complete']);
    expect(world.simulator.rows(BOB)).toEqual({ 'project:1': 10 });
  });

  it('tells how long a text took, but not of one that only stands in', async () => {
    const world = await running({ grants: [grant('ann', 'project:Web')] });
    world.simulator.inject({ kind: 'status', status: 403, times: 'always', match: { method: 'GET' } });
    await edit(world, { grants: [grant('ann', 'project:App')] });
    await edit(world, 'version: 1\n');
    world.simulator.clearFaults();
    world.process.daemon.ask('request');
    await world.clock.advance(MINUTE_MS);
    const seconds = () =>
      world.process.events.flatMap((event) => (event.kind === 'run.ended' ? [event.commitToAppliedSeconds] : []));
    expect(seconds().every((one) => one === null)).toBe(true);
    await edit(world, { grants: [grant('ann', 'project:App')] });
    expect(runs(world).at(-1)).toBe('file complete');
    expect(seconds().at(-1)).not.toBe(null);
  });

  it('a slot that was missed is told, and runs', async () => {
    const world = await running({ grants: [] });
    world.process.schedule.toMiss = 1;
    await world.clock.advance(16 * MINUTE_MS);
    expect(told(world, 'schedule.missed')).toBe(1);
    expect(runs(world)).toEqual(['start complete', 'schedule complete']);
  });

  it('a clock that was set is told, and runs at once by the time that it is now', async () => {
    const world = await running({ grants: [grant('ann', 'project:Web', 'viewer', 600)] });
    world.suspend(11 * 60 * MINUTE_MS);
    await world.clock.advance(MINUTE_MS);
    expect(told(world, 'clock.jumped')).toBe(1);
    expect(runs(world).at(-1)).toBe('boundary complete');
    expect(world.simulator.rows(ANN)).toEqual({});
  });

  it('a boundary that a clock set back brings again is waited for again', async () => {
    const world = await running({ grants: [grant('ann', 'project:Web', 'viewer', 60)] });
    world.suspend(-30 * MINUTE_MS);
    await world.clock.advance(89 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({});
  });

  describe('a text that was accepted by a clock that was behind', () => {
    const rows = { 101: [{ ...WEB, level: 10 }], 102: [{ ...WEB, level: 10 }] };
    const ending = {
      revokes: 1,
      grants: [grant('ann', 'project:Web', 'viewer', 60), grant('bob', 'project:Web', 'viewer', 60)],
    };

    it('counts as accepted once the clock is right: what had ended by then is held where it is too much', async () => {
      const world = await worldOf({ rows });
      world.clock.jump(-120 * MINUTE_MS);
      save(world, ending);
      await world.begin();
      await world.clock.advance(10 * SECOND_MS);
      expect(runs(world)).toEqual(['start complete']);
      world.clock.jump(120 * MINUTE_MS);
      await world.clock.advance(2 * MINUTE_MS);
      expect(runs(world).at(-1)).toBe('boundary held');
      expect(puts(world)).toEqual([]);
    });

    it('also after a restart', async () => {
      const world = await worldOf({ rows });
      world.clock.jump(-120 * MINUTE_MS);
      save(world, ending);
      await world.begin();
      await world.clock.advance(10 * SECOND_MS);
      await world.stop();
      world.clock.jump(120 * MINUTE_MS);
      await world.begin();
      await world.clock.advance(10 * SECOND_MS);
      expect(runs(world).at(-1)).toBe('start held');
      expect(puts(world)).toEqual([]);
    });

    it('and ends that come 24 hours after that do not count again', async () => {
      const world = await worldOf({ rows });
      world.clock.jump(-30 * MINUTE_MS);
      const minutes = 25 * 60;
      const later = ['ann', 'bob'].map((who) => grant(who, 'project:Web', 'viewer', minutes));
      save(world, { ...ending, grants: later });
      await world.begin();
      await world.clock.advance(10 * SECOND_MS);
      world.clock.jump(30 * MINUTE_MS);
      await world.clock.advance(2 * MINUTE_MS);
      expect(runs(world)).toEqual(['start complete', 'boundary complete']);
      await world.clock.advance((minutes - 29) * MINUTE_MS);
      expect(new Set(puts(world))).toEqual(new Set([ANN, BOB]));
    });
  });

  it('nothing is written while the clocks differ', async () => {
    const world = await running({ grants: [] });
    world.clock.jump(10 * MINUTE_MS);
    await edit(world, { grants: [grant('ann', 'project:Web')] });
    expect(runs(world).at(-1)).toMatch(/ failed$/);
    expect(puts(world)).toEqual([]);
    world.clock.jump(-10 * MINUTE_MS);
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
  });
});

describe('a daemon that is stopped', () => {
  it('ends at once while it waits, and leaves no watch and no sleeper', async () => {
    const world = await running({ grants: [] });
    await world.stop();
    expectEnded(world);
    expect(world.file.watches).toBe(0);
    expect(world.clock.sleeping).toBe(0);
  });

  it('lets the write in flight end, begins no other, and says so', async () => {
    const listener: Listener = { onPut: (process) => process.daemon.stop() };
    const world = await worldOf({ listener, sizes: { rowsPerPut: 100, concurrency: 1 } });
    save(world, { grants: [grant('ann', 'project:Web'), grant('bob', 'project:Web')] });
    await world.begin();
    await world.clock.advance(20 * SECOND_MS);
    expectEnded(world);
    expect(runs(world)).toEqual(['start stopped']);
    expect(puts(world)).toEqual([ANN]);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
  });

  it('cut off, it ends while the API does not answer', async () => {
    const world = await worldOf();
    save(world, { grants: [grant('ann', 'project:Web')] });
    world.simulator.inject({ kind: 'status', status: 429, times: 'always', match: { method: 'GET' } });
    await world.begin();
    await world.clock.advance(2 * SECOND_MS);
    world.process.daemon.abort(new Error('the second signal'));
    await world.quiet();
    expectEnded(world);
    expect(runs(world)).toEqual(['start stopped']);
  });
});

describe('two policies in one daemon', () => {
  it('of one account: the first keeps it, and the other writes nothing and says why', async () => {
    const world = await worldOf({ files: ['first.yaml', 'second.yaml'] });
    const [first, second] = world.files;
    first?.save(draftText({ grants: [grant('ann', 'project:Web')] }, 0));
    second?.save(draftText({ grants: [grant('ann', 'project:App')] }, 0));
    await world.begin();
    await world.clock.advance(60 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    const refused = world.process.events.filter((event) => event.kind === 'policy.unreadable');
    expect(refused).toMatchObject([{ policy: 'second.yaml', account: null, error: { code: 'account-conflict' } }]);
    expect(
      new Set(world.process.events.flatMap((event) => (event.kind === 'run.ended' ? [event.policy] : []))),
    ).toEqual(new Set(['first.yaml']));
  });
});

describe('whether a daemon is stuck', () => {
  it('not while all goes on, however long', async () => {
    const world = await running({ grants: [] });
    await world.clock.advance(120 * MINUTE_MS);
    expect(world.process.daemon.stuckReason()).toBe(null);
  });

  it('a read of the policy that never comes back', async () => {
    const world = await running({ grants: [] });
    world.file.gate = new Promise(() => {});
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.process.daemon.stuckReason()).toBe(null);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.process.daemon.stuckReason()).toMatch(/^the policy file was not looked at since \d+ s$/);
  });

  it('a run that goes on past its deadline and its grace', async () => {
    const world = await worldOf({ stuckAt: 'intend' });
    save(world, { grants: [grant('ann', 'project:Web')] });
    await world.begin();
    await world.clock.advance(12 * MINUTE_MS);
    expect(world.process.daemon.stuckReason()).toBe(null);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.process.daemon.stuckReason()).toMatch(/^a run goes on since \d+ s, past its deadline$/);
  });
});

describe('a fault of grantd', () => {
  it('in one loop ends the daemon, once what is under way in it is done', async () => {
    const listener: Listener = {
      onPut: () => {
        world.file.gate = Promise.reject(new TypeError('a bug'));
        world.file.gate.catch(() => {});
        world.file.hint();
      },
    };
    const world = await worldOf({ listener });
    save(world, { grants: [grant('ann', 'project:Web')] });
    await world.begin();
    await world.clock.advance(20 * SECOND_MS);
    expectEnded(world, TypeError);
    expect(runs(world)).toEqual(['start complete']);
  });

  it('in a run ends that run only', async () => {
    const listener: Listener = {
      onIntent: () => {
        throw new TypeError('a bug');
      },
    };
    const world = await running({ grants: [grant('ann', 'project:Web')] }, { listener });
    expect(runs(world)[0]).toBe('start failed');
    expect(world.process.events.find((event) => event.kind === 'run.ended')).toMatchObject({
      error: { code: 'fault' },
    });
    expect(world.process.end).toBe(null);
  });
});
