import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const accesses: readonly AccessSeed[] = [
  { access: 101, kind: 'user', email: 'ann@example.com' },
  { access: 102, kind: 'user', email: 'bob@example.com' },
];
const grants = [{ to: ['ann@example.com', 'bob@example.com'], resource: 'project:Web' }];
const LIST = { method: 'GET', path: /account_accesses$/ };
const toAccess = (access: number) => ({ method: 'PUT', path: `account_accesses/${access}/` });

function outcomesOf(result: RunResult): readonly string[] {
  return result.kind === 'written'
    ? result.outcomes.map((one) => `${one.change.access} ${one.outcome}`)
    : [result.kind];
}

describe('a further round writes only on a fresh and whole read', () => {
  it('a read that fails after one that succeeded ends the run', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'ignored', match: toAccess(101) });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    live.simulator.inject({ kind: 'html', match: LIST, afterRequests: 2, times: 'always' });
    const result = await live.run({ grants });
    expect(live.puts()).toHaveLength(2);
    expect(outcomesOf(result)).toEqual(['101 did-not-stick', '102 failed']);
    expect(result.kind === 'written' && result.unconfirmed?.code).toBe('api-malformed');
  });

  it('so does a clock that turns out to be off', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    live.simulator.inject({ kind: 'date', skewMs: 360_000, match: LIST, afterRequests: 1 });
    expect(outcomesOf(await live.run({ grants }))).toEqual(['101 applied', '102 failed']);
    expect(live.puts()).toHaveLength(2);
  });

  it('a principal with anything else to do waits for the next run', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'second-writer',
      match: toAccess(102),
      write: { act: 'set-row', who: 102, type: 'project', id: 2, level: 10 },
    });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    const result = await live.run({ grants });
    expect(live.puts()).toHaveLength(2);
    expect(outcomesOf(result)).toEqual(['101 applied', '102 failed']);
    expect(result.kind === 'written' && result.after?.changes.map((change) => change.kind)).toEqual([
      'create',
      'remove',
    ]);
  });

  it('what a guard holds meanwhile is not written, and the rest is tried again', async () => {
    const others = [103, 104].map((access) => ({ access, kind: 'user' as const, email: `p${access}@example.com` }));
    const live = await liveAccount({ accesses: [...accesses, ...others] });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    for (const who of [103, 104]) {
      const write = { act: 'set-row' as const, who, type: 'project', id: 2, level: 100 };
      live.simulator.inject({ kind: 'second-writer', match: toAccess(102), write });
    }
    const result = await live.run({
      grants: [...grants, { to: ['p103@example.com', 'p104@example.com'], resource: 'project:Web' }],
      limits: { revokes: { principals: 1, percent: 100 } },
    });
    expect(result.kind === 'written' && result.after?.verdict).toBe('held');
    expect(live.puts().map((put) => put.access)).toEqual([101, 102, 103, 104, 102]);
  });
});

describe('what several rounds come to is judged by the last read', () => {
  it('a write of the first round that shows in the second is applied, and nobody else did it', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'stale', match: toAccess(101), ms: 4_500 });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    const result = await live.run({ grants });
    expect(outcomesOf(result)).toEqual(['101 applied', '102 applied']);
    expect(result.kind === 'written' && result.foreign).toEqual([]);
    expect(live.puts().map((put) => put.access)).toHaveLength(3);
  });

  it('a write of the first round that somebody undoes before the second ends is not called applied', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    live.simulator.inject({
      kind: 'second-writer',
      match: toAccess(102),
      afterRequests: 1,
      write: { act: 'set-row', who: 101, type: 'project', id: 1, level: 50 },
    });
    expect(outcomesOf(await live.run({ grants }))).toEqual(['101 changed-by-someone-else', '102 applied']);
  });

  it('a write that failed, was taken, and was not tried again is found applied', async () => {
    const admins = ['ann', 'bob'].map((name, index) => ({
      access: 101 + index,
      kind: 'user' as const,
      email: `${name}@example.com`,
      rows: [{ type: 'account', id: ACCOUNT, level: 100 }],
    }));
    const live = await liveAccount({ accesses: admins });
    live.simulator.inject({ kind: 'stale', match: toAccess(102), reads: 2 });
    live.simulator.inject({ kind: 'status', status: 503, strike: 'after', match: toAccess(102) });
    live.simulator.inject({ kind: 'html', match: LIST, afterRequests: 3 });
    const result = await live.run({
      grants: [
        { to: 'ann@example.com', resource: 'account', level: 'admin' },
        { to: 'bob@example.com', resource: 'project:Web' },
      ],
      limits: { admins: 1 },
    });
    expect(live.puts()).toHaveLength(1);
    expect(outcomesOf(result)).toEqual(['102 applied', '102 applied']);
  });

  it('a write after the last read that succeeded is unconfirmed', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 503, match: toAccess(102) });
    live.simulator.inject({ kind: 'html', match: LIST, afterRequests: 2, times: 'always' });
    const result = await live.run({ grants });
    expect(outcomesOf(result)).toEqual(['101 applied', '102 unconfirmed']);
    expect(result.kind === 'written' && [result.after, result.unconfirmed?.code]).toEqual([null, 'api-malformed']);
  });

  it("a person whose access a token entry claims is judged by that person's rows", async () => {
    const ci = { name: 'ci', secret: 'ci-secret-0001', id: 700, access: 701, rows: [] };
    const live = await liveAccount({ accesses, tokens: [ci] });
    const result = await live.run({
      grants: [{ to: 'token:ci', resource: 'project:Web' }, ...grants],
      tokens: { ci: { access: 101, token: 700 } },
    });
    expect(outcomesOf(result)).toEqual(['101 applied', '102 applied']);
    expect(
      live
        .puts()
        .map((put) => put.access)
        .sort(),
    ).toEqual([101, 102]);
  });

  it('a token that was deleted meanwhile is not called applied', async () => {
    const ci = { name: 'ci', secret: 'ci-secret-0001', id: 700, access: 701, listed: true };
    const rows = [{ type: 'project', id: 2, level: 100 }];
    const live = await liveAccount({ accesses, tokens: [{ ...ci, rows }] });
    live.simulator.inject({
      kind: 'second-writer',
      strike: 'after',
      match: toAccess(701),
      write: { act: 'remove-member', who: 701 },
    });
    const result = await live.run({
      grants: [{ to: 'token:ci', resource: 'project:App', until: '2026-11-01' }],
      tokens: { ci: { access: 701, token: 700 } },
    });
    expect(outcomesOf(result)).toEqual(['701 changed-by-someone-else']);
  });
});
