import { afterEach, describe, expect, it } from 'vitest';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import { planLeft } from '../../src/core/domain/run/run-result.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { MemoryState } from './support/memory-state.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { smallAccount } from './support/small-account.ts';
import { memoryStorage } from './support/storage.ts';

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const VIEWER = [{ type: 'project', id: 1, level: 10 }] as const;
/** Four hold a row, and nothing names them. */
const SEED = smallAccount({ 101: VIEWER, 102: VIEWER, 103: VIEWER, 104: VIEWER });
const FOUR_LOSE: PolicyDraft = {
  revokes: 3,
  unlisted: 'revoke',
  grants: [{ to: ['prot@x.test'], resource: ['project:App'], level: 'viewer' }],
};

/** A world with a daemon that has run once by this policy, and its state. */
async function running(draft: PolicyDraft): Promise<{ readonly world: DaemonWorld; readonly state: MemoryState }> {
  const state = new MemoryState();
  const world = await DaemonWorld.open({ seed: SEED, storage: memoryStorage(state) });
  worlds.push(world);
  world.file.save(draftText(draft, world.clock.now()));
  await world.begin();
  await world.clock.advance(10_000);
  return { world, state };
}

async function edit(world: DaemonWorld, draft: PolicyDraft): Promise<void> {
  world.file.save(draftText(draft, world.clock.now()));
  world.file.hint();
  await world.clock.advance(10_000);
}

type RunEnded = Extract<DaemonEvent, { readonly kind: 'run.ended' }>;

const runs = ({ process }: DaemonWorld): readonly RunEnded[] =>
  process.events.flatMap((event) => (event.kind === 'run.ended' ? [event] : []));

const left = (world: DaemonWorld) => planLeft(runs(world).at(-1)?.result ?? null);

/** The access ids of what the last run left held. */
const held = (world: DaemonWorld) => (left(world)?.held ?? []).map(({ changes }) => changes[0]?.access);

/** Who of the four still has access. */
const haveAccess = ({ simulator }: DaemonWorld) =>
  [101, 102, 103, 104].filter((access) => Object.keys(simulator.rows(access)).length > 0);

const digestOf = (world: DaemonWorld, access: number) =>
  left(world)?.held.find(({ changes }) => changes[0]?.access === access)?.digest ?? '';

const notices = (world: DaemonWorld) =>
  (left(world)?.notices ?? []).flatMap(({ code }) => (code.startsWith('approval') ? [code] : []));

describe('what is held beside an approved part', () => {
  it('stays held in later runs, and after a restart, until it is approved', async () => {
    const { world, state } = await running(FOUR_LOSE);
    expect(held(world)).toEqual([101, 102, 103, 104]);
    const [ann, bob] = [digestOf(world, 101), digestOf(world, 102)];
    await edit(world, { ...FOUR_LOSE, approves: [ann] });
    expect([haveAccess(world), held(world)]).toEqual([
      [102, 103, 104],
      [102, 103, 104],
    ]);
    expect(state.kept.get(3229)?.staying.map(({ rule, access }) => `${rule} ${access}`)).toEqual([
      'revoke-limit 102',
      'revoke-limit 103',
      'revoke-limit 104',
    ]);
    await edit(world, FOUR_LOSE);
    expect(held(world)).toEqual([102, 103, 104]);
    expect(left(world)?.refusals[0]?.message).toContain('these stay held in every run');
    await world.stop();
    await world.begin();
    await world.clock.advance(10_000);
    expect([haveAccess(world), held(world)]).toEqual([
      [102, 103, 104],
      [102, 103, 104],
    ]);
    expect(digestOf(world, 102)).toBe(bob);
    await edit(world, { ...FOUR_LOSE, approves: [bob] });
    expect([haveAccess(world), held(world)]).toEqual([
      [103, 104],
      [103, 104],
    ]);
  });

  it('passes once the limit is raised, and is forgotten', async () => {
    const { world, state } = await running(FOUR_LOSE);
    await edit(world, { ...FOUR_LOSE, approves: [digestOf(world, 101)] });
    await edit(world, { ...FOUR_LOSE, newAdmins: 49, revokes: 2 });
    expect(held(world)).toEqual([102, 103, 104]);
    await edit(world, { ...FOUR_LOSE, revokes: 4 });
    expect([haveAccess(world), held(world)]).toEqual([[], []]);
    expect(state.kept.get(3229)?.staying).toEqual([]);
  });

  it('is forgotten once it is no longer planned, and the rest is not', async () => {
    const { world } = await running(FOUR_LOSE);
    await edit(world, { ...FOUR_LOSE, approves: [digestOf(world, 101)] });
    const keepsCid = { to: ['cid@x.test'], resource: ['project:Web'], level: 'viewer' } as const;
    await edit(world, { ...FOUR_LOSE, grants: [...(FOUR_LOSE.grants ?? []), keepsCid] });
    expect(held(world)).toEqual([102, 104]);
    await edit(world, FOUR_LOSE);
    expect([haveAccess(world), held(world)]).toEqual([
      [102, 104],
      [102, 104],
    ]);
  });

  it('stays held whole if its part changes in part', async () => {
    const { world } = await running(FOUR_LOSE);
    await edit(world, { ...FOUR_LOSE, approves: [digestOf(world, 101)] });
    world.simulator.writeAsSomebodyElse({ act: 'set-row', who: 'bob@x.test', type: 'inbox', id: 21, level: 100 });
    await edit(world, { ...FOUR_LOSE, revokes: 3, gains: 49 });
    const bob = left(world)?.held.find(({ changes }) => changes[0]?.access === 102);
    expect(bob?.changes).toHaveLength(2);
  });
});

describe('an approval', () => {
  const until = '2999-12-31';
  const approving = (digest: string): PolicyDraft => ({ ...FOUR_LOSE, approves: [digest], approvesUntil: until });

  it('is good once: the same loss is held again, until its digest has another end', async () => {
    const { world } = await running(FOUR_LOSE);
    const ann = digestOf(world, 101);
    await edit(world, approving(ann));
    expect(haveAccess(world)).toEqual([102, 103, 104]);
    expect(notices(world)).toEqual(['approval-unused']);
    // One merge gives the rows back, and another one takes them again.
    const back = { to: ['ann@x.test'], resource: ['project:Web'], level: 'viewer' } as const;
    await edit(world, { ...approving(ann), grants: [...(FOUR_LOSE.grants ?? []), back] });
    expect(haveAccess(world)).toEqual([101, 102, 103, 104]);
    await edit(world, approving(ann));
    expect([haveAccess(world), held(world), digestOf(world, 101)]).toEqual([
      [101, 102, 103, 104],
      [101, 102, 103, 104],
      ann,
    ]);
    expect(notices(world)).toEqual(['approval-spent']);
    await edit(world, { ...approving(ann), approvesUntil: '2999-12-30' });
    expect([haveAccess(world), held(world)]).toEqual([
      [102, 103, 104],
      [102, 103, 104],
    ]);
  });

  it('is spent on record before its first PUT leaves', async () => {
    const { world, state } = await running(FOUR_LOSE);
    const ann = digestOf(world, 101);
    const puts = () => world.simulator.requests().filter(({ method }) => method === 'PUT').length;
    const before = puts();
    await edit(world, approving(ann));
    const first = state.saved.find(({ spent }) => spent.length > 0);
    expect(first).toMatchObject({ spent: [{ digest: ann }], begun: [{ digest: ann }] });
    expect(first?.staying).toHaveLength(3);
    expect(puts()).toBe(before + 1);
  });

  it('lets nothing pass while that cannot be saved; everything else is written', async () => {
    const { world, state } = await running(FOUR_LOSE);
    const ann = digestOf(world, 101);
    state.isBroken = true;
    const gain = { to: ['prot@x.test'], resource: ['project:Web'], level: 'viewer' } as const;
    await edit(world, { ...approving(ann), grants: [...(FOUR_LOSE.grants ?? []), gain] });
    expect(haveAccess(world)).toEqual([101, 102, 103, 104]);
    expect(world.simulator.rows(105)).toMatchObject({ 'project:1': 10 });
    const { result } = runs(world).at(-1) ?? {};
    const outcomes = result?.kind === 'written' ? result.outcomes : [];
    expect(outcomes.filter(({ outcome }) => outcome !== 'applied').map(({ reason }) => reason)).toEqual([
      'grantd cannot save that the approval is used: the disk is full',
    ]);
    state.isBroken = false;
    await world.clock.advance(3_600_000);
    expect([haveAccess(world), held(world)]).toEqual([
      [102, 103, 104],
      [102, 103, 104],
    ]);
  });
});
