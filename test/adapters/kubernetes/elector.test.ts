import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaseTiming } from '../../../src/adapters/kubernetes/lease-timing.ts';
import { ApiServer } from './support/api-server.ts';
import { DURATION_MS, Replica, together } from './support/replica.ts';

const LEASE = 'grantd-3229';
const PATH = `/apis/coordination.k8s.io/v1/namespaces/team/leases/${LEASE}`;

let server: ApiServer;
const replicas: Replica[] = [];

beforeEach(async () => {
  server = await ApiServer.start();
});

afterEach(async () => {
  server.trouble = null;
  await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
  await server.close();
});

function replica(name: string, random?: () => number): Replica {
  const made = new Replica(server, name, random);
  replicas.push(made);
  return made;
}

/** A replica that holds the Lease. */
async function leader(name = 'a'): Promise<Replica> {
  const made = replica(name);
  made.want(LEASE);
  await made.clock.advance(5_000);
  expect(made.holds(LEASE)).toBe(true);
  // That no one led before.
  expect(made.news.get(LEASE)?.shift()).toEqual({ kind: 'standby', holder: null });
  return made;
}

function spec(): Record<string, unknown> {
  return server.lease(LEASE)?.['spec'] as Record<string, unknown>;
}

describe('an elector', () => {
  it('makes the Lease if there is none, and renews it', async () => {
    const a = await leader();
    expect(spec()).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 30, leaseTransitions: 0 });
    expect(spec()['renewTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const { acquireTime, renewTime } = spec();
    await a.clock.advance(60_000);
    expect(spec()['acquireTime']).toBe(acquireTime);
    expect(String(spec()['renewTime']) > String(renewTime)).toBe(true);
    expect(a.told(LEASE)).toEqual(['held']);
  });

  it('waits while another replica renews, and reports which', async () => {
    const a = await leader();
    const b = replica('b');
    b.want(LEASE);
    await together([a, b], 4 * DURATION_MS);
    expect(b.news.get(LEASE)).toEqual([{ kind: 'standby', holder: 'a' }]);
    expect(b.electors.get(LEASE)?.status()).toEqual({ kind: 'standby', holder: 'a', hasRenewed: true });
    expect(a.holds(LEASE)).toBe(true);
  });

  it('takes it once it has stood unchanged before its own eyes for as long as it lasts, not sooner', async () => {
    const a = await leader();
    const b = replica('b');
    b.want(LEASE);
    // Frozen: its clock stands still, and it renews no more.
    await b.clock.advance(DURATION_MS - 1_000);
    expect(b.holds(LEASE)).toBe(false);
    await b.clock.advance(DURATION_MS / 2);
    expect(b.holds(LEASE)).toBe(true);
    expect(spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    expect(a.holds(LEASE)).toBe(true);
  });

  it('does not trust the times that stand in it', async () => {
    const old = '2001-01-01T00:00:00.000000Z';
    server.put(PATH, {
      metadata: { name: LEASE },
      spec: { holderIdentity: 'x', leaseDurationSeconds: 30, leaseTransitions: 7, acquireTime: old, renewTime: old },
    });
    const b = replica('b');
    b.want(LEASE);
    await b.clock.advance(DURATION_MS - 1_000);
    expect(b.holds(LEASE)).toBe(false);
    await b.clock.advance(DURATION_MS / 2);
    expect(b.holds(LEASE)).toBe(true);
    expect(spec()['leaseTransitions']).toBe(8);
  });

  it('grants a holder the longer time that it claims', async () => {
    server.put(PATH, { metadata: { name: LEASE }, spec: { holderIdentity: 'x', leaseDurationSeconds: 300 } });
    const b = replica('b');
    b.want(LEASE);
    await b.clock.advance(290_000);
    expect(b.holds(LEASE)).toBe(false);
    await b.clock.advance(30_000);
    expect(b.holds(LEASE)).toBe(true);
  });

  it('gives it back when it is stopped, so that another need not wait for its end', async () => {
    const a = await leader();
    const b = replica('b');
    b.want(LEASE);
    await b.clock.advance(1_000);
    await a.stop();
    expect(spec()['holderIdentity']).toBe(null);
    expect(a.told(LEASE)).toEqual(['held', 'released']);
    await b.clock.advance(DURATION_MS / 2);
    expect(b.holds(LEASE)).toBe(true);
  });

  it('keeps what others wrote into the object', async () => {
    const a = await leader();
    const lease = server.lease(LEASE);
    if (lease === undefined) throw new Error('no lease');
    server.put(PATH, { ...lease, metadata: { ...lease.metadata, labels: { team: 'x' } } });
    await a.clock.advance(DURATION_MS);
    expect(server.lease(LEASE)?.metadata['labels']).toEqual({ team: 'x' });
    expect(a.told(LEASE)).toEqual(['held']);
  });
});

describe('a holder', () => {
  it('begins no write that could outlast its hold, and none once it is over', async () => {
    const a = await leader();
    const standing = a.electors.get(LEASE)?.status();
    if (standing?.kind !== 'held') throw new Error('not held');
    const { permit } = standing.term;
    server.trouble = 'down';
    const left: (number | null)[] = [];
    for (let passedMs = 0; passedMs < DURATION_MS; passedMs += 1_000) {
      await a.clock.advance(1_000);
      left.push(permit.writeMs());
    }
    const allowed = left.filter((ms) => ms !== null);
    expect(Math.max(...allowed)).toBeLessThanOrEqual(DURATION_MS * 0.8);
    expect(Math.min(...allowed)).toBeGreaterThanOrEqual(DURATION_MS * 0.2);
    expect(left.at(-1)).toBe(null);
    expect(a.told(LEASE)).toEqual(['held', 'lost', 'unreachable']);
    expect(a.electors.get(LEASE)?.status()).toEqual({ kind: 'unknown' });
  });

  it('never gets an old term back, even if no one took the Lease meanwhile', async () => {
    const a = await leader();
    const elector = a.electors.get(LEASE);
    const first = elector?.status();
    server.trouble = 'down';
    await a.clock.advance(DURATION_MS);
    server.trouble = null;
    await a.clock.advance(DURATION_MS / 2);
    const second = elector?.status();
    if (first?.kind !== 'held' || second?.kind !== 'held') throw new Error('not held');
    expect(first.term.permit.writeMs()).toBe(null);
    expect(second.term.permit.writeMs()).not.toBe(null);
    expect(a.told(LEASE)).toEqual(['held', 'lost', 'unreachable', 'held']);
    // It has not changed hands.
    expect(spec()['leaseTransitions']).toBe(0);
  });

  it('may write nothing from the moment in which it wakes, before anything was told', async () => {
    const a = await leader();
    const standing = a.electors.get(LEASE)?.status();
    if (standing?.kind !== 'held') throw new Error('not held');
    // A machine that sleeps: only the wall clock counts on.
    a.clock.jump(2 * DURATION_MS);
    expect(standing.term.permit.writeMs()).toBe(null);
    expect(a.electors.get(LEASE)?.status().kind).not.toBe('held');
    expect(a.told(LEASE)).toEqual(['held']);
  });

  it('holds on if the wall clock is set back', async () => {
    const a = await leader();
    a.clock.jump(-86_400_000);
    await a.clock.advance(2 * DURATION_MS);
    expect(a.told(LEASE)).toEqual(['held']);
  });

  it('holds on through failures that are over in time, and through answers that are lost', async () => {
    const a = await leader();
    for (const trouble of ['down', 'answers-lost', { status: 500, body: 'no' }] as const) {
      server.trouble = trouble;
      await a.clock.advance(DURATION_MS / 3);
      server.trouble = null;
      await a.clock.advance(DURATION_MS / 3);
    }
    expect(a.told(LEASE)).toEqual(['held']);
  });

  it('stops at once if another has it', async () => {
    const a = await leader();
    const lease = server.lease(LEASE);
    server.put(PATH, { metadata: { ...lease?.metadata }, spec: { ...spec(), holderIdentity: 'thief' } });
    await a.clock.advance(DURATION_MS / 3);
    expect(a.news.get(LEASE)?.slice(0, 2)).toMatchObject([
      { kind: 'held' },
      { kind: 'lost', reason: 'thief has taken it' },
    ]);
    expect(a.holds(LEASE)).toBe(false);
  });

  it('makes a Lease again that someone deleted, in a new term', async () => {
    const a = await leader();
    server.delete(PATH);
    await a.clock.advance(DURATION_MS);
    expect(a.told(LEASE)).toEqual(['held', 'lost', 'held']);
  });
});

describe('a holder whose API answers slowly', () => {
  const SLOW_MS = 3_000;

  it.each([
    ['both clocks', (of: Replica) => of.clock.pass(SLOW_MS)],
    ['the wall clock alone, since the machine slept', (of: Replica) => of.clock.jump(SLOW_MS)],
  ])('counts from when it sent the write, by %s: as it takes the Lease, and as it renews it', async (_, pass) => {
    const a = replica('a');
    server.onTheWay = () => pass(a);
    a.want(LEASE);
    const most = leaseTiming(DURATION_MS).holdMs - SLOW_MS;
    await a.clock.advance(0);
    await a.clock.advance(DURATION_MS / 10);
    expect(a.holds(LEASE)).toBe(true);
    expect(a.leftMs(LEASE)).toBeLessThanOrEqual(most);
    expect(a.leftMs(LEASE)).toBeGreaterThan(most - DURATION_MS / 6);
    const writes = server.writes.length;
    await a.clock.advance(DURATION_MS / 5);
    expect(server.writes.length).toBeGreaterThan(writes);
    expect(a.leftMs(LEASE)).toBeLessThanOrEqual(most);
    expect(a.leftMs(LEASE)).toBeGreaterThan(0);
  });

  it('gives no renewal more time than it leads for', async () => {
    const a = await leader();
    a.sent.length = 0;
    server.trouble = 'down';
    await a.clock.advance(DURATION_MS);
    const last = a.sent.filter(({ leftMs }) => leftMs !== null && leftMs < leaseTiming(DURATION_MS).requestMs);
    expect(last.length).toBeGreaterThan(0);
    expect(a.sent.filter(({ timeoutMs, leftMs }) => leftMs !== null && timeoutMs > leftMs)).toEqual([]);
  });
});

describe('an elector that may not, or cannot', () => {
  it.each([
    ['create leases', 'cluster-refused'],
    ['get leases', 'cluster-refused'],
  ])('says once that it lacks %s', async (right, code) => {
    server.forbidden.add(right);
    const a = replica('a');
    a.want(LEASE);
    await a.clock.advance(5 * DURATION_MS);
    const unreachable = (a.news.get(LEASE) ?? []).filter(({ kind }) => kind === 'unreachable');
    expect(unreachable).toHaveLength(1);
    expect(unreachable).toMatchObject([{ error: { code } }]);
    expect(a.electors.get(LEASE)?.status()).toEqual({ kind: 'unknown' });
  });

  it('loses a Lease that it may not renew any more', async () => {
    const a = await leader();
    server.forbidden.add('update leases');
    await a.clock.advance(2 * DURATION_MS);
    expect(a.holds(LEASE)).toBe(false);
    expect(a.told(LEASE).slice(0, 3)).toEqual(['held', 'lost', 'unreachable']);
  });

  it('does not wait for an API that cannot be reached when it is stopped', async () => {
    const a = await leader();
    server.trouble = 'down';
    await a.clock.advance(DURATION_MS / 3);
    await a.stop();
    expect(a.told(LEASE)).toEqual(['held']);
  });
});

describe('several replicas', () => {
  const leases = Array.from({ length: 6 }, (_, index) => `grantd-${index + 1}`);

  it('spread many Leases over themselves, since who holds more waits longer for the next', async () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const all = ['a', 'b', 'c'].map((name) => replica(name, random));
    for (const one of all) for (const lease of leases) one.want(lease);
    await together(all, DURATION_MS, 100);
    expect(all.map(({ held }) => held)).toEqual([2, 2, 2]);
    for (const lease of leases) expect(all.filter((one) => one.holds(lease))).toHaveLength(1);
  });

  it('never lead by one Lease twice, whichever replica is frozen and cut off', async () => {
    const all = ['a', 'b', 'c'].map((name) => replica(name));
    for (const one of all) one.want(LEASE);
    let seed = 7;
    const chance = (most: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % most;
    };
    for (let round = 0; round < 30; round += 1) {
      // Time is the same for all replicas; one that is frozen does not act.
      const frozen = chance(4);
      server.trouble = chance(5) === 0 ? 'down' : null;
      const awake = all.filter((_, index) => index !== frozen);
      for (let step = 0; step < 10; step += 1) {
        await together(awake, 2_000, 1_000);
        expect(awake.filter((one) => one.holds(LEASE)).length).toBeLessThanOrEqual(1);
      }
      const behind = all.find((_, index) => index === frozen);
      if (behind === undefined) continue;
      const wasHolder = behind.holds(LEASE);
      behind.clock.jump(20_000);
      const writers = all.filter((one) => {
        const standing = one.electors.get(LEASE)?.status();
        return standing?.kind === 'held' && standing.term.permit.writeMs() !== null;
      });
      expect(writers.length, `round ${round}, the frozen one held it: ${wasHolder}`).toBeLessThanOrEqual(1);
    }
  }, 120_000);
});
