import { describe, expect, it } from 'vitest';
import {
  type AccessMemory,
  emailHash,
  NO_ACCESS_MEMORY,
  REMEMBERED_MOST,
  rowsHash,
  SETTLED_BY_MOST,
} from '../../src/core/domain/account/remembered-access.ts';
import type { AccountRead, Outcome, RunResult } from '../../src/core/domain/run/run-result.ts';
import type { Instant } from '../../src/core/domain/text/instant.ts';
import { accessesAfter, type ReadingRun, textsAtHand } from '../../src/daemon/remember-accesses.ts';
import { accessesById } from '../../src/run/reconcile/judge-outcomes.ts';
import { type AccessSpec, buildAccount } from '../support/account-builder.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { ANN, NOW, type SmallWorld, smallWorld } from '../support/small-world.ts';
import { revision } from './support/readings.ts';

const TEXT = 'a'.repeat(64);
const DAY_MS = 24 * 60 * 60 * 1000;
const BOB = 'bob@example.com';
const VIEWER: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] };
const SETTLED: AccessSpec = { access: 2, user: ANN, rows: { 'project:#4001': 'viewer' } };

interface RunSpec {
  readonly policy?: PolicySpec;
  readonly accesses: readonly AccessSpec[];
  /** What the last read shows, if the run wrote. */
  readonly after?: readonly AccessSpec[];
  readonly outcomes?: readonly Outcome[];
  readonly at?: Instant;
  readonly sha256?: string;
}

function readOf(world: SmallWorld): AccountRead {
  return { plan: world.plan, accesses: () => accessesById(world) };
}

function runOf({ policy = VIEWER, accesses, after, outcomes = [], at = NOW, sha256 = TEXT }: RunSpec): ReadingRun {
  const first = smallWorld(policy, { accesses }, at);
  const reads = [first, ...(after ? [smallWorld(policy, { accesses: after }, at)] : [])].map(readOf);
  const result: RunResult = after
    ? {
        kind: 'written',
        plan: first.plan,
        outcomes: first.plan.changes.map((change, index) => {
          const outcome = outcomes[index] ?? 'applied';
          const found = outcome === 'unconfirmed' ? null : change.after;
          return { change, outcome, sent: 'answered', found, reason: null, auditHash: null };
        }),
        foreign: [],
        after: null,
        unconfirmed: null,
      }
    : { kind: 'not-written', plan: first.plan };
  return { reads, result, resolved: first.resolved, revision: { sha256, commit: null } };
}

function afterRuns(...specs: readonly RunSpec[]): AccessMemory {
  return specs.reduce<AccessMemory>((memory, spec) => accessesAfter(memory, runOf(spec)), NO_ACCESS_MEMORY);
}

function hashOf(rows: AccessSpec['rows'] = {}): string {
  return rowsHash(buildAccount({ accesses: [{ access: 1, user: ANN, rows }] }).accesses[0]?.rows ?? []);
}

describe('after a whole read', () => {
  it('an access on which nothing is left to change settled by this text, now', () => {
    const { remembered, remembersAll } = afterRuns({
      accesses: [SETTLED, { access: 3, user: BOB, rows: { account: 'admin' } }],
    });
    expect(remembersAll).toBe(true);
    expect(remembered.get(2)).toEqual({
      access: 2,
      emailHash: emailHash(ANN),
      rowsHash: hashOf({ 'project:#4001': 'viewer' }),
      wasAccountAdmin: false,
      settledBy: { sha256: TEXT, at: NOW },
    });
    expect(remembered.get(3)).toMatchObject({ wasAccountAdmin: true, settledBy: { sha256: TEXT } });
  });

  it('one that was never seen, and on which something is left, did not settle', () => {
    const one = afterRuns({ accesses: [{ access: 2, user: ANN }] }).remembered.get(2);
    expect(one).toEqual({ access: 2, emailHash: emailHash(ANN), rowsHash: hashOf(), wasAccountAdmin: false });
  });

  it('one on which something is left stays as it was when it settled', () => {
    const drifted = { ...SETTLED, rows: { account: 'admin', 'project:#4001': 'viewer' } as const };
    const before = afterRuns({ accesses: [SETTLED] });
    expect(afterRuns({ accesses: [SETTLED] }, { accesses: [drifted], sha256: 'b'.repeat(64) })).toEqual(before);
  });

  it('one that grantd wrote, and that no read showed since, is no longer settled', () => {
    const wider: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'admin' }] };
    const run = runOf({ policy: wider, accesses: [SETTLED], after: [SETTLED], outcomes: ['unconfirmed'] });
    const unread = { ...run, reads: run.reads.slice(0, 1) };
    const { remembered } = accessesAfter(afterRuns({ accesses: [SETTLED] }), unread);
    expect(remembered.get(2)).toEqual({
      access: 2,
      emailHash: emailHash(ANN),
      rowsHash: hashOf({ 'project:#4001': 'viewer' }),
      wasAccountAdmin: false,
    });
  });

  it('one that came since is a newcomer until nothing is left to change on it', () => {
    const rows = { 'domain:#7001': 'viewer' } as const;
    const first: RunSpec = { accesses: [SETTLED], policy: { unlisted: 'revoke' } };
    const came: RunSpec = { ...first, accesses: [SETTLED, { access: 3, user: BOB, rows }] };
    const newcomer = {
      access: 3,
      emailHash: emailHash(BOB),
      rowsHash: hashOf(rows),
      wasAccountAdmin: false,
      isNewcomer: true,
    };
    expect(afterRuns(first, came).remembered.get(3)).toEqual(newcomer);
    expect(afterRuns(first, came, came).remembered.get(3)).toEqual(newcomer);
    const { isNewcomer: _, ...known } = newcomer;
    expect(afterRuns(first, came, { ...came, policy: {} }).remembered.get(3)).toEqual({
      ...known,
      settledBy: { sha256: TEXT, at: NOW },
    });
  });

  it('a token that came since is no newcomer: it may only be listed since', () => {
    const token: AccessSpec = { access: 500, token: { id: 55, name: 'ci' }, rows: { 'project:#4001': 'admin' } };
    const policy: PolicySpec = {
      tokens: { ci: { access: 500, token: 55 } },
      grants: [{ to: 'token:ci', resource: 'project:Checkout', level: 'viewer' }],
    };
    const { remembered } = afterRuns({ accesses: [SETTLED], policy }, { accesses: [SETTLED, token], policy });
    expect(remembered.get(500)?.isNewcomer).toBe(undefined);
  });

  it('one that is gone is forgotten', () => {
    const others = [{ access: 3, user: BOB }];
    expect([
      ...afterRuns({ accesses: [SETTLED, ...others], policy: {} }, { accesses: others, policy: {} }).remembered.keys(),
    ]).toEqual([3]);
  });

  it('nothing changes without a read by a right clock', () => {
    const before = afterRuns({ accesses: [SETTLED] });
    expect(accessesAfter(before, { ...runOf({ accesses: [] }), reads: [] })).toBe(before);
  });
});

describe('a moment', () => {
  const dated: PolicySpec = { ...VIEWER, ends: { [BOB]: '2026-11-26' } };
  const atOf = (memory: AccessMemory) => memory.remembered.get(2)?.settledBy?.at;

  it('stays the first one as long as no date of the text passes', () => {
    expect(atOf(afterRuns({ accesses: [SETTLED] }, { accesses: [SETTLED], at: NOW + 900 * DAY_MS }))).toBe(NOW);
    const run = { accesses: [SETTLED], policy: dated };
    expect(atOf(afterRuns(run, { ...run, at: NOW + DAY_MS }))).toBe(NOW);
  });

  it('is a new one once a date has passed, in either direction', () => {
    const run = { accesses: [SETTLED], policy: dated };
    expect(atOf(afterRuns(run, { ...run, at: NOW + 9 * DAY_MS }))).toBe(NOW + 9 * DAY_MS);
    expect(atOf(afterRuns({ ...run, at: NOW + 9 * DAY_MS }, run))).toBe(NOW);
  });

  it('is a new one by another text', () => {
    const run = { accesses: [SETTLED], at: NOW + DAY_MS, sha256: 'b'.repeat(64) };
    expect(afterRuns({ accesses: [SETTLED] }, run).remembered.get(2)?.settledBy).toEqual({
      sha256: 'b'.repeat(64),
      at: NOW + DAY_MS,
    });
  });

  it('is not remembered beyond the newest ones', () => {
    const others = Array.from({ length: SETTLED_BY_MOST }, (_, index) => ({
      access: 10 + index,
      user: `p${index}@example.com`,
    }));
    const runs = Array.from({ length: SETTLED_BY_MOST + 1 }, (_, index): RunSpec => {
      // One more person is left with something to do by each text, and keeps the moment of the text before.
      const names = others.slice(0, index).map(({ user }) => user);
      return {
        policy: { grants: [{ to: [BOB, ...names], resource: 'project:Checkout', level: 'viewer' }] },
        accesses: [...others, { access: 99, user: 'idle@example.com' }],
        sha256: index.toString(16).padStart(64, '0'),
        at: NOW + index * DAY_MS,
      };
    });
    const { remembered } = afterRuns(...runs);
    const moments = [...remembered.values()].map(({ settledBy }) => settledBy?.at);
    expect(moments.slice(0, 2)).toEqual([undefined, NOW + DAY_MS]);
    expect(new Set(moments).size).toBe(SETTLED_BY_MOST + 1);
  });
});

describe('what grantd wrote', () => {
  const two: PolicySpec = {
    grants: [{ to: ANN, resource: ['project:Checkout', 'domain:example.com'], level: 'viewer' }],
  };
  const none: AccessSpec = { access: 2, user: ANN };
  const one = { ...none, rows: { 'domain:#7001': 'viewer' } as const };
  const before: RunSpec = { accesses: [none], policy: {} };

  it('is what is remembered, while the rest is left', () => {
    const written = { policy: two, accesses: [none], after: [one], outcomes: ['applied', 'failed'] as const };
    expect(afterRuns(before, written).remembered.get(2)).toEqual({
      ...afterRuns(before).remembered.get(2),
      rowsHash: hashOf(one.rows),
    });
  });

  it('is not remembered beside what someone else changed, before it or meanwhile', () => {
    const known = afterRuns(before).remembered.get(2);
    const drifted = { ...none, rows: { 'inbox:#5003': 'viewer' } as const };
    const both = { ...none, rows: { ...one.rows, ...drifted.rows } };
    const outcomes = ['applied', 'failed', 'failed'] as const;
    expect(afterRuns(before, { policy: two, accesses: [drifted], after: [both], outcomes }).remembered.get(2)).toEqual(
      known,
    );
    expect(afterRuns(before, { policy: two, accesses: [none], after: [both], outcomes }).remembered.get(2)).toEqual(
      known,
    );
  });

  it('is nothing that did not stick', () => {
    const run = { policy: two, accesses: [none], after: [none], outcomes: ['did-not-stick', 'failed'] as const };
    expect(afterRuns(before, run)).toEqual(afterRuns(before));
  });

  it('has settled as a whole once nothing is left', () => {
    const whole = { ...none, rows: { ...one.rows, 'project:#4001': 'viewer' } as const };
    const sha256 = 'b'.repeat(64);
    expect(
      afterRuns(before, { policy: two, accesses: [none], after: [whole], sha256 }).remembered.get(2),
    ).toMatchObject({
      rowsHash: hashOf(whole.rows),
      settledBy: { sha256 },
    });
  });

  it('of two parts of one access is remembered together', () => {
    const run = {
      policy: { grants: [{ to: ANN, resource: ['project:*', 'domain:example.com'], level: 'viewer' as const }] },
      accesses: [none],
      after: [{ ...none, rows: { 'domain:#7001': 'viewer', 'project:#4001': 'viewer' } as const }],
      outcomes: ['applied', 'applied', 'failed'] as const,
    };
    expect(afterRuns(before, run).remembered.get(2)?.rowsHash).toBe(
      hashOf({ 'domain:#7001': 'viewer', 'project:#4001': 'viewer' }),
    );
  });
});

describe('an address that the policy names and nobody has any more', () => {
  const protecting: PolicySpec = { protected: [ANN] };
  const renamed = { ...SETTLED, user: 'ann.new@example.com' };

  it('is still known by the access that had it', () => {
    const { remembered } = afterRuns(
      { accesses: [SETTLED], policy: protecting },
      { accesses: [renamed], policy: protecting },
    );
    expect(remembered.get(2)?.emailHash).toBe(emailHash(ANN));
  });

  it('is known though that access is gone', () => {
    const { remembered } = afterRuns({ accesses: [SETTLED] }, { accesses: [{ access: 3, user: BOB }] });
    expect([...remembered.keys()]).toEqual([2, 3]);
  });

  it('is no longer known by it once somebody has it, or the policy no longer names it', () => {
    const again = { access: 3, user: ANN };
    const runs = [
      { accesses: [SETTLED], policy: protecting },
      { accesses: [renamed, again], policy: protecting },
    ];
    expect(afterRuns(...runs).remembered.get(2)?.emailHash).toBe(emailHash('ann.new@example.com'));
    const dropped = [
      { accesses: [SETTLED], policy: protecting },
      { accesses: [renamed], policy: {} },
    ];
    expect(afterRuns(...dropped).remembered.get(2)?.emailHash).toBe(emailHash('ann.new@example.com'));
  });
});

describe('a token', () => {
  it('has no address, and does not keep one', () => {
    const token = { access: 500, token: { id: 55, name: 'ci' } };
    const policy: PolicySpec = {
      protected: ['x@example.com'],
      tokens: { ci: { access: 501, token: 56 } },
      grants: [{ to: 'token:ci', resource: 'project:Checkout', level: 'viewer' }],
    };
    expect(afterRuns({ accesses: [token], policy }, { accesses: [token], policy }).remembered.get(500)).toMatchObject({
      emailHash: null,
    });
  });
});

describe('too many accesses', () => {
  it('are the first ones by id, and a missing one is not known to be new', () => {
    const accesses = Array.from({ length: REMEMBERED_MOST + 5 }, (_, index) => ({
      access: REMEMBERED_MOST + 5 - index,
      user: `p${index}@example.com`,
    }));
    const { remembered, remembersAll } = afterRuns({ accesses, policy: {} });
    expect(remembersAll).toBe(false);
    expect([...remembered.keys()]).toEqual(Array.from({ length: REMEMBERED_MOST }, (_, index) => index + 1));
  });
});

describe('the texts at hand', () => {
  const resolved = (line: string) => smallWorld({ file: line }).resolved;
  const [a, b, c] = [revision('a').sha256, revision('b').sha256, revision('c').sha256];
  const settled = (...texts: readonly string[]) =>
    new Map(
      texts.map((sha256, index) => [
        index,
        { access: index, emailHash: null, rowsHash: '', wasAccountAdmin: false, settledBy: { sha256, at: NOW } },
      ]),
    );

  it('are the present one, and the newest before it by which something settled', () => {
    const first = textsAtHand(new Map(), { sha256: a, resolved: resolved('a') }, settled(a));
    expect([...first.keys()]).toEqual([a]);
    const second = textsAtHand(first, { sha256: b, resolved: resolved('b') }, settled(a, b));
    expect([...second.keys()]).toEqual([b, a]);
    const third = textsAtHand(second, { sha256: c, resolved: resolved('c') }, settled(a, b));
    expect([...third.keys()]).toEqual([c, b]);
    expect([...textsAtHand(third, { sha256: c, resolved: resolved('c') }, settled(c)).keys()]).toEqual([c]);
  });
});
