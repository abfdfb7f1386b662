import fc from 'fast-check';
import { afterEach, describe, expect, it, test } from 'vitest';
import { decodeEvents } from '../../src/adapters/mailtrap/wire/decode-events.ts';
import type { AccountAccess } from '../../src/core/domain/account/actual-state.ts';
import type { DaemonEvent } from '../../src/core/domain/run/daemon-event.ts';
import type { IntendedPut } from '../../src/core/domain/run/daemon-ports.ts';
import { hintTexts } from '../../src/core/domain/run/mailtrap-event.ts';
import type { AccountRead } from '../../src/core/domain/run/run-result.ts';
import { userFinder } from '../../src/daemon/mailtrap-events.ts';
import { ACCOUNT } from '../support/small-seed.ts';
import { DaemonWorld } from './support/daemon-world.ts';
import { draftText, type PolicyDraft } from './support/policy-draft.ts';
import { smallAccount } from './support/small-account.ts';

const [ANN, BOB] = [101, 102];
const ON_WEB: PolicyDraft = {
  revokes: 3,
  grants: [{ to: ['ann@x.test', 'bob@x.test'], resource: ['project:Web'], level: 'viewer' }],
};

const worlds: DaemonWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** A world with a daemon whose first run is over. */
async function running(puts: IntendedPut[] = [], draft = ON_WEB): Promise<DaemonWorld> {
  const listener = { onIntent: (_: unknown, put: IntendedPut) => void puts.push(put) };
  const world = await DaemonWorld.open({ seed: smallAccount(), listener });
  worlds.push(world);
  world.file.save(draftText(draft, world.clock.now()));
  await world.begin();
  await world.clock.advance(10_000);
  return world;
}

/** Events of so many seconds ago, of a kind that nobody knows. */
function eventsOf(world: DaemonWorld, ...ages: readonly number[]): readonly object[] {
  const now = Math.floor(world.clock.now() / 1000);
  return ages.map((age) => ({ event: 'some.kind', timestamp: now - age, actor: { id: 7, type: 'user', name: 'Eve' } }));
}

async function deliver(world: DaemonWorld, events: readonly unknown[], account = ACCOUNT, waitMs = 10_000) {
  world.process.daemon.deliver(account, decodeEvents(JSON.stringify({ events })));
  await world.clock.advance(waitMs);
}

type Of<K extends DaemonEvent['kind']> = Extract<DaemonEvent, { readonly kind: K }>;

function told<K extends DaemonEvent['kind']>({ process }: DaemonWorld, kind: K): readonly Of<K>[] {
  return process.events.filter((event): event is Of<K> => event.kind === kind);
}

/** The runs that events started, by how each ended. */
function runsBy(world: DaemonWorld): readonly string[] {
  return told(world, 'run.ended')
    .filter(({ trigger }) => trigger === 'mailtrap')
    .map(({ end }) => end);
}

describe('a delivery', () => {
  it('of rows that changed behind its back has them repaired in one run', async () => {
    const world = await running();
    world.simulator.writeAsSomebodyElse({ act: 'set-row', who: ANN, type: 'project', id: 1, level: 100 });
    world.simulator.writeAsSomebodyElse({ act: 'set-row', who: BOB, type: 'project', id: 2, level: 100 });
    const before = told(world, 'change.applied').length;
    await deliver(world, eventsOf(world, 1, 2));
    expect(runsBy(world)).toEqual(['complete']);
    const repaired = told(world, 'change.applied').slice(before);
    expect(repaired.map(({ change }) => `${change.access} ${change.kind}`).sort()).toEqual(['101 lower', '102 remove']);
  });

  it('that comes again, in any order, starts nothing', async () => {
    const world = await running();
    const events = eventsOf(world, 1, 2, 3);
    await deliver(world, events);
    await deliver(world, [...events].reverse());
    await deliver(world, events.slice(1));
    expect(runsBy(world)).toEqual(['complete']);
    expect(told(world, 'mailtrap.delivered').map(({ newEvents }) => newEvents)).toEqual([3, 0, 0]);
  });

  it('that is late starts a run, unless it is a day late', async () => {
    const world = await running();
    await deliver(world, eventsOf(world, 1));
    await deliver(world, eventsOf(world, 3 * 3600));
    expect(runsBy(world)).toHaveLength(2);
    await deliver(world, eventsOf(world, 25 * 3600, -25 * 3600));
    expect(runsBy(world)).toHaveLength(2);
  });

  it('of 500 events is one run, and many deliveries within the minimum interval are two', async () => {
    const world = await running();
    await deliver(world, eventsOf(world, ...Array.from({ length: 500 }, (_, age) => age)));
    expect(runsBy(world)).toHaveLength(1);
    for (let turn = 0; turn < 10; turn += 1) await deliver(world, eventsOf(world, 1000 + turn), ACCOUNT, 0);
    await world.clock.advance(20_000);
    expect(told(world, 'mailtrap.delivered').at(-1)?.newEvents).toBe(0);
    expect(runsBy(world)).toHaveLength(1);
    for (let turn = 0; turn < 10; turn += 1) await deliver(world, eventsOf(world, -turn), ACCOUNT, 0);
    await world.clock.advance(20_000);
    expect(runsBy(world)).toHaveLength(3);
  });

  it('without any event, or for another account, starts nothing', async () => {
    const world = await running();
    await deliver(world, []);
    await deliver(world, ['no event']);
    await deliver(world, eventsOf(world, 1), 999);
    expect(runsBy(world)).toEqual([]);
    expect(told(world, 'mailtrap.delivered').map(({ unread }) => unread)).toEqual([0, 1]);
    expect([world.process.daemon.hasAccount(ACCOUNT), world.process.daemon.hasAccount(999)]).toEqual([true, false]);
  });
});

/** Somebody makes Ann admin of a project. */
function drift(world: DaemonWorld): void {
  world.simulator.writeAsSomebodyElse({ act: 'set-row', who: ANN, type: 'project', id: 1, level: 100 });
}

function about(world: DaemonWorld, type: string, id: number | undefined): object {
  return { ...eventsOf(world, 2)[0], description: 'updated\u001b[2J', resource: { type, id: `${id}`, name: 'x' } };
}

const HINT = 'Eve (user 7): updated\\u{1b}[2J (some.kind)';

function userId(world: DaemonWorld, access: number): number | undefined {
  return world.simulator.state().accesses.find((one) => one.access === access)?.id ?? undefined;
}

describe('a hint', () => {
  it.each(['user', 'project'])('is given where an event names the %s', async (type) => {
    const puts: IntendedPut[] = [];
    const world = await running(puts);
    drift(world);
    await deliver(world, [about(world, type, type === 'user' ? userId(world, ANN) : 1)]);
    const applied = told(world, 'change.applied').at(-1);
    expect(applied && hintTexts(applied.hints, applied.change)).toEqual([HINT]);
    expect(puts.at(-1)?.hints).toEqual([HINT]);
    drift(world);
    world.process.daemon.ask('request');
    await world.clock.advance(10_000);
    expect(told(world, 'run.ended').at(-1)?.hints).toBeUndefined();
    expect(puts.at(-1)).not.toHaveProperty('hints');
  });

  it('stays with what a pause leaves', async () => {
    const world = await running();
    world.file.save(draftText({ ...ON_WEB, paused: true }, world.clock.now()));
    world.file.hint();
    await world.clock.advance(10_000);
    drift(world);
    await deliver(world, [about(world, 'project', 1)]);
    const ended = told(world, 'run.ended').at(-1);
    expect(ended?.end).toBe('paused');
    expect([...(ended?.hints?.values() ?? [])].flat()).toHaveLength(1);
  });
});

/** What a run plans, and what it comes to, without the hints. */
function planned(world: DaemonWorld): readonly unknown[] {
  return told(world, 'run.ended').map(({ end, result }) => ({ end, result }));
}

test('no event ever changes a plan', async () => {
  const anyEvent = fc.record({
    event: fc.string(),
    actor: fc.oneof(fc.anything(), fc.record({ id: fc.nat(), name: fc.string() })),
    resource: fc.record({
      type: fc.constantFrom('user', 'project', 'api_token', 'account'),
      id: fc.constantFrom('1', '2', '11', '55', '101', '3229'),
    }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), async (events) => {
      const [silent, told2] = [await running(), await running()];
      const dated = events.map((event) => ({
        ...event,
        event: `x${event.event}`,
        timestamp: told2.clock.now() / 1000,
      }));
      for (const world of [silent, told2]) drift(world);
      silent.process.daemon.ask('mailtrap');
      await silent.clock.advance(10_000);
      await deliver(told2, dated);
      expect(planned(told2)).toEqual(planned(silent));
    }),
    { numRuns: 12 },
  );
});

it('the accesses that a run read are indexed once, and only if somebody asks for a user', () => {
  let times = 0;
  const access = { access: 101, userId: 7, principal: { kind: 'user', email: 'ann@x.test' } } as AccountAccess;
  const accesses = () => {
    times += 1;
    return new Map([[101, access]]);
  };
  const find = userFinder(() => ({ accesses }) as unknown as AccountRead);
  expect(times).toBe(0);
  expect([find(101), find(101), find(102)]).toEqual([7, 7, null]);
  expect(times).toBe(1);
  expect(userFinder(() => undefined)(101)).toBeNull();
});
