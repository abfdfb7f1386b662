import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const LIST = { method: 'GET', path: /account_accesses$/ };
const SIX_MINUTES = 360_000;
const APART = "this clock and the API's differ by 360 seconds, so dates cannot be trusted";

function user(access: number, name: string, ...rows: AccessSeed['rows'] & object): AccessSeed {
  return { access, kind: 'user', email: `${name}@example.com`, rows };
}

function outcomesOf(result: RunResult): readonly (readonly [string, string | null])[] {
  return result.kind === 'written' ? result.outcomes.map((one) => [one.outcome, one.reason]) : [[result.kind, null]];
}

describe('clocks that part in the middle of a run stop what it has not written yet', () => {
  const admin = { type: 'account', id: ACCOUNT, level: 100 };
  const admins = [user(101, 'ann', admin), user(102, 'bob', admin), user(103, 'eve', admin)];
  const onlyAnn = { grants: [{ to: 'ann@example.com', resource: 'account', level: 'admin' as const }] };
  const ended = {
    ...onlyAnn,
    grants: [
      ...onlyAnn.grants,
      { to: ['bob@example.com', 'eve@example.com'], resource: 'account', level: 'admin' as const, until: '2026-11-23' },
    ],
    limits: { admins: 1 },
  };

  it('found by the re-read before an account admin is ended', async () => {
    const live = await liveAccount({ accesses: admins });
    live.simulator.inject({ kind: 'date', skewMs: SIX_MINUTES, match: LIST, afterRequests: 1, times: 'always' });
    const result = await live.run(ended);
    expect(live.puts()).toEqual([]);
    expect(outcomesOf(result)).toEqual([
      ['not-tried', APART],
      ['not-tried', APART],
    ]);
  });

  it('found once, they stop whatever comes after, though the next answer fits again', async () => {
    const live = await liveAccount({ accesses: admins });
    live.simulator.inject({ kind: 'date', skewMs: -SIX_MINUTES, match: LIST, afterRequests: 1 });
    const result = await live.run(ended);
    expect(live.puts()).toEqual([]);
    expect(outcomesOf(result)).toEqual([
      ['not-tried', APART],
      ['not-tried', APART],
    ]);
  });

  it('found by the look at whether raises show', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann', { type: 'project', id: 2, level: 100 })] });
    live.simulator.inject({ kind: 'date', skewMs: SIX_MINUTES, match: LIST, afterRequests: 1 });
    const result = await live.run(
      { grants: [{ to: 'ann@example.com', resource: 'inbox:App/Live' }] },
      { rowsPerPut: 1 },
    );
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100, 'inbox:21': 10 });
    expect(outcomesOf(result)[1]).toEqual(['not-tried', APART]);
  });

  it('found by the answer to a PUT, for everybody who comes after', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann'), user(102, 'bob')] });
    live.simulator.inject({ kind: 'date', skewMs: SIX_MINUTES, match: { method: 'PUT' } });
    const result = await live.run(
      { grants: [{ to: ['ann@example.com', 'bob@example.com'], resource: 'project:Web' }] },
      { concurrency: 1 },
    );
    expect(live.puts().map(({ access }) => access)).toEqual([101]);
    expect(outcomesOf(result)).toEqual([
      ['applied', null],
      ['not-tried', APART],
    ]);
  });

  it('while five minutes are not exceeded, everything is written', async () => {
    const live = await liveAccount({ accesses: admins });
    live.simulator.inject({ kind: 'date', skewMs: 240_000, times: 'always' });
    const result = await live.run(ended);
    expect(outcomesOf(result)).toEqual([
      ['applied', null],
      ['applied', null],
    ]);
  });
});
