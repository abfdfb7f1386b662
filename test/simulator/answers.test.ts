import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ADMIN, ANN, item, PROJECT, put, send } from './account.ts';

const TREE = 'GET /api/accounts/3229/permissions/resources';

describe('every answer', () => {
  it('carries the rate limit, a request id and the injected Date', async () => {
    const simulator = await simulate({ now: () => Date.parse('2026-11-01T10:00:00Z') });
    const replies = [
      await send(simulator, TREE),
      await put(simulator, ANN, item('inbox', 3811)),
      await send(simulator, TREE, { token: 'nobody' }),
      await send(simulator, 'GET /nowhere'),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 401, 404]);
    expect(replies.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['150', '150', '150', '150']);
    expect(replies.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['149', '148', '149', '147']);
    expect(new Set(replies.map(({ headers }) => headers.get('date')))).toEqual(
      new Set(['Sun, 01 Nov 2026 10:00:00 GMT']),
    );
    const ids = replies.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(4);
    expect(simulator.requests().map(({ requestId }) => requestId)).toEqual(ids);
  });

  it('with 200 carries a weak ETag that changes with the body alone, whatever the method', async () => {
    const simulator = await simulate();
    const etag = async (call: string) => (await send(simulator, call)).headers.get('etag');
    const list = 'GET /api/accounts/3229/account_accesses';
    const first = await etag(list);
    expect(first).toMatch(/^W\/"[0-9a-f]{32}"$/);
    expect(await etag(list)).toBe(first);
    expect((await put(simulator, ANN, item('inbox', 3811))).headers.get('etag')).toMatch(/^W\/"[0-9a-f]{32}"$/);
    expect(await etag(list)).not.toBe(first);
    expect(await etag('GET /nowhere')).toBeNull();
  });

  it('says which version answered, and a 401 how to authenticate', async () => {
    const simulator = await simulate();
    const refused = await send(simulator, TREE, { token: 'nobody' });
    const replies = [await send(simulator, TREE), refused, await send(simulator, 'GET /nowhere')];
    expect(replies.map(({ headers }) => headers.get('x-mailtrap-version'))).toEqual(['v2', 'v2', 'v2']);
    expect(replies.map(({ headers }) => headers.get('www-authenticate'))).toEqual([
      null,
      'Token realm="Application"',
      null,
    ]);
  });

  it('but the empty 400 carries the rate limit', async () => {
    const bulk = `PUT /api/accounts/3229/account_accesses/${ANN}/permissions/bulk`;
    const { status, text, headers } = await send(await simulate(), bulk, { text: '{' });
    expect([status, text]).toEqual([400, '']);
    for (const name of ['x-mailtrap-version', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'etag'])
      expect(headers.get(name), name).toBeNull();
  });

  it('is the same for both headers of authentication, in any case', async () => {
    const simulator = await simulate();
    const headers = [
      { 'Api-Token': ADMIN },
      { Authorization: `Bearer ${ADMIN}` },
      { authorization: `bearer ${ADMIN}` },
    ];
    for (const header of headers) {
      expect(await send(simulator, TREE, { token: null, headers: header })).toMatchObject({ status: 200 });
    }
  });
});

describe('the rate limit', () => {
  it('allows 150 requests in any 10 seconds of the injected clock', async () => {
    let now = 1_000_000;
    const simulator = await simulate({ now: () => now });
    const call = async () => {
      const { status, headers } = await send(simulator, 'GET /api/accounts');
      return [status, headers.get('x-ratelimit-remaining')];
    };
    for (let sent = 1; sent <= 100; sent++) expect(await call()).toEqual([200, String(150 - sent)]);
    now += 6_000;
    for (let sent = 101; sent <= 150; sent++) expect(await call()).toEqual([200, String(150 - sent)]);
    expect(await call()).toEqual([429, '0']);
    now += 3_999;
    expect(await call()).toEqual([429, '0']);
    now += 1;
    expect(await call()).toEqual([200, '99']);
    now += 6_000;
    expect(await call()).toEqual([200, '148']);
  });

  it('is counted per token, and says so in a body without Retry-After', async () => {
    const simulator = await simulate({ rateLimit: { requests: 1, windowMs: 10_000 }, now: () => 0 });
    await send(simulator, TREE);
    const refused = await put(simulator, ANN, item('inbox', 3811));
    expect([refused.status, refused.json]).toEqual([429, { errors: 'Rate limit exceeded' }]);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(simulator.rows(ANN)).not.toHaveProperty('inbox:3811');
    expect(await send(simulator, TREE, { token: PROJECT })).toMatchObject({ status: 200 });
    expect(await send(simulator, TREE, { token: 'a' })).toMatchObject({ status: 401 });
    expect(await send(simulator, TREE, { token: 'b' })).toMatchObject({ status: 429 });
  });

  it('does not lock anybody out when the clock is set back', async () => {
    let now = 1_000_000;
    const simulator = await simulate({ rateLimit: { requests: 1, windowMs: 10_000 }, now: () => now });
    await send(simulator, TREE);
    now = 0;
    expect(await send(simulator, TREE)).toMatchObject({ status: 200 });
  });

  it('can be switched off', async () => {
    const simulator = await simulate({ rateLimit: 'off' });
    for (let sent = 0; sent < 200; sent++) expect((await send(simulator, 'GET /api/accounts')).status).toBe(200);
  });
});

describe('the contract', () => {
  const ajv = new Ajv2020({ strict: false });
  const tree = ajv.compile({ type: 'array', items: { $ref: '#/$defs/node' }, $defs: { node: nodeSchema() } });
  const message = ajv.compile(fieldsOf({ message: 'string' }));
  const error = ajv.compile(fieldsOf({ error: 'string' }));
  const errors = ajv.compile(fieldsOf({ errors: 'string' }));

  it('holds for getResources, for each token', async () => {
    const simulator = await simulate();
    for (const token of [ADMIN, PROJECT, 'simulator-ci-token-0001']) {
      expect([tree((await send(simulator, TREE, { token })).json), tree.errors]).toEqual([true, null]);
    }
    expect(error((await send(simulator, TREE, { token: 'nobody' })).json)).toBe(true);
    expect(errors((await send(simulator, 'GET /api/accounts/1/permissions/resources')).json)).toBe(true);
  });

  it('holds for updateUserPermissions', async () => {
    const simulator = await simulate();
    expect(message((await put(simulator, ANN, item('inbox', '3811'))).json)).toBe(true);
    expect(error((await put(simulator, 9)).json)).toBe(true);
    expect(errors((await put(simulator, 5001)).json)).toBe(true);
    expect(
      error(
        (await send(simulator, 'PUT /api/accounts/3229/account_accesses/5004/permissions/bulk', { token: null })).json,
      ),
    ).toBe(true);
  });

  it('is kept with the sources apart: the simulator imports nothing of src but itself', () => {
    const folder = new URL('../../src/simulator/', import.meta.url);
    for (const name of readdirSync(folder)) {
      const source = readFileSync(new URL(name, folder), 'utf8');
      const imported = [...source.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, module]) => module);
      for (const module of imported) expect(module).toMatch(/^(\.\/[\w-]+\.ts|node:[\w/]+|ajv|yaml)$/);
    }
  });

  function nodeSchema(): object {
    const properties = {
      id: { type: 'integer' },
      name: { type: 'string' },
      type: { type: 'string' },
      access_level: { type: 'integer' },
    };
    return {
      type: 'object',
      required: [...Object.keys(properties), 'resources'],
      additionalProperties: false,
      properties: { ...properties, resources: { type: 'array', items: { $ref: '#/$defs/node' } } },
    };
  }

  function fieldsOf(fields: Readonly<Record<string, string>>): object {
    const properties = Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }]));
    return { type: 'object', required: Object.keys(fields), additionalProperties: false, properties };
  }
});
