import { afterEach, describe, expect, it } from 'vitest';
import { encodeMemory } from '../../src/adapters/state/memory-json.ts';
import type { Change } from '../../src/core/domain/plan/plan.ts';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import type { RowSeed } from '../../src/simulator/seed.ts';
import { APP, WEB } from '../support/small-seed.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { type FirstRows, smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const [ANN, BOB, CID, INV, UNLISTED] = [101, 102, 103, 104, 106];
const WEB_ADMIN = { ...WEB, level: 100 } as const;
const ADMIN = { type: 'account', id: 3229, level: 100 } as const;

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** A world with a daemon that has run once by this policy. */
async function running(draft: PolicyDraft, rows: FirstRows = {}, state = new MemoryState()): Promise<DaemonWorld> {
  const world = await DaemonWorld.open({ seed: smallAccount(rows), storage: memoryStorage(state) });
  worlds.push(world);
  world.file.save(draftText(draft, world.clock.now()));
  await world.begin();
  await world.clock.advance(10_000);
  return world;
}

async function edit(world: DaemonWorld, text: string): Promise<void> {
  world.file.save(text);
  world.file.hint();
  await world.clock.advance(10_000);
}

/** A run that is asked for now. */
async function run(world: DaemonWorld): Promise<void> {
  world.process.daemon.ask('request');
  await world.clock.advance(10_000);
}

type RunEnded = Extract<DaemonEvent, { readonly kind: 'run.ended' }>;

function lastRun({ process }: DaemonWorld): RunEnded {
  const last = process.events.findLast((event) => event.kind === 'run.ended');
  if (last === undefined) throw new Error('no run has ended');
  return last;
}

function textOf({ principal, kind, resource, cause }: Change): string {
  return `${'email' in principal ? principal.email : principal.kind} ${kind} ${resource.type}: ${cause}`;
}

/** What the last run planned to write, and what it left held and deferred. */
function lastPlan(world: DaemonWorld): Readonly<Record<'written' | 'held' | 'deferred', readonly string[]>> {
  const { result } = lastRun(world);
  if (result === null) throw new Error('the last run failed');
  const { plan } = result;
  return {
    written: plan.changes.map(textOf),
    held: plan.held.flatMap(({ changes }) => changes.map(textOf)),
    deferred: plan.deferred.map(({ change }) => textOf(change)),
  };
}

function give(world: DaemonWorld, who: number, row: RowSeed): void {
  world.simulator.writeAsSomebodyElse({ act: 'set-row', who, ...row });
}

const PEOPLE = ['ann@x.test', 'bob@x.test', 'cid@x.test', 'inv@x.test'];
const ON_WEB: PolicyDraft = {
  revokes: 3,
  grants: [{ to: PEOPLE, resource: ['project:Web'], level: 'viewer' }],
};

describe('account admins that somebody else made', () => {
  it('are four, and are gone in one run, though the limit is three', async () => {
    const world = await running(ON_WEB);
    for (const who of [ANN, BOB, CID, INV]) give(world, who, ADMIN);
    await run(world);
    expect(lastPlan(world)).toEqual({
      written: PEOPLE.map((who) => `${who} remove account: drift`),
      held: [],
      deferred: [],
    });
    expect(lastRun(world).end).toBe('complete');
    for (const who of [ANN, BOB, CID, INV]) expect(world.simulator.rows(who)).toEqual({ 'project:1': 10 });
    const applied = world.process.events.flatMap((event) => (event.kind === 'change.applied' ? [event.change] : []));
    expect(applied.slice(-4).map(({ cause }) => cause)).toEqual(['drift', 'drift', 'drift', 'drift']);
  });

  it('are recognized after a restart with the same text', async () => {
    const world = await running(ON_WEB);
    await world.stop();
    for (const who of [ANN, BOB, CID, INV]) give(world, who, ADMIN);
    await world.begin();
    await world.clock.advance(10_000);
    expect(lastPlan(world)).toMatchObject({ written: PEOPLE.map((who) => `${who} remove account: drift`), held: [] });
  });

  it('are held after a restart with a newer text, since nobody can know any more', async () => {
    const world = await running(ON_WEB);
    await world.stop();
    for (const who of [ANN, BOB, CID, INV]) give(world, who, ADMIN);
    world.file.save(`# newer\n${draftText(ON_WEB, world.clock.now())}`);
    await world.begin();
    await world.clock.advance(10_000);
    expect(lastPlan(world)).toMatchObject({ written: [], held: PEOPLE.map((who) => `${who} remove account: policy`) });
  });

  it('lose it by the fallback policy too, which leaves other drift alone', async () => {
    const world = await running(ON_WEB);
    await edit(world, 'version: 1\n');
    give(world, ANN, ADMIN);
    give(world, BOB, { ...APP, level: 100 });
    await run(world);
    expect(lastPlan(world)).toEqual({
      written: ['ann@x.test remove account: drift'],
      held: [],
      deferred: ['bob@x.test remove project: drift'],
    });
    expect(lastRun(world).end).toBe('deferred');
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    expect(world.simulator.rows(BOB)).toEqual({ 'project:1': 10, 'project:2': 100 });
  });

  it('keep it by the fallback policy if the invalid text says that it is paused', async () => {
    const world = await running(ON_WEB);
    await edit(world, 'grants: [\npaused: true\n');
    give(world, ANN, ADMIN);
    await run(world);
    expect(lastRun(world).end).toBe('paused');
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10, 'account:3229': 100 });
  });
});

describe('what somebody does who is to lose access', () => {
  const draft: PolicyDraft = {
    unlisted: 'revoke',
    revokes: 3,
    grants: [{ to: ['ann@x.test'], resource: ['account'], level: 'admin' }],
  };

  it('does not hold up the merge that takes it', async () => {
    const world = await running({
      ...draft,
      grants: [...(draft.grants ?? []), { to: ['cid@x.test'], resource: ['account'], level: 'admin' }],
    });
    expect(world.simulator.rows(CID)).toEqual({ 'account:3229': 100 });
    for (const who of [BOB, INV, UNLISTED]) give(world, who, { ...WEB, level: 100 });
    await edit(world, draftText(draft, world.clock.now()));
    expect(lastPlan(world)).toEqual({
      written: [
        'bob@x.test remove project: drift',
        'inv@x.test remove project: drift',
        'unlisted@x.test remove project: drift',
        'cid@x.test remove account: policy',
      ].sort(),
      held: [],
      deferred: [],
    });
    for (const who of [BOB, CID, INV, UNLISTED]) expect(world.simulator.rows(who)).toEqual({});
  });
});

describe('other causes', () => {
  it('are a date, and the policy again once everybody settled by the newer text', async () => {
    const draft: PolicyDraft = {
      grants: [
        { to: ['ann@x.test'], resource: ['project:Web'], level: 'viewer', until: 5 },
        { to: ['bob@x.test'], resource: ['project:Web'], level: 'viewer' },
      ],
    };
    const world = await running(draft);
    await world.clock.advance(10 * 60_000);
    const changes = world.process.events.flatMap((event) => (event.kind === 'change.applied' ? [event.change] : []));
    expect(changes.map(textOf)).toEqual([
      'ann@x.test create project: undefined',
      'bob@x.test create project: undefined',
      'ann@x.test remove project: date',
    ]);
    await edit(world, draftText({ grants: (draft.grants ?? []).slice(0, 1), unlisted: 'revoke' }, world.clock.now()));
    expect(lastPlan(world).written).toContain('bob@x.test remove project: policy');
  });

  it('are a new resource, and a new person', async () => {
    const world = await running({
      unlisted: 'revoke',
      grants: [{ to: ['ann@x.test'], resource: ['project:*'], level: 'viewer' }],
    });
    world.simulator.writeAsSomebodyElse({ act: 'add-resource', type: 'project', id: 9, name: 'New' });
    await run(world);
    expect(lastPlan(world).written).toEqual(['ann@x.test create project: tree']);
    world.simulator.writeAsSomebodyElse({ act: 'add-member', email: 'new@x.test', access: 900, rows: [WEB_ADMIN] });
    await run(world);
    expect(lastPlan(world).written).toEqual(['new@x.test remove project: newcomer']);
  });
});

describe('newcomers', () => {
  const NEW = [900, 901, 902, 903];
  const four = NEW.map((access) => ({ email: `n${access}@new.test`, access }));
  const REVOKING: PolicyDraft = { ...ON_WEB, unlisted: 'revoke' };
  const HELD = four.map(({ email }) => `${email} remove account: newcomer`);
  const come = (world: DaemonWorld) => {
    for (const one of four) world.simulator.writeAsSomebodyElse({ act: 'add-member', ...one, rows: [ADMIN] });
  };

  it('stay newcomers in every run until one has settled them, and hold up no merge', async () => {
    const world = await running(REVOKING);
    come(world);
    await run(world);
    expect(lastPlan(world)).toEqual({ written: [], held: HELD, deferred: [] });
    await run(world);
    expect(lastPlan(world)).toEqual({ written: [], held: HELD, deferred: [] });
    const without: PolicyDraft = {
      ...REVOKING,
      grants: [{ to: PEOPLE.slice(1), resource: ['project:Web'], level: 'viewer' }],
    };
    await edit(world, draftText(without, world.clock.now()));
    expect(lastPlan(world)).toEqual({ written: ['ann@x.test remove project: policy'], held: HELD, deferred: [] });
    expect(world.simulator.rows(ANN)).toEqual({});
  });

  it('stay newcomers over a restart with a newer text', async () => {
    const world = await running(REVOKING);
    come(world);
    await run(world);
    await world.stop();
    world.file.save(`# newer\n${draftText(REVOKING, world.clock.now())}`);
    await world.begin();
    await world.clock.advance(10_000);
    expect(lastPlan(world)).toEqual({ written: [], held: HELD, deferred: [] });
  });

  it('are known once nothing is left to change on them: what somebody gives them then is drift', async () => {
    const world = await running(REVOKING);
    come(world);
    await run(world);
    world.simulator.writeAsSomebodyElse({ act: 'remove-row', who: 900, ...ADMIN });
    await run(world);
    expect(lastPlan(world).written).toEqual(HELD.slice(1));
    await run(world);
    give(world, 900, ADMIN);
    await run(world);
    expect(lastPlan(world).written).toEqual([`${four[0]?.email} remove account: drift`]);
  });

  it('under another e-mail than at first count as changed by the policy', async () => {
    const world = await running(REVOKING);
    come(world);
    await run(world);
    world.simulator.writeAsSomebodyElse({ act: 'rename-member', who: 900, email: 'other@new.test' });
    await run(world);
    expect(lastPlan(world).written).toEqual([...HELD.slice(1), 'other@new.test remove account: policy']);
  });

  it('are nobody at a first run, which knows nobody', async () => {
    const world = await running(REVOKING, { [ANN]: [ADMIN], [BOB]: [ADMIN], [CID]: [ADMIN], [INV]: [ADMIN] });
    await run(world);
    expect(lastPlan(world).held).toEqual(PEOPLE.map((who) => `${who} remove account: policy`));
  });
});

describe('the memory of accesses', () => {
  it('is not written again by runs that find nothing', async () => {
    const state = new MemoryState();
    const world = await running({ ...ON_WEB, ends: { 'ann@x.test': 30 } }, {}, state);
    await run(world);
    const [settled] = state.saved.slice(-1).map(encodeMemory);
    const before = state.saved.length;
    for (let count = 0; count < 3; count += 1) await run(world);
    expect(new Set(state.saved.slice(before).map(encodeMemory))).toEqual(new Set([settled]));
    await world.clock.advance(60 * 60_000);
    expect(state.saved.slice(-1).map(encodeMemory)).not.toEqual([settled]);
  });
});
