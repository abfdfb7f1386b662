import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WRITABLE_TYPES } from '../../../../src/core/domain/account/resource.ts';
import type { RowWrite } from '../../../../src/core/domain/run/ports.ts';
import type { Fault } from '../../../../src/simulator/fault.ts';
import type { AccountSeed } from '../../../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/start-simulator.ts';
import { failureOf } from '../support/failure-of.ts';
import { anySignal, newClient } from '../support/new-client.ts';
import { ACCOUNT, TOKEN } from '../support/scripted-server.ts';
import { ContractProxy } from './contract-proxy.ts';

// The two OpenAPI documents judge the client and the simulator, each against the other: a request that the client
// sends and an answer that the simulator gives are both what the contract says, or Prism objects.

const SEED: AccountSeed = {
  account: { id: ACCOUNT, name: 'Acme' },
  resources: [
    { type: 'billing', id: ACCOUNT, name: 'Billing' },
    { type: 'project', id: 4001, name: 'Checkout', resources: [{ type: 'inbox', id: 3809, name: 'Staging' }] },
    { type: 'sending_domain', id: 5101, name: 'example.com' },
    { type: 'email_campaign_permission_scope', id: ACCOUNT, name: 'Email Campaigns' },
    { type: 'email_template_permission_scope', id: ACCOUNT, name: 'Email Templates' },
  ],
  tokens: [{ name: 'grantd', secret: TOKEN, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] }],
  accesses: [
    { access: 5001, kind: 'user', email: 'owner@example.com', owner: true, permissions: { can_update: false } },
    { access: 5004, kind: 'user', email: 'ann@example.com' },
  ],
};

const IDS = { account: ACCOUNT, billing: ACCOUNT, campaigns: ACCOUNT, project: 4001, inbox: 3809, domain: 5101 };

let simulator: Simulator;
let proxy: ContractProxy;

beforeAll(async () => {
  simulator = await startSimulator({ seed: SEED, rateLimit: 'off' });
  proxy = new ContractProxy(simulator.port);
  await proxy.start(simulator.url);
});

afterAll(async () => {
  await proxy?.close();
  await simulator?.close();
});

beforeEach(() => {
  simulator.replaceState(SEED);
  simulator.clearFaults();
  proxy.checked.length = 0;
});

function everyType(level: RowWrite['level']): readonly RowWrite[] {
  return WRITABLE_TYPES.map((type) => ({ resource: { type, id: IDS[type] }, level }));
}

function refusing(path: string, status: number, body?: 'account-forbidden'): Fault {
  return { kind: 'status', status, match: { path }, ...(body === undefined ? {} : { body }) };
}

/** A request that the client would never send. */
function sendByHand(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  return fetch(`${proxy.url}/api/accounts/${ACCOUNT}${path}`, { headers, ...init });
}

describe.each(['bearer', 'api-token'] as const)(
  'with the token as %s, the contract finds nothing wrong with',
  (authHeader) => {
    it('getResources and its 200, 401 and 403', async () => {
      const { client } = newClient(proxy.url, { authHeader });
      expect((await client.readResources(anySignal())).value[0]?.children).toHaveLength(5);
      simulator.inject(refusing('permissions/resources', 401));
      expect((await failureOf(client.readResources(anySignal()))).code).toBe('api-unauthorized');
      simulator.inject(refusing('permissions/resources', 403));
      expect((await failureOf(client.readResources(anySignal()))).code).toBe('api-forbidden');
      simulator.inject(refusing('permissions/resources', 403, 'account-forbidden'));
      expect((await failureOf(client.readResources(anySignal()))).code).toBe('api-forbidden');
      expect(proxy.checked).toEqual([200, 401, 403, 403].map((status) => ({ method: 'GET', status, violations: '' })));
    });

    it('updateUserPermissions and its 200: rows of every type created, raised, lowered and removed', async () => {
      const { client } = newClient(proxy.url, { authHeader });
      const levels = [];
      for (const level of ['viewer', 'admin', 'viewer', null] as const) {
        await client.writeRows(5004, everyType(level), anySignal());
        levels.push(Object.values(simulator.rows(5004)));
      }
      const all = (level: number) => WRITABLE_TYPES.map(() => level);
      expect(levels).toEqual([all(10), all(100), all(10), []]);
      expect(proxy.checked).toEqual([1, 2, 3, 4].map(() => ({ method: 'PUT', status: 200, violations: '' })));
    });

    it('updateUserPermissions and its 401, 403 and 404', async () => {
      const { client } = newClient(proxy.url, { authHeader });
      const rows = everyType('viewer');
      simulator.inject(refusing('permissions/bulk', 401));
      expect((await failureOf(client.writeRows(5004, rows, anySignal()))).code).toBe('api-unauthorized');
      expect((await failureOf(client.writeRows(5001, rows, anySignal()))).code).toBe('api-forbidden');
      expect((await failureOf(client.writeRows(9999, rows, anySignal()))).code).toBe('api-not-found');
      expect(proxy.checked).toEqual([401, 403, 404].map((status) => ({ method: 'PUT', status, violations: '' })));
      expect(simulator.rows(5004)).toEqual({});
    });
  },
);

describe('the proof can fail:', () => {
  const good = { resource_id: '3809', resource_type: 'inbox', access_level: 'viewer' };

  it.each<[string, unknown]>([
    ['an id that is a number', { ...good, resource_id: 3809 }],
    ['a type of the other generation', { ...good, resource_type: 'sandbox' }],
    ['a type that cannot be written', { ...good, resource_type: 'organization' }],
    ['a level that is a number', { ...good, access_level: 10 }],
    ['a removal in a text', { ...good, _destroy: 'true' }],
  ])('a request with %s is flagged, and never reaches the API', async (_, item) => {
    const before = simulator.requests().length;
    await sendByHand('/account_accesses/5004/permissions/bulk', {
      method: 'PUT',
      body: JSON.stringify({ permissions: [item] }),
    });
    expect(proxy.checked).toHaveLength(1);
    expect(proxy.checked[0]?.violations).toMatch(/permissions|resource/);
    expect(simulator.requests()).toHaveLength(before);
  });

  it('the same request as it should be is not', async () => {
    const body = JSON.stringify({ permissions: [good] });
    expect((await sendByHand('/account_accesses/5004/permissions/bulk', { method: 'PUT', body })).status).toBe(200);
    expect(proxy.checked).toEqual([{ method: 'PUT', status: 200, violations: '' }]);
  });

  it('a request without a token is flagged', async () => {
    await sendByHand('/permissions/resources', { headers: {} });
    expect(proxy.checked[0]?.violations).not.toBe('');
  });

  it.each<[string, Fault]>([
    ['an object for the list', { kind: 'shape', shape: 'object' }],
    ['ids in texts', { kind: 'shape', shape: 'string-id' }],
    ['an error of another shape', { kind: 'status', status: 403, body: { json: { errors: { base: ['no'] } } } }],
    ['a status that it does not know', { kind: 'status', status: 418 }],
  ])('an answer with %s is flagged', async (_, fault) => {
    simulator.inject({ ...fault, match: { path: 'permissions/resources' } });
    await sendByHand('/permissions/resources');
    expect(proxy.checked[0]?.violations).not.toBe('');
  });
});
