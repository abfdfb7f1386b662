import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';

const accesses: readonly AccessSeed[] = [
  { access: 101, kind: 'user', email: 'ann@example.com', rows: [{ type: 'project', id: 2, level: 100 }] },
  { access: 102, kind: 'user', email: 'bob@example.com' },
];
const grants = [{ to: ['ann@example.com', 'bob@example.com'], resource: 'project:Web' }];
const PUT = { method: 'PUT' };
const toAnn = { method: 'PUT', path: 'account_accesses/101/' };

function outcomesOf(result: RunResult): readonly string[] {
  return result.kind === 'written'
    ? result.outcomes.map((one) => `${one.change.access} ${one.change.kind} ${one.outcome}`)
    : [result.kind];
}

const ALL_APPLIED = ['101 create applied', '101 remove applied', '102 create applied'];

describe('what became of a write is what a read shows, not what the API answered', () => {
  it('applied: the rows are as written', async () => {
    const live = await liveAccount({ accesses });
    const result = await live.run({ grants });
    expect(outcomesOf(result)).toEqual(ALL_APPLIED);
    expect(result.kind === 'written' && result.after?.verdict).toBe('complete');
    expect(live.clock.slept).toEqual([0]);
  });

  it('did not stick: answered 200, and nothing is written', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'ignored', match: toAnn, times: 'always' });
    expect(outcomesOf(await live.run({ grants }))).toEqual([
      '101 create did-not-stick',
      '101 remove did-not-stick',
      '102 create applied',
    ]);
    expect(live.puts()).toHaveLength(2);
    expect(live.clock.slept).toEqual([0, 1_000, 3_000]);
  });

  it('did not stick, for the rows that the API left out', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'partial', match: toAnn, items: 1 });
    expect(outcomesOf(await live.run({ grants }))).toEqual([
      '101 create applied',
      '101 remove did-not-stick',
      '102 create applied',
    ]);
  });

  it('a list that lags behind is read again until it shows the write', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'stale', match: PUT, times: 2, ms: 2_000 });
    expect(outcomesOf(await live.run({ grants }))).toEqual(ALL_APPLIED);
    expect(live.clock.slept).toEqual([0, 1_000, 3_000]);
  });

  it('a 503 after the write was taken is found applied, and not sent twice', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 503, strike: 'after', match: toAnn });
    expect(outcomesOf(await live.run({ grants }))).toEqual(ALL_APPLIED);
    expect(live.puts()).toHaveLength(2);
  });

  it('a connection that breaks before the write is taken is planned anew and written', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'reset', strike: 'before', match: toAnn });
    expect(outcomesOf(await live.run({ grants }))).toEqual(ALL_APPLIED);
    expect(live.events.filter((event) => event.kind === 'trying-again')).toHaveLength(1);
    expect(
      live
        .puts()
        .map((put) => put.access)
        .sort(),
    ).toEqual([101, 101, 102]);
  });

  it('a failure that stays is tried in three rounds and then told', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 502, body: 'html', match: toAnn, times: 'always' });
    const result = await live.run({ grants });
    expect(outcomesOf(result)).toEqual(['101 create failed', '101 remove failed', '102 create applied']);
    expect(live.puts().filter((put) => put.access === 101)).toHaveLength(3);
    expect(result.kind === 'written' && result.outcomes[0]?.reason).toContain('502');
  });

  it('a refusal is told at once and stops nobody else', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 403, match: toAnn, times: 'always' });
    expect(outcomesOf(await live.run({ grants }))).toEqual([
      '101 create failed',
      '101 remove failed',
      '102 create applied',
    ]);
    expect(live.puts()).toHaveLength(2);
  });

  it('what follows a failed PUT of one principal is not tried', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 403, match: toAnn, times: 'always' });
    expect(outcomesOf(await live.run({ grants }, { rowsPerPut: 1 }))).toEqual([
      '101 create failed',
      '101 remove not-tried',
      '102 create applied',
    ]);
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100 });
  });

  it.each([
    ['raises', [], { resource: ['project:Web', 'domain:example.com'] }],
    ['losses', [1, 2], { resource: 'project:*', until: '2026-11-01' }],
  ])('nor where all are %s, of which none relies on another', async (_kind, held, grant) => {
    const rows = held.map((id) => ({ type: 'project', id, level: 10 }));
    const live = await liveAccount({ accesses: [{ access: 101, kind: 'user', email: 'ann@example.com', rows }] });
    live.simulator.inject({ kind: 'status', status: 403, match: toAnn });
    const result = await live.run({ grants: [{ to: 'ann@example.com', ...grant }] }, { rowsPerPut: 1 });
    expect(live.puts()).toHaveLength(1);
    expect(live.simulator.rows(101)).toEqual(Object.fromEntries(held.map((id) => [`project:${id}`, 10])));
    expect(result.kind === 'written' && result.outcomes.map((one) => one.reason)).toEqual([
      expect.stringContaining('403'),
      'the PUT before it failed',
    ]);
  });

  it('changed by somebody else: the row is neither as before nor as written', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'second-writer',
      strike: 'after',
      match: toAnn,
      write: { act: 'set-row', who: 101, type: 'project', id: 1, level: 50 },
    });
    expect(outcomesOf(await live.run({ grants }))[0]).toBe('101 create changed-by-someone-else');
  });

  it('a row that nobody planned to change and that changed is told', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'second-writer',
      strike: 'after',
      match: toAnn,
      write: { act: 'set-row', who: 102, type: 'inbox', id: 21, level: 10 },
    });
    const result = await live.run({ grants });
    expect(
      result.kind === 'written' &&
        result.foreign.map(({ access, row, before }) => [access, row.type, row.id, before, row.level]),
    ).toEqual([[102, 'inbox', 21, 0, 10]]);
  });

  it('a member who leaves in the middle is told', async () => {
    const live = await liveAccount({
      accesses: [
        ...accesses,
        { access: 103, kind: 'user', email: 'eve@example.com', rows: [{ type: 'project', id: 2, level: 10 }] },
      ],
    });
    live.simulator.inject({
      kind: 'second-writer',
      strike: 'after',
      match: toAnn,
      write: { act: 'remove-member', who: 103 },
    });
    const result = await live.run({ grants });
    expect(
      result.kind === 'written' && result.foreign.map(({ access, before, row }) => [access, before, row.level]),
    ).toEqual([[103, 10, 0]]);
  });

  it('so is one who comes, with what they hold', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'second-writer',
      match: toAnn,
      write: {
        act: 'add-member',
        email: 'new@example.com',
        access: 104,
        rows: [
          { type: 'project', id: 2, level: 10 },
          { type: 'inbox', id: 11, level: 100 },
          { type: 'inbox', id: 12, level: 10 },
        ],
      },
    });
    live.simulator.inject({
      kind: 'second-writer',
      match: toAnn,
      write: { act: 'set-row', who: 102, type: 'project', id: 2, level: 10 },
    });
    const result = await live.run({ grants });
    expect(
      result.kind === 'written' &&
        result.foreign.map(({ access, before, row }) => [access, before, `${row.type} ${row.id}`, row.level]),
    ).toEqual([
      [102, 0, 'project 2', 10],
      [104, 0, 'inbox 11', 100],
      [104, 0, 'inbox 12', 10],
      [104, 0, 'project 2', 10],
    ]);
  });

  it('without a read after the writes nothing is called applied', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'html',
      match: { method: 'GET', path: /account_accesses$/ },
      afterRequests: 1,
      times: 'always',
    });
    const result = await live.run({ grants });
    expect(outcomesOf(result)).toEqual(['101 create unconfirmed', '101 remove unconfirmed', '102 create unconfirmed']);
    expect(result.kind === 'written' && [result.after, result.unconfirmed?.code]).toEqual([null, 'api-malformed']);
  });
});
