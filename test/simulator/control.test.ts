import { describe, expect, it } from 'vitest';
import { EXAMPLE, EXAMPLE_TEXT, simulate } from '../support/simulate.ts';
import { ADMIN, ANN, item, PROJECT, put, send } from './account.ts';

const SMALL =
  'account: { id: 7, name: Small }\ntokens: [{ name: only, secret: only-token, rows: [{ type: account, id: 7, level: 100 }] }]\n';

function problemsOf(json: unknown): readonly string[] {
  return (json as { problems: readonly string[] }).problems;
}

describe('/_sim/requests', () => {
  it('tells each request in the order of arrival, without a secret', async () => {
    const simulator = await simulate({ now: () => 5_000 });
    await send(simulator, 'GET /api/accounts?probe=1', { token: PROJECT });
    await put(simulator, ANN, item('inbox', '3811'));
    await send(simulator, 'POST /api/api_tokens', { token: 'nobody', text: '{' });
    const { json, text } = await send(simulator, 'GET /_sim/requests');
    const common = { at: 5_000, faults: [] };
    expect(json).toEqual({
      dropped: 0,
      requests: [
        {
          ...common,
          seq: 1,
          requestId: expect.any(String),
          method: 'GET',
          path: '/api/accounts?probe=1',
          token: 'checkout only',
          body: null,
          status: 200,
          remaining: 149,
          changed: false,
        },
        {
          ...common,
          seq: 2,
          requestId: expect.any(String),
          method: 'PUT',
          path: `/api/accounts/3229/account_accesses/${ANN}/permissions/bulk`,
          token: 'grantd',
          body: { permissions: [item('inbox', '3811')] },
          status: 200,
          remaining: 149,
          changed: true,
        },
        {
          ...common,
          seq: 3,
          requestId: expect.any(String),
          method: 'POST',
          path: '/api/api_tokens',
          token: null,
          body: '{',
          status: 401,
          remaining: 149,
          changed: false,
        },
      ],
    });
    expect(text).not.toContain(ADMIN);
    expect((json as { requests: unknown }).requests).toEqual(simulator.requests());
  });

  it('shows what came after a seq, and can be cleared without counting anew', async () => {
    const simulator = await simulate();
    for (let sent = 0; sent < 3; sent++) await send(simulator, 'GET /api/accounts');
    expect((await send(simulator, 'GET /_sim/requests?since=2')).json).toMatchObject({ requests: [{ seq: 3 }] });
    expect((await send(simulator, 'DELETE /_sim/requests')).json).toEqual({ cleared: 3 });
    await send(simulator, 'GET /api/accounts');
    expect((await send(simulator, 'GET /_sim/requests')).json).toMatchObject({ requests: [{ seq: 4 }] });
    expect(await send(simulator, 'GET /_sim/requests?since=x')).toMatchObject({ status: 400 });
  });

  it('keeps the newest and says how many were dropped', async () => {
    const simulator = await simulate({ requestsKept: 2 });
    for (let sent = 0; sent < 5; sent++) await send(simulator, 'GET /api/accounts');
    expect((await send(simulator, 'GET /_sim/requests')).json).toMatchObject({
      dropped: 3,
      requests: [{ seq: 4 }, { seq: 5 }],
    });
    expect(simulator.droppedRequests()).toBe(3);
    simulator.clearRequests();
    expect([simulator.droppedRequests(), simulator.requests()]).toEqual([0, []]);
  });

  it('keeps at most 64 MiB of bodies', async () => {
    const simulator = await simulate({ rateLimit: 'off' });
    const text = JSON.stringify('x'.repeat(1024 * 1024 - 10));
    for (let sent = 0; sent < 70; sent++) await send(simulator, 'POST /api/nowhere', { text });
    expect(simulator.requests().length).toBe(64);
    expect(simulator.droppedRequests()).toBe(6);
  });

  it('names a token whose secret was sent where it does not belong', async () => {
    const simulator = await simulate();
    await send(simulator, `GET /api/accounts?api_token=${ADMIN}`, { token: null });
    await send(simulator, 'POST /api/api_tokens', { body: { name: PROJECT } });
    expect(simulator.requests()).toMatchObject([
      { path: '/api/accounts?api_token=[secret of grantd]' },
      { body: { name: '[secret of checkout only]' } },
    ]);
  });
});

describe('/_sim/state', () => {
  it('tells everything but secrets', async () => {
    const simulator = await simulate();
    const { json, text } = await send(simulator, 'GET /_sim/state');
    expect(json).toEqual({ accounts: [simulator.state()] });
    expect(simulator.state()).toMatchObject({ id: 3229, name: 'Example', organization: 1208, roots: 'account' });
    expect(simulator.state().accesses.find(({ access }) => access === ANN)).toEqual({
      access: ANN,
      kind: 'User',
      who: 'ann@example.com',
      id: 7004,
      listed: true,
      rows: [
        { type: 'project', id: 4001, level: 10 },
        { type: 'inbox', id: 3809, level: 100 },
      ],
      permissions: { can_read: false, can_update: true, can_destroy: true, can_leave: false },
    });
    for (const { secret } of EXAMPLE.tokens) expect(text).not.toContain(secret);
  });

  it.each([
    ['YAML', SMALL],
    ['JSON', JSON.stringify({ account: { id: 7, name: 'Small' }, tokens: [{ name: 'only', secret: 'only-token' }] })],
  ])('is replaced by a seed in %s; the old tokens stop working', async (_name, text) => {
    const simulator = await simulate();
    expect(await send(simulator, 'PUT /_sim/state', { text })).toMatchObject({
      status: 200,
      json: { accounts: [{ id: 7 }] },
    });
    expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 401 });
    expect(await send(simulator, 'GET /api/accounts', { token: 'only-token' })).toMatchObject({ status: 200 });
  });

  it('is replaced by a list of accounts', async () => {
    const simulator = await simulate();
    const accounts = [EXAMPLE, { account: { id: 7, name: 'Small' }, tokens: [{ name: 'only', secret: 'only-token' }] }];
    expect(await send(simulator, 'PUT /_sim/state', { body: accounts })).toMatchObject({
      json: { accounts: [{ id: 3229 }, { id: 7 }] },
    });
    expect(simulator.state(7).name).toBe('Small');
    expect(() => simulator.state(8)).toThrow('there is no account 8; the simulator has 3229, 7');
  });

  it('stays as it was when the seed is bad', async () => {
    const simulator = await simulate();
    const { status, json } = await send(simulator, 'PUT /_sim/state', { text: `${SMALL}accesses: 3\nrots: x\n` });
    expect(status).toBe(400);
    expect(problemsOf(json)).toHaveLength(2);
    expect(simulator.state().id).toBe(3229);
  });

  it('replaced in the program, drops stale views', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stale', ms: 60_000 });
    await put(simulator, ANN, item('inbox', 3811));
    simulator.replaceState({ ...EXAMPLE, accesses: [] });
    expect((await send(simulator, 'GET /api/account_accesses')).json).toEqual([]);
  });
});

describe('/_sim/clock', () => {
  it('is set ahead and back, by what adds up', async () => {
    const simulator = await simulate({ now: () => Date.parse('2026-01-01T00:00:00Z') });
    await send(simulator, 'POST /_sim/clock', { body: { advanceMs: 60_000 } });
    expect((await send(simulator, 'POST /_sim/clock', { body: { advanceMs: -30_000 } })).json).toEqual({
      now: '2026-01-01T00:00:30.000Z',
    });
    expect((await send(simulator, 'GET /_sim/clock')).json).toEqual({ now: '2026-01-01T00:00:30.000Z' });
    expect((await send(simulator, 'GET /api/accounts')).headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:30 GMT');
  });

  it.each(['', '3', '{}', '{"advanceMs":"1"}', '{"advanceMs":1e300}', '{"advanceMs":1,"x":2}'])(
    'refuses %s',
    async (text) => {
      const { status, json } = await send(await simulate(), 'POST /_sim/clock', { text });
      expect([status, problemsOf(json)]).toEqual([400, [expect.any(String)]]);
    },
  );
});

describe('the control calls as a whole', () => {
  it.each([
    ['GET /_sim', 404, /the calls are GET \/_sim\/requests, /],
    ['GET /_sim/nothing', 404, /^\/_sim\/nothing is unknown/],
    ['PUT /_sim/faults', 405, /the calls are POST \/_sim\/faults, GET \/_sim\/faults, DELETE \/_sim\/faults/],
    ['POST /_sim/faults', 400, /^The body is not JSON/],
    ['POST /_sim/rows', 400, /^The body is not JSON/],
  ])('%s answers %i and says what there is', async (call, status, problem) => {
    const reply = await send(await simulate(), call);
    expect([reply.status, problemsOf(reply.json)]).toEqual([status, [expect.stringMatching(problem)]]);
  });

  it('need no token, use up no rate limit and are not in the log', async () => {
    const simulator = await simulate({ rateLimit: { requests: 1, windowMs: 10_000 } });
    for (let sent = 0; sent < 5; sent++)
      expect(await send(simulator, 'GET /_sim/state', { token: null })).toMatchObject({ status: 200 });
    expect(simulator.requests()).toEqual([]);
    expect(await send(simulator, 'PUT /_sim/state', { token: null, text: EXAMPLE_TEXT })).toMatchObject({
      status: 200,
    });
  });
});
