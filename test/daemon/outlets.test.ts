import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT } from '../support/small-seed.ts';
import { DaemonWorld, type WorldOptions } from './support/daemon-world.ts';
import { OutletsWitness } from './support/outlets-witness.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { ScriptedLease } from './support/scripted-lease.ts';
import { smallAccount } from './support/small-account.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const ANN = 101;
const PROTECTED = 105;
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
    expect(sent.at(-1)?.summary).toBe(
      'the policy is paused, and 1 change not written; 1 by drift: what someone else changed stays so',
    );
    // The same account without the line, and then the text that was good.
    await edit(scene, draftText({ ...ENDED, account: ELSEWHERE }, scene.world.clock.now()));
    expect(paused(scene)).toEqual(NO);
    expect(await drift(scene)).toBe('complete, {}');
    expect(scene.witness.complaints).toEqual([]);
  });

  it('and the condition says what runs meanwhile: the fallback policy, or nothing after a restart', async () => {
    const scene = await begun(ENDED);
    const { world, witness } = scene;
    await edit(scene, 'version: 1\n');
    expect(witness.of(world.process).readyMessage()).toMatch(/; meanwhile the fallback policy runs: it only removes /);
    await world.stop();
    await world.begin();
    await world.clock.advance(10 * SECOND_MS);
    expect(witness.of(world.process).readyMessage()).toMatch(
      /; nothing runs until you fix it; grantd has accepted no /,
    );
    expect(await drift(scene)).toBe('undefined, {"project:1":10}');
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

describe('what somebody else did', () => {
  it('is told as drift, with the names of those whom they made account admin', async () => {
    const scene = await begun({
      grants: [{ to: ['ann@x.test', 'bob@x.test'], resource: ['project:Web'], level: 'viewer' }],
    });
    const { world, witness } = scene;
    for (const who of [ANN, 102]) {
      world.simulator.writeAsSomebodyElse({ act: 'set-row', who, type: 'account', id: ACCOUNT, level: 100 });
    }
    world.process.daemon.ask('request');
    await world.clock.advance(10 * SECOND_MS);
    expect(witness.of(world.process).sent.at(-1)).toMatchObject({
      kind: 'changes.applied',
      severity: 'warning',
      summary:
        '2 changes written and seen in place; 2 by drift: what someone else had changed is undone; someone else had made ann@x.test, bob@x.test account admin',
    });
    expect(witness.complaints).toEqual([]);
  });

  it('and stays so while the policy is paused is a warning that names them', async () => {
    const draft: PolicyDraft = { grants: [{ to: ['ann@x.test'], resource: ['project:Web'], level: 'viewer' }] };
    const scene = await begun(draft);
    const { world, witness } = scene;
    await edit(scene, draftText({ ...draft, paused: true }, world.clock.now()));
    world.simulator.writeAsSomebodyElse({ act: 'set-row', who: ANN, type: 'account', id: ACCOUNT, level: 100 });
    world.process.daemon.ask('request');
    await world.clock.advance(10 * SECOND_MS);
    expect(witness.of(world.process).lastEnd).toMatchObject({
      level: 'warn',
      end: 'paused',
      drift: [{ principal: 'ann@x.test', resource: 'account', before: 'admin', after: 'none' }],
      driftCount: 1,
    });
    expect(witness.of(world.process).sent.at(-1)).toMatchObject({
      kind: 'changes.paused',
      severity: 'warning',
      summary: expect.stringContaining('someone else had made ann@x.test account admin'),
    });
    expect(witness.complaints).toEqual([]);
  });

  it('to the e-mail of a protected account admin is told by both e-mails, and nobody is told to remove them', async () => {
    const scene = await begun(
      { unlisted: 'revoke', grants: [{ to: ['bob@x.test'], resource: ['project:Web'], level: 'viewer' }] },
      { seed: smallAccount({ [PROTECTED]: [{ type: 'account', id: ACCOUNT, level: 100 }] }) },
    );
    const { world, witness } = scene;
    world.simulator.writeAsSomebodyElse({ act: 'rename-member', who: PROTECTED, email: 'prot.new@x.test' });
    world.process.daemon.ask('request');
    await world.clock.advance(10 * SECOND_MS);
    const sent = witness.of(world.process).sent.filter(({ run }) => run?.trigger === 'request');
    const remedy = expect.stringContaining('write prot.new@x.test in place of prot@x.test under `protected`; delete');
    expect(sent).toMatchObject([{ kind: 'changes.deferred', severity: 'warning', remedy }]);
    expect(witness.of(world.process).readyMessage()).toContain(
      'prot.new@x.test (access 105) had the protected e-mail prot@x.test',
    );
    expect(world.simulator.rows(PROTECTED)).toEqual({ [`account:${ACCOUNT}`]: 100 });
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
