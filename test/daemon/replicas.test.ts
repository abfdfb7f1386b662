import { afterEach, describe, expect, it } from 'vitest';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import { ACCOUNT } from '../support/small-seed.ts';
import type { Listener } from './support/daemon-process.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { sha256Of } from './support/memory-policy.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { ScriptedLease } from './support/scripted-lease.ts';
import { smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const MINUTE_MS = 60_000;
const ANN = 101;
const BOB = 102;

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const TO_ANN: PolicyDraft = { grants: [{ to: ['ann@x.test'], resource: ['project:Web'], level: 'viewer' }] };
const TO_BOB: PolicyDraft = { grants: [{ to: ['bob@x.test'], resource: ['project:Web'], level: 'viewer' }] };

interface Scene {
  readonly world: DaemonWorld;
  readonly lease: ScriptedLease;
  readonly state: MemoryState;
}

/** A replica that has read its policy, and holds no Lease yet. */
async function standby(listener: Listener = {}): Promise<Scene> {
  const lease = new ScriptedLease();
  const state = new MemoryState();
  const world = await DaemonWorld.open({ seed: smallAccount(), lease, listener, storage: memoryStorage(state) });
  worlds.push(world);
  world.file.save(draftText(TO_ANN, world.clock.now()));
  await world.begin();
  await world.clock.advance(MINUTE_MS);
  return { world, lease, state };
}

/** One that holds it, and has run. */
async function leader(listener: Listener = {}): Promise<Scene> {
  const scene = await standby(listener);
  scene.lease.hold();
  await scene.world.clock.advance(MINUTE_MS);
  expect(runs(scene)).toEqual(['lease complete']);
  return scene;
}

function runs({ world }: Scene): readonly string[] {
  return world.process.events.flatMap((event) => (event.kind === 'run.ended' ? [`${event.trigger} ${event.end}`] : []));
}

function told({ world }: Scene, kind: DaemonEvent['kind']): readonly DaemonEvent[] {
  return world.process.events.filter((event) => event.kind === kind);
}

function puts({ world }: Scene): number {
  return world.simulator.requests().filter(({ method }) => method === 'PUT').length;
}

describe('a replica that stands by', () => {
  it('asks the account nothing, saves nothing, and says so, whatever asks for a run', async () => {
    const scene = await standby();
    scene.world.process.daemon.ask('request');
    await scene.world.clock.advance(60 * MINUTE_MS);
    expect(scene.world.simulator.requests()).toEqual([]);
    expect(scene.state.saved).toEqual([]);
    expect(runs(scene)).toEqual([]);
    expect(told(scene, 'lease.standby')).toHaveLength(1);
    expect(told(scene, 'policy.accepted')).toHaveLength(1);
    expect(scene.lease.isKept).toBe(true);
  });

  it('wants no Lease before a valid policy has said which account it is', async () => {
    const lease = new ScriptedLease();
    const world = await DaemonWorld.open({ seed: smallAccount(), lease });
    worlds.push(world);
    world.file.save('version: 1\n');
    await world.begin();
    await world.clock.advance(10 * MINUTE_MS);
    expect(lease.isKept).toBe(false);
    world.file.save(draftText(TO_ANN, world.clock.now()));
    await world.clock.advance(MINUTE_MS);
    expect(lease.isKept).toBe(true);
  });

  it('runs at once when it gets the Lease, and keeps the state from then on', async () => {
    const scene = await leader();
    expect(scene.world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    expect(scene.state.kept.get(ACCOUNT)?.policy).not.toBe(null);
  });
});

describe('a replica that writes', () => {
  it('goes by what the one before it has left, not by what it saw itself', async () => {
    const scene = await standby();
    const acceptedAt = Date.UTC(2026, 0, 1);
    const sha256 = sha256Of(draftText(TO_ANN, scene.world.clock.now()));
    const pairs = [{ access: 500, tokenId: 55 }];
    const revision = { sha256, commit: null };
    scene.state.kept.set(ACCOUNT, { ...emptyMemory(ACCOUNT), policy: { revision, acceptedAt }, disprovenPairs: pairs });
    scene.lease.hold();
    await scene.world.clock.advance(MINUTE_MS);
    expect(scene.state.kept.get(ACCOUNT)?.policy).toEqual({ revision, acceptedAt });
  });

  it('reads it again with each Lease that it gets', async () => {
    const scene = await leader();
    scene.lease.lose('other');
    const kept = scene.state.kept.get(ACCOUNT);
    if (kept?.policy === null || kept === undefined) throw new Error('nothing kept');
    const acceptedAt = kept.policy.acceptedAt - 5_000;
    scene.state.kept.set(ACCOUNT, { ...kept, policy: { ...kept.policy, acceptedAt } });
    scene.lease.hold();
    await scene.world.clock.advance(MINUTE_MS);
    expect(scene.state.kept.get(ACCOUNT)?.policy?.acceptedAt).toBe(acceptedAt);
    expect(runs(scene)).toEqual(['lease complete', 'lease complete']);
  });

  it('stands by again once it has lost it', async () => {
    const scene = await leader();
    scene.lease.lose('other');
    const asked = scene.world.simulator.requests().length;
    const saved = scene.state.saved.length;
    scene.world.file.save(draftText(TO_BOB, scene.world.clock.now()));
    await scene.world.clock.advance(60 * MINUTE_MS);
    expect(scene.world.simulator.requests()).toHaveLength(asked);
    expect(scene.state.saved).toHaveLength(saved);
    expect(runs(scene)).toEqual(['lease complete']);
  });

  it('only reads while nobody can be asked who writes', async () => {
    const scene = await leader();
    scene.lease.lose(null);
    const saved = scene.state.saved.length;
    scene.world.file.save(draftText(TO_BOB, scene.world.clock.now()));
    await scene.world.clock.advance(20 * MINUTE_MS);
    expect(runs(scene)).toEqual(['lease complete', 'poll unled', 'schedule unled']);
    expect(scene.world.simulator.rows(BOB)).toEqual({});
    expect(puts(scene)).toBe(1);
    expect(scene.state.saved).toHaveLength(saved);
    scene.lease.hold();
    await scene.world.clock.advance(MINUTE_MS);
    expect(scene.world.simulator.rows(BOB)).toEqual({ 'project:1': 10 });
  });

  it('begins no PUT and writes nothing down once its hold has lapsed, before anybody was told', async () => {
    const intents: number[] = [];
    const listener: Listener = {
      onEvent: (_, event) => {
        // As a process that is frozen after it has made its plan.
        if (event.kind === 'run.planned') scene?.lease.hold(() => null);
      },
      onIntent: (_, { access }) => intents.push(access),
    };
    let scene: Scene | null = null;
    scene = await standby(listener);
    scene.lease.hold(() => (scene === null || told(scene, 'run.planned').length === 0 ? 10_000 : null));
    await scene.world.clock.advance(2_000);
    expect(puts(scene)).toBe(0);
    expect(intents).toEqual([]);
    expect(scene.world.simulator.rows(ANN)).toEqual({});
  });

  it('gives the Lease back when it is stopped, after the run under way', async () => {
    const scene = await leader();
    await scene.world.stop();
    expect(scene.lease.wasGivenBack).toBe(true);
  });
});

describe('a new holder whose file lags behind', () => {
  async function lagging(): Promise<Scene> {
    const scene = await standby();
    const sha256 = sha256Of(draftText(TO_ANN, scene.world.clock.now()));
    const policy = { revision: { sha256: 'b'.repeat(64), commit: null }, acceptedAt: 0 };
    scene.state.kept.set(ACCOUNT, { ...emptyMemory(ACCOUNT), policy, superseded: [{ sha256, commit: null }] });
    scene.lease.hold();
    await scene.world.clock.advance(5 * MINUTE_MS);
    expect(told(scene, 'lease.superseded')).toHaveLength(1);
    expect(scene.world.simulator.requests()).toEqual([]);
    return scene;
  }

  it('waits for another text, and then goes by that', async () => {
    const scene = await lagging();
    scene.world.file.save(draftText(TO_BOB, scene.world.clock.now()));
    await scene.world.clock.advance(MINUTE_MS);
    expect(runs(scene)).toEqual(['poll complete']);
    expect(scene.world.simulator.rows(BOB)).toEqual({ 'project:1': 10 });
    expect(scene.world.simulator.rows(ANN)).toEqual({});
  });

  it('waits ten minutes at most, and then goes by what it has', async () => {
    const scene = await lagging();
    scene.world.file.save('version: 1\n');
    await scene.world.clock.advance(4 * MINUTE_MS);
    expect(runs(scene)).toEqual([]);
    scene.world.file.save(draftText(TO_ANN, scene.world.clock.now()));
    await scene.world.clock.advance(2 * MINUTE_MS);
    expect(runs(scene)).toEqual(['lease complete']);
    expect(scene.world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    const [newest] = scene.state.kept.get(ACCOUNT)?.superseded ?? [];
    expect(newest?.sha256).toBe('b'.repeat(64));
  });
});

describe('a policy that turns out to be another account’s', () => {
  it('gives the Lease of the first one back, and writes only under that of the second', async () => {
    const leases = new Map([4711, ACCOUNT].map((account) => [account, new ScriptedLease()]));
    const leaseOf = (account: number) => leases.get(account) ?? new ScriptedLease();
    const world = await DaemonWorld.open({ seed: smallAccount(), lease: leaseOf });
    worlds.push(world);
    world.file.save(draftText({ ...TO_ANN, account: 4711 }, world.clock.now()));
    await world.begin();
    leaseOf(4711).hold();
    await world.clock.advance(MINUTE_MS);
    world.file.save(draftText(TO_ANN, world.clock.now()));
    world.file.hint();
    await world.clock.advance(MINUTE_MS);
    expect([leaseOf(4711).wasGivenBack, leaseOf(ACCOUNT).isKept]).toEqual([true, true]);
    expect(world.simulator.rows(ANN)).toEqual({});
    leaseOf(ACCOUNT).hold();
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    expect(leaseOf(ACCOUNT).wasGivenBack).toBe(false);
  });
});
