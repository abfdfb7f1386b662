import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const project = (id: number, level: number) => ({ type: 'project', id, level });
const account = (level: number) => ({ type: 'account', id: ACCOUNT, level });
const toAnn = { method: 'PUT', path: 'account_accesses/101/' };
const LIST = { method: 'GET', path: /account_accesses$/ };

function user(access: number, name: string, ...rows: AccessSeed['rows'] & object): AccessSeed {
  return { access, kind: 'user', email: `${name}@example.com`, rows };
}

function outcomesOf(result: RunResult): readonly (readonly [string, string | null])[] {
  return result.kind === 'written' ? result.outcomes.map((one) => [one.outcome, one.reason]) : [[result.kind, null]];
}

describe('what replaces a raise is not taken before that raise shows', () => {
  const accesses = [user(101, 'ann', project(2, 100))];
  const grants = [{ to: 'ann@example.com', resource: 'inbox:App/Live' }];

  it('a raise that was answered and not taken keeps what the next PUT would remove', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'ignored', match: toAnn, times: 'always' });
    const result = await live.run({ grants }, { rowsPerPut: 1 });
    expect(live.puts()).toHaveLength(1);
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100 });
    expect(outcomesOf(result)).toEqual([
      ['did-not-stick', null],
      [
        'not-tried',
        'Mailtrap accepted the raises before it, but they do not show, so grantd does not remove what they replace',
      ],
    ]);
  });

  it('so does one two PUTs before, though the one between was taken', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'ignored', match: toAnn });
    const wide = [{ to: 'ann@example.com', resource: ['inbox:App/Live', 'domain:example.com'] }];
    await live.run({ grants: wide }, { rowsPerPut: 1 });
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100, 'inbox:21': 10 });
  });

  it('so does a raise of a row that is there already', async () => {
    const live = await liveAccount({
      accesses: [user(101, 'ann', project(2, 100), { type: 'inbox', id: 21, level: 10 })],
    });
    live.simulator.inject({ kind: 'ignored', match: toAnn });
    await live.run(
      { grants: [{ to: 'ann@example.com', resource: 'inbox:App/Live', level: 'admin' }] },
      { rowsPerPut: 1 },
    );
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100, 'inbox:21': 10 });
  });

  it('so does one that was taken in part', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'partial', match: toAnn, items: 1 });
    const wide = [{ to: 'ann@example.com', resource: ['inbox:App/Live', 'domain:example.com'] }];
    await live.run({ grants: wide }, { rowsPerPut: 2 });
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100, 'sending_domain:5': 10 });
  });

  it('a raise that shows late is waited for', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'stale', match: toAnn, ms: 500 });
    await live.run({ grants }, { rowsPerPut: 1 });
    expect(live.simulator.rows(101)).toEqual({ 'inbox:21': 10 });
    expect(live.clock.slept).toEqual([0, 1_000, 0]);
  });

  it('a look that fails takes nothing', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'html', match: LIST, afterRequests: 1 });
    const result = await live.run({ grants }, { rowsPerPut: 1 });
    expect(live.simulator.rows(101)).toEqual({ 'project:2': 100, 'inbox:21': 10 });
    expect(outcomesOf(result)[1]).toEqual([
      'not-tried',
      expect.stringContaining('grantd could not read the list of account accesses: '),
    ]);
  });

  it('somebody who has left in the middle is not written again', async () => {
    const live = await liveAccount({ accesses: [...accesses, user(102, 'bob')] });
    live.simulator.inject({
      kind: 'second-writer',
      strike: 'after',
      match: toAnn,
      write: { act: 'remove-member', who: 101 },
    });
    const result = await live.run({ grants }, { rowsPerPut: 1 });
    expect(live.puts()).toHaveLength(1);
    expect(outcomesOf(result).map(([outcome]) => outcome)).toEqual(['changed-by-someone-else', 'not-tried']);
  });

  it('a token is looked up in the list of tokens', async () => {
    const ci = { name: 'ci', secret: 'ci-secret-0001', id: 700, access: 701, listed: true, rows: [project(2, 100)] };
    const live = await liveAccount({ accesses, tokens: [ci] });
    live.simulator.inject({ kind: 'html', match: { method: 'GET', path: /api_tokens$/ }, afterRequests: 1 });
    const result = await live.run(
      { grants: [{ to: 'token:ci', resource: 'inbox:App/Live' }], tokens: { ci: { access: 701, token: 700 } } },
      { rowsPerPut: 1 },
    );
    expect(live.puts()).toHaveLength(1);
    expect(outcomesOf(result)[1]?.[1]).toContain('grantd could not read the list of API tokens: ');
  });

  it('a token that has been deleted is not written again', async () => {
    const ci = { name: 'ci', secret: 'ci-secret-0001', id: 700, access: 701, listed: true, rows: [project(2, 100)] };
    const live = await liveAccount({ accesses, tokens: [ci] });
    live.simulator.inject({
      kind: 'second-writer',
      strike: 'after',
      match: { method: 'PUT' },
      write: { act: 'remove-member', who: 701 },
    });
    await live.run(
      { grants: [{ to: 'token:ci', resource: 'inbox:App/Live' }], tokens: { ci: { access: 701, token: 700 } } },
      { rowsPerPut: 1 },
    );
    expect(live.puts()).toHaveLength(1);
  });

  it('PUTs that only raise, or only take, need no look', async () => {
    const live = await liveAccount({
      accesses: [user(101, 'ann', project(2, 100), { type: 'inbox', id: 12, level: 10 })],
    });
    await live.run({ grants: [{ to: 'ann@example.com', resource: 'domain:example.com' }] }, { rowsPerPut: 1 });
    expect(live.calls().slice(2, -2)).toEqual([
      'PUT account_accesses/101/permissions/bulk',
      'GET account_accesses',
      'PUT account_accesses/101/permissions/bulk',
      'PUT account_accesses/101/permissions/bulk',
    ]);
  });
});

describe('account admins', () => {
  const admin = { to: 'ann@example.com', resource: 'account', level: 'admin' as const };

  it('are counted again before the PUT that ends one, not before the others of that person', async () => {
    const live = await liveAccount({ accesses: [user(101, 'ann', account(100)), user(102, 'bob', account(100))] });
    const grants = [admin, { to: 'bob@example.com', resource: ['project:Web', 'domain:example.com'] }];
    await live.run({ grants, limits: { admins: 1 } }, { rowsPerPut: 1 });
    expect(live.calls().slice(2, -2)).toEqual([
      'PUT account_accesses/102/permissions/bulk',
      'PUT account_accesses/102/permissions/bulk',
      'GET account_accesses',
      'GET account_accesses',
      'PUT account_accesses/102/permissions/bulk',
    ]);
  });

  it('are users: an invite is ended without making them fewer', async () => {
    const live = await liveAccount({
      accesses: [
        user(101, 'ann', account(100)),
        { access: 102, kind: 'invite', email: 'bob@example.com', rows: [account(100)] },
      ],
    });
    await live.run({ grants: [admin, { to: 'bob@example.com', resource: 'project:Web' }], limits: { admins: 1 } });
    expect(live.simulator.rows(102)).toEqual({ 'project:1': 10 });
  });

  it('are not ended on an empty re-read, though none need remain', async () => {
    const live = await liveAccount({
      accesses: [
        user(101, 'ann', project(1, 10)),
        { access: 102, kind: 'invite', email: 'bob@example.com', rows: [account(100)] },
      ],
    });
    live.simulator.inject({ kind: 'emptied', match: LIST, afterRequests: 1 });
    const result = await live.run({ grants: [{ to: 'bob@example.com', resource: 'project:Web' }] });
    expect(live.puts()).toEqual([]);
    expect(outcomesOf(result)[0]).toEqual([
      'not-tried',
      'grantd could not read the account admins again: the list came back empty',
    ]);
  });

  it('whom an earlier round has ended stay counted as gone', async () => {
    const names = ['ann', 'bob', 'eve', 'kim'];
    const live = await liveAccount({ accesses: names.map((name, index) => user(101 + index, name, account(100))) });
    live.simulator.inject({ kind: 'status', status: 503, match: { method: 'PUT', path: 'account_accesses/104/' } });
    // The fifth read of the list is the re-read of the second round: eve stands in it still, and bob not any more.
    live.simulator.inject({
      kind: 'status',
      status: 200,
      body: { json: [101, 103, 104].map((id) => listed(id, names[id - 101])) },
      match: LIST,
      afterRequests: 4,
    });
    const grants = [
      { ...admin, to: ['ann@example.com', 'bob@example.com'] },
      { to: ['eve@example.com', 'kim@example.com'], resource: 'project:Web' },
    ];
    const result = await live.run({ grants, limits: { admins: 2 } });
    expect(live.puts().map((put) => put.access)).toEqual([103, 104]);
    expect(outcomesOf(result).at(-1)).toEqual(['failed', 'only 1 account admins and owners would remain, and 2 must']);
  });

  function listed(id: number, name = '') {
    return {
      id,
      specifier_type: 'User',
      specifier: { id, email: `${name}@example.com`, name },
      resources: [{ resource_type: 'account', resource_id: ACCOUNT, access_level: 100 }],
      permissions: { can_read: true, can_update: true, can_destroy: true, can_leave: false },
    };
  }
});
