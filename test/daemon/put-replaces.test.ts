import { afterEach, describe, expect, it } from 'vitest';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import { ACCOUNT } from '../support/small-seed.ts';
import type { Listener } from './support/daemon-process.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { ScriptedLease } from './support/scripted-lease.ts';
import { smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const MINUTE_MS = 60_000;
const [ANN, BOB] = [101, 102];
const ROWS = [
  { type: 'inbox', id: 11, level: 100 },
  { type: 'inbox', id: 12, level: 10 },
];
const HELD = { 'inbox:11': 100, 'inbox:12': 10 };
const GIVEN = { ...HELD, 'project:2': 10 };

const TO_BOTH: PolicyDraft = {
  mode: 'additive',
  grants: [{ to: ['ann@x.test', 'bob@x.test'], resource: ['project:App'], level: 'viewer' }],
};

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

interface Scene {
  readonly world: DaemonWorld;
  readonly state: MemoryState;
}

async function scene(
  put: 'keeps' | 'replaces',
  options: { readonly listener?: Listener; readonly lease?: ScriptedLease } = {},
): Promise<Scene> {
  const state = new MemoryState();
  const world = await DaemonWorld.open({
    seed: { ...smallAccount({ [ANN]: ROWS, [BOB]: ROWS }), put },
    storage: memoryStorage(state),
    putsAreProven: false,
    ...options,
  });
  worlds.push(world);
  world.file.save(draftText(TO_BOTH, world.clock.now()));
  await world.begin();
  await world.clock.advance(MINUTE_MS);
  return { world, state };
}

const puts = ({ simulator }: DaemonWorld) => simulator.requests().filter(({ method }) => method === 'PUT');
const ends = ({ process }: DaemonWorld) =>
  process.events.flatMap((event) => (event.kind === 'run.ended' ? [event] : []));

describe('G1 in the daemon: a PUT that takes the rows that it does not name', () => {
  it('loses one person no row, writes to nobody else, and is stalled with the reason', async () => {
    const { world, state } = await scene('replaces');
    expect(world.simulator.rows(ANN)).toEqual(GIVEN);
    expect(world.simulator.rows(BOB)).toEqual(HELD);
    expect(puts(world)).toHaveLength(2);
    expect(ends(world)[0]).toMatchObject({ end: 'failed', error: { code: 'put-replaces' } });
    expect(ends(world)[0]?.error?.message).toContain(
      'grantd gave them back to ann@x.test: inbox:Web/Live admin, inbox:Web/Test viewer',
    );
    expect(state.kept.get(ACCOUNT)?.puts).toEqual({ proofs: [], open: [] });
    expect(state.replaces.get(ACCOUNT)).toMatchObject({ account: ACCOUNT, accesses: [ANN] });
  });

  it('reads the record first in every run, and sends the account nothing', async () => {
    const { world, state } = await scene('replaces');
    const sent = world.simulator.requests().length;
    await world.clock.advance(60 * MINUTE_MS);
    expect(ends(world).length).toBeGreaterThan(3);
    expect(new Set(ends(world).map(({ error }) => error?.code))).toEqual(new Set(['put-replaces']));
    expect(world.simulator.requests()).toHaveLength(sent);
    state.replaces.clear();
    await world.clock.advance(60 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual(GIVEN);
    expect(world.simulator.rows(BOB)).toEqual({ ...GIVEN });
    expect(ends(world).at(-1)?.error?.code).toBe('put-replaces');
  });

  it('is finished by the process after it, whatever the policy says by then', async () => {
    let isKilled = false;
    const listener: Listener = {
      onOutcome: (process) => {
        if (!isKilled) process.life.die();
        isKilled = true;
      },
    };
    const { world, state } = await scene('replaces', { listener });
    expect(world.simulator.rows(ANN)).toEqual({ 'project:2': 10 });
    expect(state.kept.get(ACCOUNT)?.puts.open).toMatchObject([{ access: ANN, unnamed: [{ id: 11 }, { id: 12 }] }]);
    world.file.save(draftText({ ...TO_BOTH, grants: [], paused: true }, world.clock.now()));
    await world.begin();
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual(GIVEN);
    expect(world.simulator.rows(BOB)).toEqual(HELD);
    expect(ends(world)[0]?.error?.code).toBe('put-replaces');
  });

  it('is finished by the next holder of the Lease, if this process lost it before the read', async () => {
    const lease = new ScriptedLease();
    let isLost = false;
    const listener: Listener = {
      onOutcome: () => {
        if (!isLost) lease.lose('other');
        isLost = true;
      },
    };
    const { world, state } = await scene('replaces', { listener, lease });
    // The permit of the term says no as soon as the Lease is lost.
    lease.hold(() => (isLost ? null : 10_000));
    await world.clock.advance(MINUTE_MS);
    expect(isLost).toBe(true);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:2': 10 });
    expect(ends(world)[0]?.error?.message).toContain('they are missing from ann@x.test');
    expect(state.kept.get(ACCOUNT)?.puts.open).toHaveLength(1);
    await world.crash();
    await world.begin();
    lease.hold();
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual(GIVEN);
    expect(puts(world)).toHaveLength(2);
    expect(state.kept.get(ACCOUNT)?.puts).toEqual({ proofs: [], open: [] });
  });

  it('does not leave before its rows are kept: while the state cannot be written, others wait', async () => {
    const state = new MemoryState();
    state.isBroken = true;
    const world = await DaemonWorld.open({
      seed: { ...smallAccount({ [ANN]: ROWS }), put: 'replaces' },
      storage: memoryStorage(state),
      putsAreProven: false,
    });
    worlds.push(world);
    world.file.save(draftText(TO_BOTH, world.clock.now()));
    await world.begin();
    await world.clock.advance(MINUTE_MS);
    expect(puts(world).map(({ path }) => path)).toEqual([expect.stringContaining(`/${BOB}/`)]);
    expect(world.simulator.rows(ANN)).toEqual(HELD);
    expect(ends(world)[0]?.end).toBe('deferred');
    state.isBroken = false;
    await world.clock.advance(60 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual(GIVEN);
  });
});

describe('an open canary, and a later PUT that names the rows that it left unnamed', () => {
  const ONLY_APP: PolicyDraft = {
    mode: 'authoritative',
    grants: [{ to: ['ann@x.test', 'bob@x.test'], resource: ['project:App'], level: 'viewer' }],
  };

  async function opened(): Promise<Scene> {
    const state = new MemoryState();
    const api = 'http://127.0.0.1';
    const world = await DaemonWorld.open({
      seed: { ...smallAccount({ [ANN]: ROWS, [BOB]: ROWS }), put: 'keeps' },
      storage: memoryStorage(state),
      putsAreProven: false,
    });
    worlds.push(world);
    const sent = { api: world.simulator.url ?? api, runId: 'run-0', planDigest: 'sha256:0', access: ANN } as const;
    const canary = {
      ...sent,
      kind: 'user',
      tokenId: null,
      sentAt: world.clock.now(),
      isAnswered: false,
      written: [{ type: 'project', id: 2, level: 10 }],
      unnamed: ROWS.map(({ id, level }) => ({ type: 'inbox', id, level }) as const),
    } as const;
    const memory = emptyMemory(ACCOUNT);
    state.kept.set(ACCOUNT, { ...memory, puts: { proofs: [], open: [canary] } });
    world.file.save(draftText(ONLY_APP, world.clock.now()));
    return { world, state };
  }

  it('is closed: what grantd removed on purpose is never given back', async () => {
    const { world, state } = await opened();
    await world.begin();
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:2': 10 });
    expect(state.kept.get(ACCOUNT)?.puts.open).toEqual([]);
    await world.clock.advance(60 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:2': 10 });
    expect(ends(world).every(({ error }) => error === null)).toBe(true);
  });

  it('does not leave while the state cannot be written', async () => {
    const { world, state } = await opened();
    state.isBroken = true;
    await world.begin();
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual(HELD);
    expect(world.simulator.rows(BOB)).toEqual({ 'project:2': 10 });
  });
});

describe('a PUT that keeps the rows that it does not name', () => {
  it('costs one read more in the first run, and none in the next', async () => {
    const { world, state } = await scene('keeps');
    const gets = () => world.simulator.requests().filter(({ path }) => path.endsWith('/account_accesses')).length;
    expect([world.simulator.rows(ANN), world.simulator.rows(BOB)]).toEqual([GIVEN, GIVEN]);
    expect(gets()).toBe(3);
    expect(state.kept.get(ACCOUNT)?.puts).toMatchObject({
      proofs: [{ api: world.simulator.url, kind: 'user' }],
      open: [],
    });
    expect(ends(world)[0]?.end).toBe('complete');
    world.simulator.writeAsSomebodyElse({ act: 'remove-row', who: ANN, type: 'project', id: 2 });
    world.process.daemon.ask('request');
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual(GIVEN);
    expect(gets()).toBe(5);
  });

  it('stays watched: two people of one run who lose everything get it back, and nothing more is written', async () => {
    const { world, state } = await scene('keeps');
    const seed = { ...smallAccount({ [ANN]: ROWS, [BOB]: ROWS }), put: 'replaces' as const };
    world.simulator.replaceState(seed);
    world.process.daemon.ask('request');
    await world.clock.advance(MINUTE_MS);
    expect([world.simulator.rows(ANN), world.simulator.rows(BOB)]).toEqual([GIVEN, GIVEN]);
    const found = ends(world).find(({ error }) => error?.code === 'put-replaces');
    expect(found?.error?.message).toMatch(/gave them back to ann@x\.test.*gave them back to bob@x\.test/);
    expect(state.kept.get(ACCOUNT)?.puts).toEqual({ proofs: [], open: [] });
  });
});
