import { afterEach, describe, expect, it } from 'vitest';
import { DaemonWorld, type WorldOptions } from './support/daemon-world.ts';
import { OutletsWitness } from './support/outlets-witness.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { ScriptedLease } from './support/scripted-lease.ts';
import { smallAccount } from './support/small-account.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const ANN = 101;
const ELSEWHERE = 999;
const TO_ANN: PolicyDraft = { grants: [{ to: ['ann@x.test'], resource: ['project:Web'], level: 'viewer' }] };
/** What is left of it while the fallback policy counts: an end. */
const ENDED: PolicyDraft = {
  grants: [{ to: ['ann@x.test'], resource: ['project:Web'], level: 'viewer', from: -20, until: -10 }],
};

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

interface Scene {
  readonly world: DaemonWorld;
  readonly witness: OutletsWitness;
}

async function begun(first: PolicyDraft, options: Partial<WorldOptions> = {}): Promise<Scene> {
  const witness = new OutletsWitness();
  const world = await DaemonWorld.open({ seed: smallAccount(), listener: witness, ...options });
  worlds.push(world);
  world.file.save(draftText(first, world.clock.now()));
  await world.begin();
  await world.clock.advance(10 * SECOND_MS);
  return { world, witness };
}

async function edit({ world }: Scene, text: string | null): Promise<void> {
  world.file.save(text);
  world.file.hint();
  await world.clock.advance(10 * SECOND_MS);
}

/** What each outlet says on whether the account is paused. */
function paused({ world, witness }: Scene) {
  const outlets = witness.of(world.process);
  return {
    metric: outlets.metrics().isPaused,
    status: outlets.status().isPaused,
    condition: outlets.conditions()['Paused'],
    log: outlets.log().isPaused,
  };
}

const YES = { metric: true, status: true, condition: 'True PolicyPaused', log: true };
const NO = { metric: false, status: false, condition: 'False NotPaused', log: false };

/** Somebody gives Ann what has ended, and every outlet sees what a run makes of it. */
async function drift({ world }: Scene): Promise<string> {
  world.simulator.writeAsSomebodyElse({ act: 'set-row', who: ANN, type: 'project', id: 1, level: 10 });
  world.process.daemon.ask('request');
  await world.clock.advance(10 * SECOND_MS);
  const ended = world.process.events.filter((event) => event.kind === 'run.ended').at(-1);
  return `${ended?.end}, ${JSON.stringify(world.simulator.rows(ANN))}`;
}

describe('a text that is refused and says `paused: true` pauses the account, and every outlet says so', () => {
  it('where it names another account', async () => {
    const scene = await begun(ENDED);
    expect(paused(scene)).toEqual(NO);
    await edit(scene, draftText({ ...ENDED, account: ELSEWHERE, paused: true }, scene.world.clock.now()));
    expect(paused(scene)).toEqual(YES);
    expect(await drift(scene)).toBe('paused, {"project:1":10}');
    expect(paused(scene)).toEqual(YES);
    const { sent } = scene.witness.of(scene.world.process);
    expect(sent.at(-2)?.summary).toContain('it says `paused: true`, so nothing is written');
    expect(sent.at(-1)?.summary).toBe('the policy is paused, and 1 change not written');
    // The same account without the line, and then the text that was good.
    await edit(scene, draftText({ ...ENDED, account: ELSEWHERE }, scene.world.clock.now()));
    expect(paused(scene)).toEqual(NO);
    expect(await drift(scene)).toBe('complete, {}');
    expect(scene.witness.complaints).toEqual([]);
  });

  it('where it is invalid', async () => {
    const scene = await begun(ENDED);
    await edit(scene, `grants: [\npaused: true\n`);
    expect(paused(scene)).toEqual(YES);
    expect(await drift(scene)).toBe('paused, {"project:1":10}');
    await edit(scene, draftText(ENDED, scene.world.clock.now()));
    expect(paused(scene)).toEqual(NO);
    expect(scene.witness.complaints).toEqual([]);
  });

  it('where the fallback policy is paused and the refused text says nothing', async () => {
    const scene = await begun({ ...ENDED, paused: true });
    expect(paused(scene)).toEqual(YES);
    await edit(scene, null);
    expect(paused(scene)).toEqual(YES);
    expect(await drift(scene)).toBe('paused, {"project:1":10}');
    expect(scene.witness.complaints).toEqual([]);
  });
});

describe('what a policy observes', () => {
  it('is counted by every outlet, is never written, and leaves the account ready', async () => {
    const grants = [{ to: ['ann@x.test', 'bob@x.test'], resource: ['project:Web'], level: 'viewer' }] as const;
    const scene = await begun({ revokes: 1, gains: 1, grants, observe: ['project:*'] });
    const { world, witness } = scene;
    const outlets = () => witness.of(world.process);
    expect(outlets().metrics()).toMatchObject({ observed: 2, held: 0, deferred: 0 });
    expect(outlets().status()).toMatchObject({ observed: 2, held: 0, deferred: 0 });
    expect(outlets().conditions()).toMatchObject({ Ready: 'True Succeeded' });
    expect(world.process.events.findLast(({ kind }) => kind === 'run.ended')).toMatchObject({ end: 'complete' });
    expect(world.simulator.rows(ANN)).toEqual({});
    await edit(scene, draftText({ grants }, world.clock.now()));
    expect(outlets().status().observed).toBe(0);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    expect(witness.complaints).toEqual([]);
  });
});

describe('a name that matches nothing, while nothing differs', () => {
  it('is counted by every outlet, ends each run deferred, is notified once, and settles', async () => {
    const scene = await begun(TO_ANN);
    const { world, witness } = scene;
    const outlets = () => witness.of(world.process);
    expect(outlets().conditions()).toMatchObject({ Ready: 'True Succeeded' });
    const grants = [
      ...(TO_ANN.grants ?? []),
      { to: ['ann@x.test'], resource: ['project:Webb'], level: 'viewer' } as const,
    ];
    for (const paused of [false, true]) {
      await edit(scene, draftText({ grants, paused }, world.clock.now()));
      expect(outlets().metrics()).toMatchObject({ unresolved: 1, deferred: 0 });
      expect(outlets().status()).toMatchObject({ unresolved: 1, deferred: 0 });
      expect(outlets().conditions()).toMatchObject({ Ready: 'False ChangesDeferred' });
      expect(world.process.events.findLast(({ kind }) => kind === 'run.ended')).toMatchObject({ end: 'deferred' });
    }
    const deferred = outlets().sent.filter(({ kind }) => kind === 'changes.deferred');
    expect(deferred.map(({ severity, summary, count }) => [severity, summary, count])).toEqual([
      ['warning', expect.stringMatching(/^project:Webb \(\S+:\d+:\d+\) matches no resource, or several$/), 0],
    ]);
    await edit(scene, draftText(TO_ANN, world.clock.now()));
    expect(outlets().conditions()).toMatchObject({ Ready: 'True Succeeded' });
    expect(outlets().sent.at(-1)).toMatchObject({ kind: 'changes.settled' });
    expect(witness.complaints).toEqual([]);
  });
});

describe('through terms of a Lease', () => {
  it('every outlet says who leads, and forgets what another replica may have changed', async () => {
    const lease = new ScriptedLease();
    const scene = await begun(TO_ANN, { lease });
    const { world, witness } = scene;
    const outlets = () => witness.of(world.process);
    lease.lose('other');
    expect(outlets().metrics()).toMatchObject({ isLeading: false, held: null, failures: 0 });
    world.simulator.inject({ kind: 'status', status: 500, times: 'always', match: { method: 'GET' } });
    lease.hold();
    await world.clock.advance(20 * MINUTE_MS);
    expect(outlets().status().failures).toBeGreaterThan(2);
    expect(outlets().conditions()).toMatchObject({ Ready: 'False RunFailed', Stalled: 'True RunsFail' });
    lease.lose('other');
    expect(outlets().status()).toMatchObject({ isLeading: false, failures: 0, held: null });
    expect(outlets().conditions()).toMatchObject({ Ready: 'True StandingBy', Stalled: 'False Progressing' });
    world.simulator.clearFaults();
    lease.hold();
    await world.clock.advance(20 * MINUTE_MS);
    lease.lose(null);
    await world.clock.advance(20 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    expect(outlets().status().isLeading).toBe(false);
    expect(witness.complaints).toEqual([]);
    expect(witness.compared).toBeGreaterThan(30);
    expect(world.process.events.filter(({ kind }) => kind === 'lease.acquired')).toHaveLength(2);
  });
});
