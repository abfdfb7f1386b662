import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ADMIN, PROJECT, send } from './account.ts';

const LIST = 'GET /api/organizations/1208/sub_accounts';
const CREATE = 'POST /api/organizations/1208/sub_accounts';

describe('a new sub-account', () => {
  it('is listed from then on, is empty, and nobody can call it', async () => {
    const simulator = await simulate();
    const { status, json, headers } = await send(simulator, CREATE, { body: { account: { name: 'New' } } });
    expect([status, json]).toEqual([200, { id: 3230, name: 'New' }]);
    expect(headers.get('etag')).toMatch(/^W\//);
    expect((await send(simulator, LIST)).json).toEqual([
      { id: 3229, name: 'Example' },
      { id: 3230, name: 'New' },
    ]);
    expect(simulator.state(3230)).toMatchObject({ organization: 1208, resources: [], accesses: [] });
    expect(await send(simulator, 'GET /api/accounts/3230/account_accesses')).toMatchObject({ status: 403 });
    expect(simulator.requests()[0]).toMatchObject({ changed: true });
  });

  it.each([
    ['no fields', { account: {} }],
    ['no account', {}],
    ['an account that is no object', { account: 'New' }],
    ['no object', []],
  ])('of %s gets an empty 400', async (_name, body) => {
    const simulator = await simulate();
    const { status, text, headers } = await send(simulator, CREATE, { body });
    expect([status, text, headers.get('content-type')]).toEqual([400, '', 'text/html; charset=utf-8']);
    expect((await send(simulator, LIST)).json).toHaveLength(1);
  });

  it.each([{ name: ' ' }, { name: 7 }, { title: 'New' }])('of %j gets a 422', async (account) => {
    const { status, json } = await send(await simulate(), CREATE, { body: { account } });
    expect([status, json]).toEqual([422, { errors: { name: ["can't be blank"] } }]);
  });

  it.each([
    ['another organization', CREATE.replace('1208', '7'), ADMIN],
    ['a lesser token', CREATE, PROJECT],
  ])('is refused for %s', async (_name, call, token) => {
    const simulator = await simulate();
    const { status, json } = await send(simulator, call, { token, body: { account: { name: 'New' } } });
    expect([status, json]).toEqual([403, { errors: 'Access forbidden' }]);
    expect((await send(simulator, LIST)).json).toHaveLength(1);
  });

  it('is not made if a fault ignores the request', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'ignored', match: { method: 'POST' } });
    expect(await send(simulator, CREATE, { body: { account: { name: 'New' } } })).toMatchObject({ status: 200 });
    expect((await send(simulator, LIST)).json).toHaveLength(1);
  });
});
