import { describe, expect, it } from 'vitest';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const project = (id: number, level: number) => ({ type: 'project', id, level });
const account = (level: number) => ({ type: 'account', id: ACCOUNT, level });

function user(access: number, name: string, ...rows: AccessSeed['rows'] & object): AccessSeed {
  return { access, kind: 'user', email: `${name}@example.com`, rows };
}

describe('a run writes no more than it must', () => {
  const accesses = [
    user(101, 'ann', project(1, 10)),
    user(102, 'bob'),
    user(103, 'eve', project(2, 100)),
    user(104, 'kim', project(1, 10)),
  ];
  const policy = {
    grants: [
      { to: ['ann@example.com', 'bob@example.com', 'kim@example.com'], resource: 'project:Web' },
      { to: 'ann@example.com', resource: 'inbox:Web/Live', level: 'admin' as const },
      { to: 'eve@example.com', resource: ['inbox:App/Live', 'domain:example.com'] },
    ],
  };

  it('k principals that differ make k PUTs, with exactly the rows that differ', async () => {
    const live = await liveAccount({ accesses });
    const result = await live.run(policy);
    expect(result.kind).toBe('written');
    expect([...live.puts()].sort((a, b) => a.access - b.access)).toEqual([
      { access: 101, permissions: [{ resource_id: '11', resource_type: 'inbox', access_level: 'admin' }] },
      { access: 102, permissions: [{ resource_id: '1', resource_type: 'project', access_level: 'viewer' }] },
      {
        access: 103,
        permissions: [
          { resource_id: '5', resource_type: 'sending_domain', access_level: 'viewer' },
          { resource_id: '21', resource_type: 'inbox', access_level: 'viewer' },
          { resource_id: '2', resource_type: 'project', _destroy: true },
        ],
      },
    ]);
    expect(live.calls().filter((call) => call.startsWith('GET'))).toHaveLength(4);
    expect(live.simulator.rows(103)).toEqual({ 'inbox:21': 10, 'sending_domain:5': 10 });
  });

  it('an idle second run makes 2 GETs and no write', async () => {
    const live = await liveAccount({ accesses });
    await live.run(policy);
    live.simulator.clearRequests();
    expect((await live.run(policy)).kind).toBe('complete');
    expect([...live.calls()].sort()).toEqual(['GET account_accesses', 'GET permissions/resources']);
  });

  it('an idle run makes a third GET where a token is named', async () => {
    const live = await liveAccount({
      accesses,
      tokens: [{ name: 'ci', secret: 'ci-secret-0001', id: 700, access: 701, rows: [project(1, 10)] }],
    });
    const named = {
      ...policy,
      tokens: { ci: { access: 701, token: 700 } },
      grants: [{ to: 'token:ci', resource: 'project:Web' }],
    };
    await live.run({ ...named, mode: 'additive' });
    live.simulator.clearRequests();
    expect((await live.run({ ...named, mode: 'additive' })).kind).toBe('complete');
    expect([...live.calls()].sort()).toEqual(['GET account_accesses', 'GET api_tokens', 'GET permissions/resources']);
  });

  it('more rows than one PUT takes go in several, raises first', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann', project(2, 100))] });
    const wide = {
      grants: [{ to: 'ann@example.com', resource: ['inbox:Web/*', 'domain:example.com', 'inbox:App/Live'] }],
    };
    await live.run(wide, { rowsPerPut: 2 });
    expect(live.puts().map((put) => put.permissions.length)).toEqual([2, 2, 1]);
    expect(live.puts().at(-1)?.permissions).toEqual([{ resource_id: '2', resource_type: 'project', _destroy: true }]);
  });
});

describe('the order of writes', () => {
  it('who gains is written before who only loses', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann', project(1, 10), project(2, 10)), user(102, 'bob')] });
    const grants = [
      { to: 'ann@example.com', resource: 'project:Web' },
      { to: 'bob@example.com', resource: 'project:Web' },
    ];
    await live.run({ grants }, { concurrency: 8 });
    expect(live.puts().map((put) => put.access)).toEqual([102, 101]);
  });

  it('an account admin is lowered last, one at a time, each after a re-read', async () => {
    const admins = ['ann', 'bob', 'eve', 'kim'].map((name, index) => user(101 + index, name, account(100)));
    const live = await liveAccount({ accesses: [...admins, user(200, 'new')] });
    const grants = [
      { to: ['ann@example.com', 'bob@example.com'], resource: 'account', level: 'admin' as const },
      { to: ['eve@example.com', 'kim@example.com', 'new@example.com'], resource: 'project:Web' },
    ];
    const result = await live.run({ grants, limits: { admins: 2 } });
    expect(result.kind === 'written' && result.after?.verdict).toBe('complete');
    const calls = live.calls().slice(2);
    expect(calls).toEqual([
      'PUT account_accesses/200/permissions/bulk',
      'GET account_accesses',
      'PUT account_accesses/103/permissions/bulk',
      'GET account_accesses',
      'PUT account_accesses/104/permissions/bulk',
      expect.stringContaining('GET'),
      expect.stringContaining('GET'),
    ]);
  });

  it('the last admins stay when somebody else lowers one meanwhile', async () => {
    const live = await liveAccount({
      accesses: ['ann', 'bob', 'eve'].map((name, index) => user(101 + index, name, account(100))),
    });
    live.simulator.inject({
      kind: 'second-writer',
      match: { method: 'GET', path: /account_accesses$/ },
      afterRequests: 1,
      write: { act: 'remove-row', who: 101, type: 'account', id: ACCOUNT },
    });
    const grants = [
      { to: ['ann@example.com', 'bob@example.com'], resource: 'account', level: 'admin' as const },
      { to: 'eve@example.com', resource: 'project:Web' },
    ];
    const result = await live.run({ grants, limits: { admins: 2 } });
    expect(live.puts()).toEqual([]);
    expect(result.kind === 'written' && result.outcomes.map((one) => [one.outcome, one.reason])).toEqual([
      ['not-tried', 'only 1 account admins and owners would remain, and 2 must'],
      ['not-tried', 'only 1 account admins and owners would remain, and 2 must'],
    ]);
  });

  it('a re-read that fails lets no admin go', async () => {
    const live = await liveAccount({
      accesses: ['ann', 'bob'].map((name, index) => user(101 + index, name, account(100))),
    });
    live.simulator.inject({ kind: 'emptied', match: { path: /account_accesses$/ }, afterRequests: 1, times: 1 });
    const grants = [
      { to: 'ann@example.com', resource: 'account', level: 'admin' as const },
      { to: 'bob@example.com', resource: 'project:Web' },
    ];
    await live.run({ grants, limits: { admins: 1 } });
    expect(live.puts()).toEqual([]);
  });
});

describe('a token whose pair of ids is unproven', () => {
  const ci = { name: 'ci', secret: 'ci-secret-0001', id: 700, access: 701, rows: [project(2, 100)] };
  const grants = [{ to: 'token:ci', resource: ['project:Web', 'domain:example.com'] }];

  it('is first written one raise of one row, and the rest once that shows', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann')], tokens: [ci] });
    const result = await live.run({ grants, tokens: { ci: { access: 701, token: 700 } } });
    expect(live.puts().map((put) => put.permissions)).toEqual([
      [{ resource_id: '5', resource_type: 'sending_domain', access_level: 'viewer' }],
      [
        { resource_id: '1', resource_type: 'project', access_level: 'viewer' },
        { resource_id: '2', resource_type: 'project', _destroy: true },
      ],
    ]);
    expect(result.kind === 'written' && result.outcomes.map((one) => one.outcome)).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
  });

  it('is not written again when that raise does not show: the access may belong to someone else', async () => {
    const other = { name: 'other', secret: 'other-secret-0001', id: 710, access: 711, rows: [] };
    const live = await liveAccount({ accesses: [user(101, 'ann')], tokens: [ci, other] });
    const result = await live.run({ grants, tokens: { ci: { access: 711, token: 700 } } });
    expect(live.puts()).toHaveLength(1);
    const outcomes = result.kind === 'written' ? result.outcomes : [];
    expect(outcomes.map((one) => one.outcome)).toEqual(['did-not-stick', 'not-tried', 'not-tried']);
    expect(outcomes[1]?.reason).toContain('may belong to someone else');
  });

  it('is not lowered at all where nothing could prove it', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann')], tokens: [ci] });
    const result = await live.run({
      grants: [{ to: 'token:ci', resource: 'inbox:App/Live', level: 'viewer' as const }],
      tokens: { ci: { access: 701, token: 700 } },
      mode: 'authoritative',
    });
    expect(live.puts()).toHaveLength(2);
    const bare = await live.run({
      grants: [{ to: 'token:ci', resource: 'project:App', until: '2026-11-01' }],
      tokens: { ci: { access: 701, token: 700 } },
    });
    expect(live.puts()).toHaveLength(2);
    expect(result.kind).toBe('written');
    expect(bare.kind).toBe('not-written');
    expect(bare.kind === 'not-written' && bare.plan.deferred.map(({ reason }) => reason)).toEqual(['pair-unproven']);
  });

  it('needs no proof where the list of accesses shows it', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann')], tokens: [{ ...ci, listed: true }] });
    await live.run({ grants, tokens: { ci: { access: 701, token: 700 } } });
    expect(live.puts()).toHaveLength(1);
  });
});
