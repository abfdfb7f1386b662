import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ANN, BOB, JUDY, send } from './account.ts';

function problemsOf(json: unknown): readonly string[] {
  return (json as { problems: readonly string[] }).problems;
}

describe('/_sim/rows', () => {
  it('sets and removes rows that the API would refuse', async () => {
    const simulator = await simulate();
    const body = [
      { act: 'set-row', who: 'Ann@Example.com', type: 'sandbox', id: 3809, level: 50 },
      { act: 'set-row', who: ANN, type: 'organization', id: 1208, level: 1000 },
      { act: 'remove-row', who: 'ann@example.com', type: 'project', id: 4001 },
      { act: 'remove-row', who: 'ci', type: 'inbox', id: 3809 },
    ];
    expect((await send(simulator, 'POST /_sim/rows', { body })).json).toEqual({ written: 4 });
    expect(simulator.rows(ANN)).toEqual({ 'inbox:3809': 50, 'organization:1208': 1000 });
    expect(simulator.rows('ci')).toEqual({});
  });

  it('turns an accepted invite into a user with another access id and the same rows', async () => {
    const simulator = await simulate();
    await send(simulator, 'POST /_sim/rows', { body: { act: 'accept-invite', who: 'judy@example.com', name: 'Judy' } });
    const [judy, ...others] = simulator.state().accesses.filter(({ who }) => who === 'judy@example.com');
    expect(others).toEqual([]);
    expect(judy).toMatchObject({ kind: 'User', rows: [{ type: 'project', id: 4002, level: 10 }] });
    expect(judy?.access).not.toBe(JUDY);
    expect((await send(simulator, 'GET /api/account_accesses')).text).toContain('"name":"Judy"');
  });

  it('can keep the access id of an accepted invite', async () => {
    const simulator = await simulate();
    simulator.writeAsSomebodyElse({ act: 'accept-invite', who: JUDY, access: JUDY });
    expect(simulator.state().accesses.at(-1)).toMatchObject({ access: JUDY, kind: 'User' });
  });

  it('adds and removes members', async () => {
    const simulator = await simulate();
    simulator.writeAsSomebodyElse(
      { act: 'add-member', email: 'new@example.com', name: 'New', rows: [{ type: 'project', id: 4001, level: 10 }] },
      { act: 'add-member', email: 'ann@example.com', kind: 'invite', access: 9000 },
      { act: 'remove-member', who: BOB },
    );
    const accesses = simulator.state().accesses;
    expect(accesses.at(-2)).toMatchObject({ kind: 'User', who: 'new@example.com', rows: [{ id: 4001 }] });
    expect(accesses.at(-1)).toMatchObject({ access: 9000, kind: 'Invite', rows: [] });
    expect(accesses.some(({ access }) => access === BOB)).toBe(false);
    expect(() => simulator.rows('ann@example.com')).toThrow(`several accesses of account 3229 (${ANN}, 9000)`);
  });

  it('gives a member another e-mail, under the same access id', async () => {
    const simulator = await simulate();
    const rows = simulator.rows(ANN);
    simulator.writeAsSomebodyElse({ act: 'rename-member', who: 'ann@example.com', email: 'ann.new@example.com' });
    expect(simulator.rows('ann.new@example.com')).toEqual(rows);
    expect(simulator.state().accesses.find(({ access }) => access === ANN)?.who).toBe('ann.new@example.com');
    expect((await send(simulator, 'GET /api/accounts/3229/account_accesses')).text).toContain('ann.new@example.com');
  });

  it('renames, adds and removes resources; rows on what is gone go with it', async () => {
    const simulator = await simulate();
    simulator.writeAsSomebodyElse(
      { act: 'rename-resource', type: 'project', id: 4002, name: 'Checkout' },
      { act: 'add-resource', type: 'project', id: 4100, name: 'New' },
      { act: 'add-resource', type: 'inbox', id: 4101, name: 'In', under: { type: 'project', id: 4100 } },
      { act: 'add-resource', type: 'domain', id: 4102, name: 'x.example', under: { type: 'account', id: 3229 } },
      { act: 'remove-resource', type: 'project', id: 4001 },
    );
    const { json, text } = await send(simulator, 'GET /api/accounts/3229/permissions/resources');
    expect(json).toMatchObject([
      {
        resources: expect.arrayContaining([
          expect.objectContaining({ id: 4002, name: 'Checkout' }),
          expect.objectContaining({ id: 4100, resources: [expect.objectContaining({ id: 4101, type: 'inbox' })] }),
          expect.objectContaining({ id: 4102, type: 'sending_domain' }),
        ]),
      },
    ]);
    expect(text).not.toContain('4001');
    expect(simulator.rows(ANN)).toEqual({});
  });

  it.each<[write: unknown, problem: RegExp]>([
    [{ act: 'set-row', who: 'zed', type: 'inbox', id: 3809, level: 1 }, /^who: no one in account 3229 is "zed"; give/],
    [{ act: 'set-row', who: 3, type: 'inbox', id: 3809, level: 1 }, /^who: no one in account 3229 is 3; give/],
    [{ act: 'set-row', who: ANN, type: 'inbox', id: 9, level: 1 }, /^inbox 9 is not in account 3229/],
    [{ act: 'set-row', who: ANN, type: 'inbox', id: 3809 }, /^write\.level is missing/],
    [{ act: 'remove-row', who: ANN, type: 'inbox', id: 3810 }, /^ann@example\.com has no row on inbox:3810/],
    [{ act: 'accept-invite', who: ANN }, /is not an invite but User/],
    [{ act: 'add-member', email: 'x@example.com', access: ANN }, /^access: 5004 is taken/],
    [
      { act: 'add-member', email: 'x@example.com', rows: [{ type: 'inbox', id: 9, level: 1 }] },
      /^inbox 9 is not in account/,
    ],
    [
      { act: 'add-member', email: 'x@example.com', rows: [{ type: 'inbox' }] },
      /^write\.rows is .* a list in which each item is an object of type, id, level/,
    ],
    [{ act: 'rename-member', who: 'grantd', email: 'x@example.com' }, /is an API token, and has no e-mail/],
    [{ act: 'rename-resource', type: 'account', id: 3229, name: 'x' }, /always named "Account"/],
    [{ act: 'rename-resource', type: 'inbox', id: 9, name: 'x' }, /^inbox 9 is not in account/],
    [{ act: 'add-resource', type: 'project', id: 4001, name: 'x' }, /^project 4001 is already in account/],
    [{ act: 'add-resource', type: 'account', id: 1, name: 'x' }, /^type: an account is not a resource/],
    [
      { act: 'add-resource', type: 'inbox', id: 1, name: 'x', under: { type: 'project', id: 1 } },
      /^project 1 is not in account/,
    ],
    [{ act: 'remove-resource', type: 'account', id: 3229 }, /account itself cannot be removed/],
    [{ act: 'remove-member', who: ANN, account: 1 }, /^account: there is no account 1/],
    [{ act: 'fly' }, /^write\.act is "fly"; write one of/],
    [[], /^$/],
    [null, /^write is null; write an object/],
  ])('refuses %j', async (write, problem) => {
    const simulator = await simulate();
    const before = simulator.state();
    const { status, json } = await send(simulator, 'POST /_sim/rows', { body: write });
    if (Array.isArray(write)) expect([status, json]).toEqual([200, { written: 0 }]);
    else expect([status, problemsOf(json)]).toEqual([400, [expect.stringMatching(problem)]]);
    expect(simulator.state()).toEqual(before);
  });

  it('writes all of a list or nothing', async () => {
    const simulator = await simulate();
    const body = [
      { act: 'remove-member', who: ANN },
      { act: 'remove-member', who: 'zed' },
    ];
    expect(await send(simulator, 'POST /_sim/rows', { body })).toMatchObject({ status: 400 });
    expect(simulator.rows(ANN)).not.toEqual({});
  });
});
