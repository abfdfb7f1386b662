import { afterEach, describe, expect, it } from 'vitest';
import { createLimiter } from '../../../src/adapters/mailtrap/transport/limiter.ts';
import type { Clock, RowWrite } from '../../../src/core/domain/run/ports.ts';
import type { AccountSeed } from '../../../src/simulator/seed.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import { ACCOUNT, TOKEN } from './support/scripted-server.ts';

const SEED: AccountSeed = {
  account: { id: ACCOUNT, name: 'Acme' },
  organization: { id: 1208 },
  resources: [
    { type: 'project', id: 4001, name: 'Checkout', resources: [{ type: 'inbox', id: 3809, name: 'Staging' }] },
    { type: 'sending_domain', id: 5101, name: 'example.com' },
    { type: 'email_template_permission_scope', id: ACCOUNT, name: 'Email Templates' },
    { type: 'workspace', id: 1, name: 'Something new' },
  ],
  tokens: [
    { name: 'grantd', secret: TOKEN, id: 2496900, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
    { name: 'lesser', secret: 'lesser-token-0001', rows: [{ type: 'project', id: 4001, level: 100 }] },
    {
      name: 'ci',
      secret: 'ci-token-0001',
      id: 2496915,
      access: 5142,
      listed: true,
      expiresAt: '2030-01-31T00:00:00Z',
      rows: [{ type: 'inbox', id: 3809, level: 100 }],
    },
  ],
  accesses: [
    { access: 5001, kind: 'user', email: 'owner@example.com', owner: true, permissions: { can_update: false } },
    { access: 5004, kind: 'user', email: 'Ann@example.com', rows: [{ type: 'project', id: 4001, level: 50 }] },
    { access: 5011, kind: 'invite', email: 'judy@example.com' },
  ],
};

let simulator: Simulator;

async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  simulator = await startSimulator({ seed: SEED, ...options });
  return simulator;
}

afterEach(() => simulator.close());

const INBOX: readonly RowWrite[] = [{ resource: { type: 'inbox', id: 3809 }, level: 'viewer' }];
const bulk = { path: 'permissions/bulk' };

describe.each(['account', 'token'] as const)('over a simulated account, with paths by %s,', (paths) => {
  it('reads the tree, the accesses and the tokens', async () => {
    const { client } = newClient((await simulate()).url, { paths });
    const { value: tree } = await client.readResources(anySignal());
    expect(tree).toMatchObject([
      {
        type: 'account',
        id: ACCOUNT,
        tokenLevel: 100,
        children: [
          { type: 'project', id: 4001, name: 'Checkout', children: [{ type: 'inbox', id: 3809 }] },
          { type: 'domain', id: 5101 },
          { type: 'templates', id: ACCOUNT },
          { type: 'other/workspace', id: 1 },
        ],
      },
    ]);
    const { value: accesses } = await client.readAccesses(anySignal());
    const byId = [...accesses].sort((a, b) => a.access - b.access);
    expect(byId).toEqual([
      {
        access: 5001,
        userId: 5001,
        principal: { kind: 'user', email: 'owner@example.com' },
        rows: [{ type: 'organization', id: 1208, level: 1000 }],
        canUpdate: false,
        isOwnToken: false,
      },
      {
        access: 5004,
        userId: 5004,
        principal: { kind: 'user', email: 'Ann@example.com' },
        rows: [{ type: 'project', id: 4001, level: 50 }],
        canUpdate: true,
        isOwnToken: false,
      },
      {
        access: 5011,
        principal: { kind: 'invite', email: 'judy@example.com' },
        rows: [],
        canUpdate: true,
        isOwnToken: false,
      },
      {
        access: 5142,
        principal: { kind: 'token', name: 'ci', tokenId: 2496915 },
        rows: [{ type: 'inbox', id: 3809, level: 100 }],
        canUpdate: true,
        isOwnToken: false,
      },
    ]);
    const { value: tokens, serverTime } = await client.readApiTokens(anySignal());
    expect(tokens.map(({ tokenId, isOwnToken, expiresAt }) => [tokenId, isOwnToken, expiresAt])).toEqual([
      [2496900, true, null],
      [2496915, false, Date.UTC(2030, 0, 31)],
    ]);
    expect(Math.abs((serverTime ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('writes rows that the next read shows', async () => {
    const { client } = newClient((await simulate()).url, { paths });
    const rows: readonly RowWrite[] = [
      ...INBOX,
      { resource: { type: 'domain', id: 5101 }, level: 'admin' },
      { resource: { type: 'project', id: 4001 }, level: null },
    ];
    const receipt = await client.writeRows(5004, rows, anySignal());
    expect(receipt.requestId).toBe(simulator.requests().at(-1)?.requestId);
    const { value } = await client.readAccesses(anySignal());
    expect(value.find(({ access }) => access === 5004)?.rows).toEqual([
      { type: 'inbox', id: 3809, level: 10 },
      { type: 'domain', id: 5101, level: 100 },
    ]);
  });

  it('refuses to go on with a token that administers only a part', async () => {
    const { client } = newClient((await simulate()).url, { paths, token: () => 'lesser-token-0001' });
    await expect(client.readResources(anySignal())).rejects.toMatchObject({ code: 'wrong-account' });
    expect(simulator.requests()).toHaveLength(1);
  });
});

describe('a write in trouble', () => {
  it('is sent once if it may have taken effect, and says so', async () => {
    const { client } = newClient((await simulate()).url);
    simulator.inject({ kind: 'reset', strike: 'after', match: bulk });
    expect(await failureOf(client.writeRows(5004, INBOX, anySignal()))).toMatchObject({ mayHaveTakenEffect: true });
    expect(simulator.rows(5004)).toMatchObject({ 'inbox:3809': 10 });
    simulator.inject({ kind: 'status', status: 502, body: 'html', strike: 'before', match: bulk });
    expect(await failureOf(client.writeRows(5011, INBOX, anySignal()))).toMatchObject({ mayHaveTakenEffect: true });
    expect(simulator.rows(5011)).toEqual({});
    expect(simulator.requests().filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('is sent again after the rate limit, and written once', async () => {
    const { client, clock } = newClient((await simulate()).url);
    simulator.inject({ kind: 'status', status: 429, retryAfter: 3, times: 2, match: bulk });
    await client.writeRows(5004, INBOX, anySignal());
    expect(clock.sleeps).toEqual([4_250, 4_250]);
    expect(simulator.requests().filter(({ changed }) => changed)).toHaveLength(1);
  });
});

describe('a read in trouble', () => {
  it.each([
    [{ kind: 'truncated' }, 'api-malformed'],
    [{ kind: 'html' }, 'api-malformed'],
    [{ kind: 'shape', shape: 'object' }, 'api-malformed'],
    [{ kind: 'shape', shape: 'null' }, 'api-malformed'],
    [{ kind: 'shape', shape: 'string-id' }, 'api-malformed'],
    [{ kind: 'redirect', location: 'https://elsewhere.example/' }, 'api-redirect'],
    [{ kind: 'reset', times: 'always' }, 'api-unreachable'],
    [{ kind: 'reset', strike: 'midway', times: 'always' }, 'api-unreachable'],
    [{ kind: 'stall', part: 'headers', times: 'always' }, 'api-timeout'],
    [{ kind: 'stall', part: 'body', times: 'always' }, 'api-timeout'],
    [{ kind: 'status', status: 403, body: 'plan' }, 'api-forbidden'],
  ] as const)('%o ends as %s, with nothing in part', async (fault, code) => {
    const { client } = newClient((await simulate()).url, { requestTimeoutMs: 500 });
    await client.confirmAccount(anySignal());
    simulator.inject({ ...fault, match: { path: 'account_accesses' } });
    expect((await failureOf(client.readAccesses(anySignal()))).code).toBe(code);
  });
});

describe('the rate limit', () => {
  const realClock: Clock = {
    now: Date.now,
    sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  };

  it('is never reached, however many requests of two clients are wanted at once', async () => {
    const { url } = await simulate({ rateLimit: { requests: 64, windowMs: 500 } });
    const limiter = createLimiter({ clock: realClock, requestsMax: 60, windowMs: 500 });
    const clients = [0, 1].map(() => newClient(url, { clock: realClock, limiter }).client);
    const reads = Array.from({ length: 240 }, (_, index) => clients[index % 2]?.readApiTokens(anySignal()));
    await Promise.all(reads);
    expect(simulator.requests().filter(({ status }) => status !== 200)).toEqual([]);
    expect(simulator.requests()).toHaveLength(242);
    expect(Math.min(...simulator.requests().map(({ remaining }) => remaining ?? 0))).toBeGreaterThanOrEqual(4);
  });

  it('is respected by the defaults: 140 within the documented 150', async () => {
    const { url } = await simulate({ now: () => 0 });
    const { client, clock } = newClient(url);
    await client.confirmAccount(anySignal());
    await Promise.all(Array.from({ length: 139 }, () => client.readApiTokens(anySignal())));
    expect(clock.sleeps).toEqual([]);
    expect(simulator.requests().filter(({ status }) => status === 200)).toHaveLength(140);
    simulator.advanceClock(10_000);
    await client.readApiTokens(anySignal());
    expect(clock.sleeps).toEqual([10_000]);
  });
});
