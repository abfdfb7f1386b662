import { afterEach, describe, expect, it } from 'vitest';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { smallAccount } from './support/small-account.ts';

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** A world with a daemon that has run once by this policy. */
async function running(draft: PolicyDraft): Promise<DaemonWorld> {
  const world = await DaemonWorld.open({ seed: smallAccount() });
  worlds.push(world);
  world.file.save(draftText(draft, world.clock.now()));
  await world.begin();
  await world.clock.advance(10_000);
  return world;
}

async function edit(world: DaemonWorld, draft: PolicyDraft): Promise<void> {
  world.file.save(draftText(draft, world.clock.now()));
  world.file.hint();
  await world.clock.advance(10_000);
}

type RunEnded = Extract<DaemonEvent, { readonly kind: 'run.ended' }>;

function lastRun({ process }: DaemonWorld): RunEnded {
  const last = process.events.findLast((event) => event.kind === 'run.ended');
  if (last === undefined) throw new Error('no run has ended');
  return last;
}

/** By whom, what the last run left held, and under which rules. */
function heldAfter(world: DaemonWorld): readonly string[] {
  const { result } = lastRun(world);
  const left = result?.kind === 'written' ? result.after : (result?.plan ?? null);
  return (left?.held ?? []).map(
    ({ principal, rules }) => `${'email' in principal ? principal.email : principal.kind} ${rules.join()}`,
  );
}

describe('in the daemon, what is approved counts', () => {
  it('one new account admin is approved, and the other one stays held', async () => {
    const draft: PolicyDraft = {
      newAdmins: 1,
      grants: [{ to: ['ann@x.test', 'bob@x.test'], resource: ['account'], level: 'admin' }],
    };
    const world = await running(draft);
    expect(heldAfter(world)).toEqual(['ann@x.test admin-limit', 'bob@x.test admin-limit']);
    const approves = (lastRun(world).result?.plan.held ?? []).slice(0, 1).map(({ digest }) => digest);
    await edit(world, { ...draft, approves });
    expect(lastRun(world).end).toBe('held');
    expect(world.simulator.rows(101)).toEqual({ 'account:3229': 100 });
    expect(world.simulator.rows(102)).toEqual({});
    expect(heldAfter(world)).toEqual(['bob@x.test admin-limit']);
  });
});

describe('in the daemon, limits.gains', () => {
  it('holds everyone who would gain something by one merge, and nobody gains', async () => {
    const world = await running({ gains: 2, grants: [] });
    const to = ['ann@x.test', 'bob@x.test', 'cid@x.test'];
    const draft: PolicyDraft = { gains: 2, grants: [{ to, resource: ['project:*'], level: 'admin' }] };
    await edit(world, draft);
    expect(lastRun(world).end).toBe('held');
    expect(heldAfter(world)).toEqual(to.map((one) => `${one} gain-limit`));
    expect(world.simulator.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
    await edit(world, { ...draft, gains: 3 });
    expect(lastRun(world).end).toBe('complete');
    expect(world.simulator.rows(103)).toEqual({ 'project:1': 100, 'project:2': 100 });
  });
});
