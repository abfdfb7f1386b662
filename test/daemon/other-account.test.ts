import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT } from '../support/small-seed.ts';
import { DaemonWorld, type WorldOptions } from './support/daemon-world.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { smallAccount } from './support/small-account.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const ANN = 101;
const ELSEWHERE = 4711;

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

async function worldOf(options: Partial<WorldOptions> = {}): Promise<DaemonWorld> {
  const world = await DaemonWorld.open({ seed: smallAccount({}), ...options });
  worlds.push(world);
  return world;
}

function wanting(resource: string, account = ACCOUNT): PolicyDraft {
  return { account, grants: [{ to: ['ann@x.test'], resource: [resource], level: 'viewer' }] };
}

async function edit(world: DaemonWorld, draft: PolicyDraft, file = world.file): Promise<void> {
  file.save(draftText(draft, world.clock.now()));
  file.hint();
  await world.clock.advance(10 * SECOND_MS);
}

async function begin(world: DaemonWorld, draft: PolicyDraft): Promise<void> {
  world.file.save(draftText(draft, world.clock.now()));
  await world.begin();
  await world.clock.advance(10 * SECOND_MS);
}

/** `3229 complete` */
function ends({ process }: DaemonWorld): readonly string[] {
  return process.events.flatMap((event) => (event.kind === 'run.ended' ? [`${event.account} ${event.end}`] : []));
}

function refusals({ process }: DaemonWorld): readonly string[] {
  return process.events.flatMap((event) => (event.kind === 'policy.unreadable' ? [event.error.message] : []));
}

describe('a text for another account', () => {
  it('is refused once the account was read, and the right text is gone by again without a restart', async () => {
    const world = await worldOf();
    await begin(world, wanting('project:Web'));
    await edit(world, wanting('project:App', ELSEWHERE));
    expect(refusals(world)).toEqual([
      `the policy is for account ${ELSEWHERE} now, and grantd keeps account ${ACCOUNT} by it`,
    ]);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    await edit(world, wanting('project:App'));
    expect(world.simulator.rows(ANN)).toEqual({ 'project:2': 10 });
    expect(ends(world)).toEqual([`${ACCOUNT} complete`, `${ACCOUNT} complete`, `${ACCOUNT} complete`]);
  });

  it('is gone by where the one before was never read: a first text with a wrong id needs no restart', async () => {
    const world = await worldOf();
    await begin(world, wanting('project:Web', ELSEWHERE));
    expect(ends(world)).toContain(`${ELSEWHERE} failed`);
    await edit(world, wanting('project:Web'));
    expect(refusals(world)).toEqual([]);
    expect(ends(world).at(-1)).toBe(`${ACCOUNT} complete`);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
    // From now on it stays.
    await edit(world, wanting('project:Web', ELSEWHERE));
    expect(refusals(world)).toHaveLength(1);
  });

  it('that comes while the first read of the one before is under way, stops that run before it writes', async () => {
    const world = await worldOf();
    world.simulator.inject({ kind: 'status', status: 429, retryAfter: 20, match: { method: 'GET' } });
    world.file.save(draftText(wanting('project:Web'), world.clock.now()));
    await world.begin();
    await world.clock.advance(5 * SECOND_MS);
    await edit(world, wanting('project:Web', ELSEWHERE));
    await world.clock.advance(MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({});
    expect(ends(world).filter((end) => end.startsWith(`${ACCOUNT} `))).toEqual([`${ACCOUNT} stopped`]);
    expect(world.process.events.at(-1)).toMatchObject({ account: ELSEWHERE });
    await edit(world, wanting('project:Web'));
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
  });

  it('frees the account that it was for: the policy that is meant to keep it does, by its next look', async () => {
    const world = await worldOf({ files: ['typo.yaml', 'right.yaml'], seed: smallAccount({}) });
    const [typo, right] = world.files;
    world.simulator.inject({ kind: 'status', status: 500, times: 'always', match: { method: 'GET' } });
    typo?.save(draftText(wanting('project:App'), 0));
    right?.save(draftText(wanting('project:Web'), 0));
    await world.begin();
    await world.clock.advance(10 * SECOND_MS);
    expect(refusals(world)).toHaveLength(1);
    world.simulator.clearFaults();
    await edit(world, wanting('project:App', ELSEWHERE), typo);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.simulator.rows(ANN)).toEqual({ 'project:1': 10 });
  });
});
