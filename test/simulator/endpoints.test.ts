import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { type Access, ANN, BOB, CI, type Node, OWNER, PROJECT, send } from './account.ts';

const DOMAIN_UUID = '0b1f7c52-5101-4000-8000-000000005101';

const GENERATIONS = [
  { generation: 'A', prefix: '/api/accounts/3229', inbox: 'inbox', domain: 'sending_domain' },
  { generation: 'B', prefix: '/api', inbox: 'sandbox', domain: 'domain' },
] as const;

describe.each(GENERATIONS)('generation $generation', ({ prefix, inbox, domain }) => {
  it('shows the whole tree to an account admin, under one node named Account', async () => {
    const { status, json } = await send(await simulate(), `GET ${prefix}/permissions/resources`);
    const [root, ...others] = json as readonly [Node, ...Node[]];
    expect(status).toBe(200);
    expect(others).toEqual([]);
    expect(root).toMatchObject({ id: 3229, name: 'Account', type: 'account', access_level: 100 });
    expect(root.resources.map(({ type, id }) => `${type}:${id}`)).toEqual([
      'billing:3229',
      'project:4001',
      'project:4002',
      'project:4003',
      'project:4004',
      'project:4005',
      `${domain}:5101`,
      `${domain}:5102`,
      'email_campaign_permission_scope:3229',
      'email_template_permission_scope:3229',
    ]);
    expect(root.resources[1]?.resources.map(({ type, name }) => [type, name])).toEqual([
      [inbox, 'Staging'],
      [inbox, 'QA'],
      [inbox, 'Load [test]'],
    ]);
  });

  it('shows a lesser token what it administers and the way there, at level 1', async () => {
    const { json } = await send(await simulate(), `GET ${prefix}/permissions/resources`, { token: PROJECT });
    expect(json).toMatchObject([
      { type: 'account', access_level: 1, resources: [{ type: 'project', id: 4001, access_level: 100 }] },
    ]);
    expect((json as readonly Node[])[0]?.resources).toHaveLength(1);
    expect((json as readonly Node[])[0]?.resources[0]?.resources).toHaveLength(3);
  });

  it('lists who holds what, without the caller', async () => {
    const { status, json } = await send(await simulate(), `GET ${prefix}/account_accesses`);
    const list = json as readonly Access[];
    expect(status).toBe(200);
    expect(list).toHaveLength(11);
    expect(list[0]).toEqual({
      id: OWNER,
      specifier_type: 'User',
      specifier: {
        id: 7001,
        email: 'owner@example.com',
        name: 'Olivia Owner',
        two_factor_authentication_enabled: true,
      },
      resources: [{ resource_type: 'organization', resource_id: 1208, access_level: 1000 }],
      permissions: { can_read: false, can_update: false, can_destroy: false, can_leave: false },
    });
    expect(list.find(({ id }) => id === ANN)?.resources).toEqual([
      { resource_type: 'project', resource_id: 4001, access_level: 10 },
      { resource_type: inbox, resource_id: 3809, access_level: 100 },
    ]);
    expect(list.at(-1)).toMatchObject({ specifier_type: 'Invite', specifier: { id: 8001, email: 'judy@example.com' } });
  });

  it.each([
    ['project_ids[]=4001', [ANN, BOB, 5007]],
    ['inbox_ids[]=3809&project_ids[]=4002', [ANN, 5006, 5011]],
    ['domain_ids[]=5101', []],
    [`domain_uuids[]=${DOMAIN_UUID}`, []],
    [`domain_uuids[]=${DOMAIN_UUID}&project_ids[]=4001`, [ANN, BOB, 5007]],
    ['domain_uuids[]=00000000-0000-4000-8000-000000000000', []],
    ['page=2', 11],
  ] as const)('filters the list by %s', async (query, expected) => {
    const { json } = await send(await simulate(), `GET ${prefix}/account_accesses?${query}`);
    const ids = (json as readonly Access[]).map(({ id }) => id);
    expect(typeof expected === 'number' ? ids.length : ids).toEqual(expected);
  });

  it('creates, updates and removes rows in one PUT, and leaves the others', async () => {
    const simulator = await simulate();
    const { status, json } = await send(simulator, `PUT ${prefix}/account_accesses/${ANN}/permissions/bulk`, {
      body: {
        permissions: [
          { resource_id: '3810', resource_type: inbox, access_level: 'viewer' },
          { resource_id: '4001', resource_type: 'project', access_level: 'admin' },
          { resource_id: '3809', resource_type: inbox, _destroy: true },
          { resource_id: '5101', resource_type: domain, access_level: 100 },
        ],
      },
    });
    expect([status, json]).toEqual([200, { message: 'Permissions have been updated!' }]);
    expect(simulator.rows(ANN)).toEqual({ 'project:4001': 100, 'inbox:3810': 10, 'sending_domain:5101': 100 });
    expect(simulator.rows(BOB)).toEqual({ 'project:4001': 10, 'inbox:3810': 10 });
  });

  it('lists the tokens with their actual rows and no access id', async () => {
    const { status, json } = await send(await simulate(), `GET ${prefix}/api_tokens`);
    expect(status).toBe(200);
    expect(json).toEqual([
      {
        id: 2496900,
        name: 'grantd',
        last_4_digits: 'oken',
        created_by: 'owner@example.com',
        expires_at: null,
        resources: [{ resource_type: 'account', resource_id: 3229, access_level: 100 }],
      },
      {
        id: 2496915,
        name: 'ci',
        last_4_digits: '0001',
        created_by: 'carol@example.com',
        expires_at: '2030-01-31T00:00:00Z',
        resources: [{ resource_type: inbox, resource_id: 3809, access_level: 100 }],
      },
    ]);
  });

  it('shows one token without its secret', async () => {
    const simulator = await simulate();
    const { status, json, text } = await send(simulator, `GET ${prefix}/api_tokens/2496915`);
    const [, ci] = (await send(simulator, `GET ${prefix}/api_tokens`)).json as readonly unknown[];
    expect([status, json]).toEqual([200, ci]);
    expect(text).not.toContain('simulator-ci-token-0001');
    expect(await send(simulator, `GET ${prefix}/api_tokens/9`)).toMatchObject({
      status: 404,
      json: { error: 'Not Found' },
    });
  });

  it('removes an access once', async () => {
    const simulator = await simulate();
    const call = `DELETE ${prefix}/account_accesses/${BOB}`;
    expect(await send(simulator, call)).toMatchObject({ status: 200, json: { id: BOB } });
    expect(await send(simulator, call)).toMatchObject({ status: 404, json: { error: 'Not Found' } });
    expect(simulator.state().accesses.some(({ access }) => access === BOB)).toBe(false);
  });

  it('creates a token whose secret is shown once, and works', async () => {
    const simulator = await simulate({ now: () => Date.parse('2026-01-01T00:00:00Z') });
    const resources = [{ resource_type: inbox, resource_id: 3809, access_level: 'admin' }];
    const { status, json } = await send(simulator, `POST ${prefix}/api_tokens`, { body: { name: 'new', resources } });
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: 'new', created_by: 'grantd', expires_at: '2027-01-01T00:00:00Z' });
    const { token } = json as { token: string };
    const { text } = await send(simulator, `GET ${prefix}/permissions/resources`, { token });
    expect(text).toContain('Staging');
    expect(text).not.toContain('"QA"');
    expect((await send(simulator, `GET ${prefix}/api_tokens`)).text).not.toContain(token);
  });

  it('resets a token: a new id, name, access and secret, and twelve hours for the old one', async () => {
    const simulator = await simulate({ now: () => Date.parse('2026-01-01T00:00:00Z') });
    const { json } = await send(simulator, `POST ${prefix}/api_tokens/2496915/reset`);
    const { id, name, token } = json as { id: number; name: string; token: string };
    expect(id).not.toBe(2496915);
    expect(name).toBe(`ci ${id}`);
    const old = { token: 'simulator-ci-token-0001' };
    expect(await send(simulator, `GET ${prefix}/permissions/resources`, old)).toMatchObject({ status: 200 });
    expect(await send(simulator, `GET ${prefix}/permissions/resources`, { token })).toMatchObject({ status: 200 });
    simulator.advanceClock(12 * 3_600_000);
    expect(await send(simulator, `GET ${prefix}/permissions/resources`, old)).toMatchObject({ status: 401 });
    expect(simulator.state().accesses.at(-1)?.rows).toEqual([{ type: 'inbox', id: 3809, level: 100 }]);
    expect(simulator.state().accesses.at(-1)?.access).not.toBe(CI);
  });

  it('deletes a token with 204, and its secret stops working', async () => {
    const simulator = await simulate();
    const call = `DELETE ${prefix}/api_tokens/2496915`;
    expect(await send(simulator, call)).toMatchObject({ status: 204, text: '' });
    expect(await send(simulator, call)).toMatchObject({ status: 404 });
    expect(await send(simulator, 'GET /api/accounts', { token: 'simulator-ci-token-0001' })).toMatchObject({
      status: 401,
    });
  });
});
