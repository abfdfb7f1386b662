import { afterEach, describe, expect, it } from 'vitest';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import { instantText } from '../../src/core/domain/text/instant.ts';
import { smallSeed } from '../support/small-seed.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { memoryStorage } from './support/storage.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 60 * 60 * SECOND_MS;
const PEOPLE = Array.from({ length: 12 }, (_, index) => ({ access: 100 + index, email: `u${index}@example.com` }));
const WEB = { type: 'project', id: 1, level: 100 };

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

async function open(rows: readonly (typeof WEB)[]): Promise<DaemonWorld> {
  const accesses = PEOPLE.map((one) => ({ ...one, kind: 'user' as const, rows }));
  const world = await DaemonWorld.open({ seed: smallSeed({ accesses }), storage: memoryStorage() });
  worlds.push(world);
  return world;
}

async function save(world: DaemonWorld, text: string): Promise<void> {
  world.file.save(text);
  world.file.hint();
  await world.clock.advance(5 * SECOND_MS);
}

/** How many of the people still hold the row on the project. */
const holding = ({ simulator }: DaemonWorld) =>
  PEOPLE.filter(({ access }) => 'project:1' in simulator.rows(access)).length;
const admins = ({ simulator }: DaemonWorld) =>
  PEOPLE.filter(({ access }) => simulator.rows(access)['account:3229'] === 100).map(({ email }) => email);

function lastRun({ process }: DaemonWorld) {
  const last = process.events.findLast((event) => event.kind === 'run.ended');
  if (last === undefined) throw new Error('no run has ended');
  return last;
}

/** Twelve people whose only grant ends at this moment; two may lose something. */
const ending = (until: number, reason = 'none') => `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: []
limits: { revokes: { principals: 2, percent: 20 }, admins: 1 }
grants:
  - to: [${PEOPLE.map(({ email }) => email).join(', ')}]
    resource: project:Web
    level: admin
    reason: ${reason}
    until: ${instantText(until)}
paused: false
`;

describe('twelve people whose access ends at once, where two may lose something (case G8)', () => {
  it('are held where the text was accepted 12 seconds before', async () => {
    const world = await open([WEB]);
    const end = world.clock.now() + 12 * SECOND_MS;
    world.file.save(ending(end));
    await world.begin();
    await world.clock.advance(HOUR_MS);
    expect(holding(world)).toBe(12);
    const { end: ended, result } = lastRun(world);
    expect(ended).toBe('held');
    expect(result?.plan.refusals.map(({ rule }) => rule)).toEqual(['revoke-limit']);
    expect(result?.plan.refusals[0]?.message).toContain(`grantd has known the end ${instantText(end)}`);
    await world.clock.advance(48 * HOUR_MS);
    expect(holding(world)).toBe(12);
  });

  it.each([
    ['lose it where every accepted text set the end for 24 hours', 0, 0],
    ['keep it where that is a second less', -SECOND_MS, 12],
  ])('%s', async (_, lessMs, left) => {
    const world = await open([WEB]);
    await world.begin();
    world.file.save(ending(world.clock.now() + 24 * HOUR_MS));
    world.file.hint();
    // The world reads the file when it changes, and waits until it is settled.
    await world.clock.advance(30 * SECOND_MS);
    const { memory } = await world.storage.state.load(3229);
    expect(memory.knownEnds).toHaveLength(12);
    const acceptedAt = world.clock.now();
    await save(world, ending(acceptedAt + 24 * HOUR_MS + lessMs));
    await world.clock.advance(25 * HOUR_MS);
    expect(holding(world)).toBe(left);
  });

  it('keep it where the state was lost on the way', async () => {
    const world = await open([WEB]);
    world.file.save(ending(world.clock.now() + 30 * HOUR_MS));
    await world.begin();
    await world.clock.advance(20 * HOUR_MS);
    await world.stop();
    await world.storage.state.save(emptyMemory(3229));
    await world.begin();
    await world.clock.advance(20 * HOUR_MS);
    expect(holding(world)).toBe(12);
    expect(lastRun(world).end).toBe('held');
  });

  it('lose it though the daemon was restarted on the way, and the text said something else beside it', async () => {
    const world = await open([WEB]);
    const end = world.clock.now() + 30 * HOUR_MS;
    world.file.save(ending(end));
    await world.begin();
    await world.clock.advance(10 * HOUR_MS);
    await world.stop();
    world.file.save(ending(end, 'OPS-1'));
    await world.begin();
    await world.clock.advance(25 * HOUR_MS);
    expect(holding(world)).toBe(0);
  });
});

/** Six people, one after the other, by this line of each. */
const staggered = (start: number, apartMs: number, rest: string, dated: 'from' | 'until') => `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: []
limits: { revokes: { principals: 2, percent: 100 }, gains: { principals: 2 }, admins: 1, newAdmins: 1 }
grants:
${PEOPLE.slice(0, 6)
  .map(({ email }, index) => {
    const at = instantText(start + (index + 1) * apartMs);
    return `  - { to: ${email}, ${rest}, ${dated}: ${at} }`;
  })
  .join('\n')}
paused: false
`;

describe('six dates, one after the other', () => {
  it('make one account admin, two seconds apart (case G7)', async () => {
    const world = await open([]);
    world.file.save(
      staggered(world.clock.now() + 60 * SECOND_MS, 2 * SECOND_MS, 'resource: account, level: admin', 'from'),
    );
    await world.begin();
    await world.clock.advance(HOUR_MS);
    expect(admins(world)).toEqual(['u0@example.com']);
    expect(lastRun(world).end).toBe('held');
    expect(lastRun(world).result?.plan.refusals[0]?.message).toMatch(/1 more counts, .*: u0@example\.com/);
    await world.clock.advance(48 * HOUR_MS);
    expect(admins(world)).toEqual(['u0@example.com']);
  });

  it('give two people something, an hour apart', async () => {
    const world = await open([]);
    world.file.save(
      staggered(world.clock.now() + 60 * SECOND_MS, HOUR_MS, 'resource: project:Web, level: admin', 'from'),
    );
    await world.begin();
    await world.clock.advance(48 * HOUR_MS);
    expect(holding(world)).toBe(2);
  });

  it('take something from two people, an hour apart', async () => {
    const world = await open([WEB]);
    world.file.save(
      staggered(world.clock.now() + 60 * SECOND_MS, HOUR_MS, 'resource: project:Web, level: admin', 'until'),
    );
    await world.begin();
    await world.clock.advance(48 * HOUR_MS);
    expect(holding(world)).toBe(12 - 2);
  });
});
