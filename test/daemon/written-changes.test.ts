import { describe, expect, it } from 'vitest';
import {
  type AccountMemory,
  CONTESTED_AFTER,
  emptyMemory,
  newestWritten,
  WRITTEN_MOST,
  type WrittenChange,
} from '../../src/core/domain/account/account-memory.ts';
import type { ChangeOutcome, Outcome, RunResult } from '../../src/core/domain/run/run-result.ts';
import { CONTESTED_REST_MS, type RunMemory, rememberRun, restraintsNow } from '../../src/daemon/remember-run.ts';
import { countedAt } from '../../src/daemon/written-changes.ts';
import { type PlannedResult, planned } from './support/results.ts';

const NOW = Date.UTC(2026, 10, 24);
const HOUR_MS = 3_600_000;
const QUARTER_HOURLY = { slotsMs: (count: number) => count * (HOUR_MS / 4) };
const DAILY = { slotsMs: (count: number) => count * 24 * HOUR_MS };

const ANN = 'ann@example.com';
const MAY = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'admin' as const }] };
const LACKS = planned(MAY, { accesses: [{ access: 2, user: ANN }] });
const HAS = planned(MAY, { accesses: [{ access: 2, user: ANN, rows: { 'project:#4001': 'admin' } }] });
/** The policy no longer asks for it, and somebody has taken it. */
const UNENTITLED = planned({ grants: [] }, { accesses: [{ access: 2, user: ANN }] });

/** What a run does, and the level that its first read shows. */
interface Step {
  readonly result: RunResult;
  readonly level: number | null;
}

const written = (outcome: Outcome, parts: Partial<ChangeOutcome> = {}): Step => ({
  result: partly(LACKS, outcome, parts),
  level: 0,
});
const GOES_BACK = written('applied');
const FAILS = written('failed');
const HOLDS: Step = { result: HAS.notWritten(), level: 100 };
const NOT_ASKED: Step = { result: UNENTITLED.notWritten(), level: 0 };
/** Guards hold it, or the policy is paused: it is planned, and not written. */
const HELD: Step = { result: heldResult(LACKS), level: 0 };

function partly(run: PlannedResult, outcome: Outcome, parts: Partial<ChangeOutcome>): RunResult {
  const result = run.written(outcome);
  if (result.kind !== 'written') throw new Error('nothing is written');
  return { ...result, outcomes: result.outcomes.map((one) => ({ ...one, ...parts })) };
}

function heldResult({ plan }: PlannedResult): RunResult {
  const [change] = plan.changes;
  if (change === undefined) throw new Error('the plan changes nothing');
  const { principal } = change;
  const part = {
    digest: 'sha256:0',
    principal,
    rules: ['revoke-limit' as const],
    changes: [change],
    approvalUntil: null,
    approve: null,
  };
  return { kind: 'not-written', plan: { ...plan, verdict: 'held', changes: [], held: [part] } };
}

function remembered(memory: AccountMemory, { result, level }: Step, now: number, schedule = QUARTER_HOURLY): RunMemory {
  const run = { result, resolved: LACKS.resolved, levelOf: () => level, isCounted: countedAt(now, schedule), now };
  return rememberRun(memory, run);
}

function rests(memory: AccountMemory, now: number, schedule = QUARTER_HOURLY): boolean {
  return restraintsNow(memory, { now, isCounted: countedAt(now, schedule) }, false).contested.length > 0;
}

/** One run after another, each so many hours after the first. */
function at(hours: readonly number[], steps: readonly Step[], schedule = QUARTER_HOURLY): readonly RunMemory[] {
  let memory = emptyMemory(3229);
  return steps.map((step, index) => {
    const next = remembered(memory, step, NOW + (hours[index] ?? 0) * HOUR_MS, schedule);
    memory = next.memory;
    return next;
  });
}

/** How many writes are remembered after each run; `c` where it is contested, and `!` where that is new. */
function text(runs: readonly RunMemory[]): string {
  return runs
    .map(({ memory, newlyContested }) => {
      const [one] = memory.written;
      if (!one) return '-';
      return `${one.writtenAt.length}${one.contestedSince === null ? '' : 'c'}${newlyContested.length > 0 ? '!' : ''}`;
    })
    .join(' ');
}

/** A quarter of an hour apart. */
function counts(...steps: readonly Step[]): string {
  return text(
    at(
      steps.map((_, index) => index / 4),
      steps,
    ),
  );
}

describe('a change that was written', () => {
  it('is contested once a read shows it undone for the third time, and that is new once', () => {
    expect(CONTESTED_AFTER).toBe(3);
    expect(counts(GOES_BACK, GOES_BACK, GOES_BACK)).toBe('1 2 3');
    expect(counts(GOES_BACK, GOES_BACK, GOES_BACK, HELD, HELD)).toBe('1 2 3 3c! 3c');
  });

  it('is contested with runs in between that find it in place', () => {
    const steps = [GOES_BACK, HOLDS, GOES_BACK, HOLDS, HOLDS, GOES_BACK, HOLDS, HELD, HOLDS, HELD];
    expect(counts(...steps)).toBe('1 1 2 2 2 3 3 3c! 3c 3c');
  });

  it('is not contested while the third write lasts', () => {
    expect(counts(GOES_BACK, GOES_BACK, GOES_BACK, HOLDS, HOLDS)).toBe('1 2 3 3 3');
  });

  it('counts no plan that is not written, however often it is planned', () => {
    expect(counts(GOES_BACK, HELD, HELD, HELD, HELD, HELD)).toBe('1 1 1 1 1 1');
    expect(counts(HELD, HELD, HELD, HELD)).toBe('- - - -');
  });

  it('counts whatever a read after the write showed, as long as Mailtrap answered 2xx', () => {
    const steps = [written('did-not-stick'), written('changed-by-someone-else'), written('unconfirmed'), HELD];
    expect(counts(...steps)).toBe('1 2 3 3c!');
  });

  it.each<[string, Step]>([
    ['failed', FAILS],
    ['was not tried', written('not-tried')],
    ['failed, while someone else changed the row', written('changed-by-someone-else', { sent: 'failed' })],
    ['was not tried, while someone else changed the row', written('changed-by-someone-else', { sent: 'not-tried' })],
  ])('a write that %s neither counts nor begins the count anew', (_, step) => {
    expect(counts(step, step, step, step)).toBe('- - - -');
    expect(counts(GOES_BACK, step, GOES_BACK, step, step, GOES_BACK, HELD)).toBe('1 1 2 2 2 3 3c!');
  });

  it('a write without an answer counts if a read shows it in place', () => {
    const cutOff = written('applied', { sent: 'failed' });
    expect(counts(cutOff, cutOff, cutOff, HELD)).toBe('1 2 3 3c!');
  });

  it('says whether it had been in place, by the run that wrote it or by a later one', () => {
    const last = (...steps: readonly Step[]) =>
      at([], [...steps, HELD]).flatMap(({ newlyContested }) => newlyContested.map((one) => one.hasBeenInPlace));
    const [vanishes, blind] = [written('did-not-stick'), written('unconfirmed')];
    expect(last(vanishes, GOES_BACK, vanishes)).toEqual([true]);
    expect(last(vanishes, blind, vanishes)).toEqual([false]);
    expect(last(vanishes, blind, HOLDS, vanishes)).toEqual([true]);
  });

  it('is forgotten where the policy no longer asks for it, counted or contested', () => {
    expect(counts(GOES_BACK, GOES_BACK, NOT_ASKED, GOES_BACK)).toBe('1 2 - 1');
    expect(counts(GOES_BACK, GOES_BACK, GOES_BACK, HELD, NOT_ASKED, GOES_BACK)).toBe('1 2 3 3c! - 1');
    const gone: Step = { ...NOT_ASKED, level: null };
    expect(counts(GOES_BACK, gone, GOES_BACK)).toBe('1 - 1');
  });

  it('is forgotten where the policy asks for another level of the row, so that a policy that goes to and fro contests nothing', () => {
    const viewer = planned(
      { grants: [{ ...MAY.grants[0], to: ANN, resource: 'project:Checkout', level: 'viewer' }] },
      { accesses: [{ access: 2, user: ANN, rows: { 'project:#4001': 'admin' } }] },
    );
    const lower: Step = { result: viewer.written('applied'), level: 100 };
    expect(counts(GOES_BACK, lower, GOES_BACK, lower, GOES_BACK, lower, GOES_BACK)).toBe('1 1 1 1 1 1 1');
    const steps = at([], [GOES_BACK, lower]);
    expect(steps.at(-1)?.memory.written).toMatchObject([{ after: 10, writtenAt: [NOW] }]);
  });

  it('stays remembered through a policy that another run of it needs: other rows do not matter', () => {
    const more = planned(
      { grants: [...MAY.grants, { to: ANN, resource: 'project:Mobile', level: 'viewer' }] },
      { accesses: [{ access: 2, user: ANN, rows: { 'project:#4001': 'admin' } }] },
    );
    const runs = at([], [GOES_BACK, { result: more.written('applied'), level: 100 }]);
    expect(runs.at(-1)?.memory.written.map((one) => one.resource.id)).toEqual([4001, 4002]);
  });
});

describe('the time within which three writes count together', () => {
  const thirdUndoneAfter = (hours: number, schedule: typeof DAILY) =>
    text(at([0, hours / 3, hours / 2, hours], [GOES_BACK, GOES_BACK, GOES_BACK, HELD], schedule));
  const SECOND = 1 / 3600;

  it.each([
    ['below a day', 24 - SECOND, QUARTER_HOURLY, '1 2 3 3c!'],
    ['a day', 24, QUARTER_HOURLY, '1 2 3 3c!'],
    ['above a day', 24 + SECOND, QUARTER_HOURLY, '1 2 3 3'],
    ['below four slots', 96 - SECOND, DAILY, '1 2 3 3c!'],
    ['four slots', 96, DAILY, '1 2 3 3c!'],
    ['above four slots', 96 + SECOND, DAILY, '1 2 3 3'],
    [
      'above a day, on a schedule whose four slots take exactly that',
      24 + SECOND,
      { slotsMs: () => 24 * HOUR_MS },
      '1 2 3 3',
    ],
    ['above a day, without a schedule', 24 + SECOND, { slotsMs: () => 0 }, '1 2 3 3'],
  ])('%s', (_, hours, schedule, expected) => {
    expect(thirdUndoneAfter(hours, schedule)).toBe(expected);
    // What is contested rests in the same run.
    const end = at([0, hours / 3, hours / 2], [GOES_BACK, GOES_BACK, GOES_BACK], schedule).at(-1)?.memory;
    const recent = (end?.written ?? []).map((one) => ({ ...one, triedAt: NOW + hours * HOUR_MS - 1 }));
    const isContested = expected.endsWith('c!');
    expect(rests({ ...emptyMemory(1), written: recent }, NOW + hours * HOUR_MS, schedule)).toBe(isContested);
  });

  it('two writes are not enough, at any distance', () => {
    expect(text(at([0, 1, 2, 3], [GOES_BACK, GOES_BACK, HELD, HELD]))).toBe('1 2 2 2');
  });

  it('moves on: what is older no longer counts, and what is newer does', () => {
    const hours = [0, 20, 23, 30, 40, 43.9];
    const steps = [GOES_BACK, GOES_BACK, GOES_BACK, GOES_BACK, HELD, HELD];
    expect(text(at(hours, steps))).toBe('1 2 3 3 3c! 3c');
    expect(text(at([0, 20, 40, 60, 80, 100], steps))).toBe('1 2 2 2 2 -');
  });

  it('a change that lasts for as long is forgotten, contested or not', () => {
    expect(text(at([0, 24, 24 + SECOND], [GOES_BACK, HOLDS, HOLDS]))).toBe('1 1 -');
    expect(text(at([0, 95, 97], [GOES_BACK, HOLDS, HOLDS], DAILY))).toBe('1 1 -');
    const contested = [GOES_BACK, GOES_BACK, GOES_BACK, HELD];
    expect(text(at([0, 1, 2, 3, 26, 27], [...contested, HOLDS, HOLDS]))).toBe('1 2 3 3c! 3c -');
  });

  it('asks the schedule only about what is older than a day, and once', () => {
    let asked = 0;
    const slotsMs = (count: number) => {
      asked += 1;
      return DAILY.slotsMs(count);
    };
    const isCounted = countedAt(NOW, { slotsMs });
    expect([0, 12, 24].map((hours) => isCounted(NOW - hours * HOUR_MS))).toEqual([true, true, true]);
    expect(asked).toBe(0);
    expect([25, 96, 97].map((hours) => isCounted(NOW - hours * HOUR_MS))).toEqual([true, true, false]);
    expect(asked).toBe(1);
  });
});

describe('a contested change', () => {
  const CONTESTED = [GOES_BACK, GOES_BACK, GOES_BACK, HELD];
  const end = (steps: readonly Step[]) =>
    at(
      steps.map((_, index) => index / 4),
      steps,
    ).at(-1)?.memory ?? emptyMemory(1);

  it('is tried once a day, counted from the last try and not from a run that was stopped before it', () => {
    const memory = end([...CONTESTED, written('not-tried')]);
    const triedAt = NOW + HOUR_MS / 2;
    expect(memory.written[0]?.triedAt).toBe(triedAt);
    expect(rests(memory, triedAt + CONTESTED_REST_MS - 1)).toBe(true);
    expect(rests(memory, triedAt + CONTESTED_REST_MS)).toBe(false);
  });

  it('rests in the run that finds it contested: it is not written a fourth time', () => {
    const memory = end(CONTESTED.slice(0, 3));
    expect(rests(memory, NOW + HOUR_MS)).toBe(true);
    expect(rests(end(CONTESTED.slice(0, 2)), NOW + HOUR_MS)).toBe(false);
  });

  it('a failed try counts as the try of that day, and the change stays contested', () => {
    const memory = end([...CONTESTED, FAILS]);
    expect(memory.written).toMatchObject([{ contestedSince: NOW + (3 * HOUR_MS) / 4, triedAt: NOW + HOUR_MS }]);
    expect(rests(memory, NOW + 2 * HOUR_MS)).toBe(true);
  });

  it('that a try puts in place for a while stays contested, and is not reported again', () => {
    const steps = [...CONTESTED, GOES_BACK, HOLDS, HELD, HELD];
    expect(text(at([0, 1, 2, 3, 27, 28, 29, 30], steps))).toBe('1 2 3 3c! 1c 1c 1c 1c');
  });
});

describe('a clock that jumps', () => {
  const third = at([0, 1, 2], [GOES_BACK, GOES_BACK, GOES_BACK]).at(-1)?.memory ?? emptyMemory(1);
  const contested = remembered(third, HELD, NOW + 3 * HOUR_MS).memory;

  it('back makes nothing contested: nobody knows how long ago those writes were', () => {
    for (const now of [NOW - 1, NOW + HOUR_MS, NOW + 2 * HOUR_MS - 1]) {
      expect(rests(third, now), String(now)).toBe(false);
      expect(remembered(third, HELD, now).newlyContested, String(now)).toEqual([]);
    }
    const anew = remembered(third, GOES_BACK, NOW - HOUR_MS).memory;
    expect(anew.written).toMatchObject([{ writtenAt: [NOW - HOUR_MS] }]);
  });

  it('ahead makes nothing contested that was undone less often within a day', () => {
    expect(remembered(third, HELD, NOW + 25 * HOUR_MS).newlyContested).toEqual([]);
    expect(remembered(third, GOES_BACK, NOW + 9_000 * HOUR_MS).memory.written).toMatchObject([
      { writtenAt: [NOW + 9_000 * HOUR_MS] },
    ]);
  });

  it('back lets a contested change be tried at once, and forgets it where it is in place', () => {
    const back = NOW - 9_000 * HOUR_MS;
    expect(rests(contested, back)).toBe(false);
    expect(remembered(contested, HOLDS, back).memory.written).toEqual([]);
    const tried = remembered(contested, GOES_BACK, back).memory;
    expect(rests(tried, back + HOUR_MS)).toBe(true);
    expect(remembered(tried, HOLDS, back + 25 * HOUR_MS).memory.written).toEqual([]);
  });
});

describe('what is remembered of them', () => {
  const one = (access: number, triedAt: number, contestedSince: number | null = null): WrittenChange => ({
    access,
    resource: { type: 'project', id: 1 },
    after: 10,
    writtenAt: [triedAt],
    hasBeenInPlace: true,
    contestedSince,
    triedAt,
  });

  it('is no more than may be: the oldest go first, and what is contested last', () => {
    const list = [one(1, 5), one(2, 9, 9), one(3, 7), one(4, 6), one(5, 1, 1)];
    const kept = (most: number) => newestWritten(list, most).map(({ access }) => access);
    expect([5, 4, 3, 2, 1, 0].map(kept)).toEqual([[1, 2, 3, 4, 5], [2, 3, 4, 5], [2, 3, 5], [2, 5], [2], []]);
  });

  it('a run that writes more changes than that forgets older ones, and nothing that is contested', () => {
    const [change] = LACKS.plan.changes;
    const [outcome] = GOES_BACK.result.kind === 'written' ? GOES_BACK.result.outcomes : [];
    if (change === undefined || outcome === undefined) throw new Error('the plan changes nothing');
    const many = Array.from({ length: WRITTEN_MOST + 5 }, (_, index) => ({ ...change, access: 1_000 + index }));
    const result: RunResult = {
      ...partly(LACKS, 'applied', {}),
      kind: 'written',
      plan: { ...LACKS.plan, changes: many },
      outcomes: many.map((each) => ({ ...outcome, change: each })),
      foreign: [],
      after: null,
      unconfirmed: null,
    };
    const known = { ...emptyMemory(3229), written: [one(1, NOW - 1), one(2, NOW - 1, NOW - 1)] };
    const { written: kept } = remembered(known, { result, level: 10 }, NOW).memory;
    expect(kept).toHaveLength(WRITTEN_MOST);
    expect(kept.slice(0, 2).map(({ access }) => access)).toEqual([2, 1_000]);
  });

  it('does not change while nothing happens, so that the state is not written', () => {
    const [first, ...later] = at([0, 1, 2, 3], [GOES_BACK, HOLDS, HOLDS, HELD]);
    for (const { memory } of later) expect(memory.written).toEqual(first?.memory.written);
  });
});
