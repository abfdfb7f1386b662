import { describe, expect, it } from 'vitest';
import { EXAMPLE, simulate } from '../support/simulate.ts';
import { ADMIN, ANN, BOB, item, OWNER, PROJECT, put, type Request, send } from './account.ts';

const BULK = `PUT /api/accounts/3229/account_accesses/${ANN}/permissions/bulk`;
const NOT_FOUND = { error: 'Not Found' };
const WRONG_TOKEN = { error: 'Incorrect API token' };
const FORBIDDEN = { errors: 'Access forbidden' };
const UNPROCESSABLE = { errors: { base: [expect.any(String)] } };

describe('a refused call changes nothing and answers', () => {
  it.each<[name: string, call: string, request: Request, status: number, json: unknown]>([
    ['no token', 'GET /api/accounts', { token: null }, 401, WRONG_TOKEN],
    ['an unknown token', 'GET /api/accounts', { token: 'nobody' }, 401, WRONG_TOKEN],
    ['both headers', 'GET /api/accounts', { headers: { Authorization: `Bearer ${ADMIN}` } }, 401, WRONG_TOKEN],
    [
      'another scheme',
      'GET /api/accounts',
      { token: null, headers: { Authorization: 'Basic eA==' } },
      401,
      WRONG_TOKEN,
    ],
    ['another account', 'GET /api/accounts/1/permissions/resources', {}, 403, { errors: 'Account access forbidden' }],
    ['the list, for a lesser token', 'GET /api/account_accesses', { token: PROJECT }, 403, FORBIDDEN],
    ['the tokens, for a lesser token', 'GET /api/api_tokens', { token: PROJECT }, 403, FORBIDDEN],
    ['a removal, for a lesser token', `DELETE /api/account_accesses/${BOB}`, { token: PROJECT }, 403, FORBIDDEN],
    [
      'the organization, for a lesser token',
      'GET /api/organizations/1208/sub_accounts',
      { token: PROJECT },
      403,
      FORBIDDEN,
    ],
    ['an unknown organization', 'GET /api/organizations/7/sub_accounts', {}, 403, FORBIDDEN],
    ['the removal of an owner', `DELETE /api/account_accesses/${OWNER}`, {}, 403, FORBIDDEN],
    [
      'an unknown access',
      'PUT /api/account_accesses/9/permissions/bulk',
      { body: { permissions: [] } },
      404,
      NOT_FOUND,
    ],
    ['the removal of an unknown access', 'DELETE /api/account_accesses/9', {}, 404, NOT_FOUND],
    ['the reset of an unknown token', 'POST /api/api_tokens/9/reset', {}, 404, NOT_FOUND],
    ['an unknown path', 'GET /api/accounts/3229/nothing', {}, 404, NOT_FOUND],
    ['the account alone', 'GET /api/accounts/3229', {}, 404, NOT_FOUND],
    ['a wrong method', `PATCH /api/account_accesses/${ANN}`, {}, 404, NOT_FOUND],
    ['an account that is no number', 'GET /api/accounts/x/api_tokens', {}, 404, NOT_FOUND],
    ['an account beyond every integer', 'GET /api/accounts/99999999999999999999/api_tokens', {}, 404, NOT_FOUND],
    ['the root', 'GET /', {}, 404, NOT_FOUND],
    [
      'a UUID that is none',
      'GET /api/account_accesses?domain_uuids[]=5101',
      {},
      422,
      { errors: { filters: expect.any(String) } },
    ],
    ['a bad filter', 'GET /api/account_accesses?inbox_ids[]=x', {}, 422, { errors: { filters: expect.any(String) } }],
    [
      'a token without a name',
      'POST /api/api_tokens',
      { body: { name: ' ', resources: [item('sandbox', 3809)] } },
      422,
      { errors: { name: ["can't be blank"] } },
    ],
    [
      'a token that expired before it began',
      'POST /api/api_tokens',
      { body: { name: 'x', expires_at: '2001-01-01', resources: [item('sandbox', 3809)] } },
      422,
      { errors: { base: ['Expiration date must be in the future'] } },
    ],
    [
      'a token of a foreign resource',
      'POST /api/api_tokens',
      { body: { name: 'x', resources: [item('inbox', 1)] } },
      422,
      UNPROCESSABLE,
    ],
    [
      'a token that destroys',
      'POST /api/api_tokens',
      { body: { name: 'x', resources: [item('inbox', 3809, { _destroy: true })] } },
      422,
      UNPROCESSABLE,
    ],
    [
      'a token of an unknown type',
      'POST /api/api_tokens',
      { body: { name: 'x', resources: [{}] } },
      422,
      UNPROCESSABLE,
    ],
    ['an expired token', 'GET /api/accounts', { token: 'expired' }, 401, WRONG_TOKEN],
  ])('%s', async (_name, call, request, status, json) => {
    const expired = { name: 'expired', secret: 'expired', expiresAt: '2020-01-01T00:00:00Z' };
    const simulator = await simulate({ seed: { ...EXAMPLE, tokens: [...EXAMPLE.tokens, expired] } });
    const before = simulator.state();
    const reply = await send(simulator, call, request);
    expect([reply.status, reply.json]).toEqual([status, json]);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(simulator.state()).toEqual(before);
    expect(simulator.requests().map(({ changed }) => changed)).toEqual([false]);
  });

  it.each<[name: string, request: Request]>([
    ['no body', {}],
    ['text that is no JSON', { text: '{"permissions":' }],
    ['a list', { body: [item('inbox', 3809)] }],
    ['null', { body: null }],
    ['no permissions', { body: {} }],
    ['permissions that are no list', { body: { permissions: {} } }],
    ['an item that is no object', { body: { permissions: ['inbox'] } }],
    ['JSON that does not say so', { body: { permissions: [] }, headers: { 'Content-Type': 'text/plain' } }],
  ])('a 400 without a body for %s', async (_name, request) => {
    const { status, headers, text } = await send(await simulate(), BULK, request);
    expect([status, headers.get('content-type'), text]).toEqual([400, 'text/html; charset=utf-8', '']);
  });

  it.each([
    ['level 50', item('inbox', 3809, { access_level: 50 })],
    ['level 1000', item('inbox', 3809, { access_level: 1000 })],
    ['level "owner"', item('inbox', 3809, { access_level: 'owner' })],
    ['no level', item('inbox', 3809, {})],
    ['no level beside _destroy: false', item('inbox', 3809, { _destroy: false })],
    ['the organization', item('organization', 1208)],
    ['a template scope', item('email_template_permission_scope', 3229)],
    ['an unknown type', item('wormhole', 1)],
    ['the type of the other generation', item('sandbox', 3809)],
    ['no type', { resource_id: '3809', access_level: 'viewer' }],
    ['a foreign id', item('inbox', 1)],
    ['the id of another type', item('inbox', 4001)],
    ['another account', item('account', 1)],
    ['an id that is no number', item('inbox', '38O9')],
    ['a negative id', item('inbox', -1)],
    ['no id', item('inbox', 3809, { resource_id: undefined, access_level: 10 })],
    ['the removal of a foreign row', item('inbox', 1, { _destroy: true })],
  ])('a 422 for %s, and takes nothing of that PUT', async (_name, bad) => {
    const simulator = await simulate();
    const before = simulator.rows(ANN);
    expect(await put(simulator, ANN, item('inbox', '3810'), bad)).toMatchObject({ status: 422, json: UNPROCESSABLE });
    expect(simulator.rows(ANN)).toEqual(before);
  });

  it('a 422 for generation A names in generation B', async () => {
    const body = { permissions: [item('inbox', 3809), item('sending_domain', 5101)] };
    const { status, json } = await send(await simulate(), `PUT /api/account_accesses/${ANN}/permissions/bulk`, {
      body,
    });
    expect([status, json]).toEqual([422, { errors: { base: [expect.any(String), expect.any(String)] } }]);
  });

  it.each([
    ['an owner', EXAMPLE, OWNER],
    [
      'an access that the list says cannot be updated',
      {
        ...EXAMPLE,
        accesses: [{ access: ANN, kind: 'user', email: 'a@example.com', permissions: { can_update: false } }],
      } as const,
      ANN,
    ],
  ])('a 403 for a write to %s', async (_name, seed, access) => {
    expect(await put(await simulate({ seed }), access, item('inbox', 3809))).toMatchObject({
      status: 403,
      json: FORBIDDEN,
    });
  });

  it('a 403 for a removal that the list says cannot be', async () => {
    const seed = {
      ...EXAMPLE,
      accesses: [{ access: 7, kind: 'user', email: 'a@example.com', permissions: { can_destroy: false } }],
    } as const;
    expect(await send(await simulate({ seed }), 'DELETE /api/account_accesses/7')).toMatchObject({ status: 403 });
  });

  it('a 403 for a write that goes beyond what the token administers', async () => {
    const simulator = await simulate();
    const path = BULK;
    const within = { token: PROJECT, body: { permissions: [item('inbox', 3810)] } };
    const beyond = { token: PROJECT, body: { permissions: [item('inbox', 3811), item('inbox', 3850)] } };
    expect(await send(simulator, path, within)).toMatchObject({ status: 200 });
    expect(await send(simulator, path, beyond)).toMatchObject({ status: 403, json: FORBIDDEN });
    expect(simulator.rows(ANN)).toEqual({ 'project:4001': 10, 'inbox:3809': 100, 'inbox:3810': 10 });
  });
});

describe('a tolerated oddity', () => {
  it.each([
    ['an integer id', item('inbox', 3811), { 'inbox:3811': 10 }],
    ['a level as text', item('inbox', '3811', { access_level: '100' }), { 'inbox:3811': 100 }],
    ['a level as a number', item('inbox', '3811', { access_level: 10 }), { 'inbox:3811': 10 }],
    [
      'unknown keys, dropped in silence',
      item('inbox', '3811', { access_level: 'admin', expires: 'soon' }),
      { 'inbox:3811': 100 },
    ],
    [
      '_destroy: false, which writes',
      item('inbox', '3811', { access_level: 'admin', _destroy: false }),
      { 'inbox:3811': 100 },
    ],
    [
      '_destroy: null, which writes',
      item('inbox', '3811', { access_level: 'admin', _destroy: null }),
      { 'inbox:3811': 100 },
    ],
    [
      '_destroy: "false", which destroys',
      item('inbox', '3809', { access_level: 'admin', _destroy: 'false' }),
      { 'inbox:3809': undefined },
    ],
    ['_destroy: 0, which destroys', item('inbox', '3809', { _destroy: 0 }), { 'inbox:3809': undefined }],
    ['_destroy of a row that is not there', item('inbox', '3811', { _destroy: true }), { 'inbox:3811': undefined }],
  ])('%s', async (_name, one, expected) => {
    const simulator = await simulate();
    expect(await put(simulator, ANN, one)).toMatchObject({ status: 200 });
    for (const [key, level] of Object.entries(expected)) expect(simulator.rows(ANN)[key]).toBe(level);
  });

  it('empty permissions, which change nothing', async () => {
    const simulator = await simulate();
    expect(await put(simulator, ANN)).toMatchObject({ status: 200 });
    expect(simulator.requests()[0]?.changed).toBe(false);
  });

  it('one resource twice in a PUT: the later item wins', async () => {
    const simulator = await simulate();
    await put(simulator, ANN, item('inbox', 3811), item('inbox', 3811, { access_level: 'admin' }));
    expect(simulator.rows(ANN)['inbox:3811']).toBe(100);
  });
});
