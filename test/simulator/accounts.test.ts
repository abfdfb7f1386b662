import { describe, expect, it } from 'vitest';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { EXAMPLE, simulate } from '../support/simulate.ts';
import { type Access, ADMIN, ANN, BOB, CI, type Node, PROJECT, put, send } from './account.ts';

describe('calls above the account', () => {
  it.each([
    [ADMIN, [100]],
    [PROJECT, [1]],
  ])('GET /api/accounts tells each token its level, case %#', async (token, access_levels) => {
    const { json } = await send(await simulate(), 'GET /api/accounts', { token });
    expect(json).toEqual([{ id: 3229, name: 'Example', access_levels }]);
  });

  it('lists the accounts of an organization; each token sees its own account only', async () => {
    const second: AccountSeed = {
      account: { id: 3230, name: 'Second' },
      organization: { id: 1208 },
      tokens: [{ name: 'second', secret: 'second-token', rows: [{ type: 'account', id: 3230, level: 1000 }] }],
    };
    const simulator = await simulate({ seed: [EXAMPLE, second] });
    expect((await send(simulator, 'GET /api/organizations/1208/sub_accounts')).json).toEqual([
      { id: 3229, name: 'Example' },
      { id: 3230, name: 'Second' },
    ]);
    expect((await send(simulator, 'GET /api/accounts', { token: 'second-token' })).json).toEqual([
      { id: 3230, name: 'Second', access_levels: [1000] },
    ]);
    expect(await send(simulator, 'GET /api/accounts/3230/api_tokens')).toMatchObject({ status: 403 });
  });
});

describe('what the account may look like', () => {
  it('shows projects as roots in the older form', async () => {
    const { json } = await send(
      await simulate({ seed: { ...EXAMPLE, roots: 'projects' } }),
      'GET /api/permissions/resources',
    );
    expect((json as readonly Node[]).map(({ type }) => type)).not.toContain('account');
    expect((json as readonly Node[]).find(({ id }) => id === 4001)?.resources).toHaveLength(3);
  });

  it('records the owner on the account where there is no organization', async () => {
    const { organization: _, ...seed } = EXAMPLE;
    const simulator = await simulate({ seed });
    expect(simulator.rows('owner@example.com')).toEqual({ 'account:3229': 1000 });
  });

  it('shows unknown types, the oldest domain type and deep nesting as they are, and never a hidden resource', async () => {
    const simulator = await simulate({
      seed: {
        account: { id: 1, name: 'Odd' },
        resources: [
          { type: 'mailsend_domain', id: 2, name: 'old.example.com' },
          {
            type: 'wormhole',
            id: 2,
            name: 'W',
            resources: [
              {
                type: 'project',
                id: 3,
                name: 'P',
                resources: [{ type: 'inbox', id: 4, name: 'I', resources: [{ type: 'drawer', id: 5, name: 'D' }] }],
              },
            ],
          },
          { type: 'project', id: 6, name: 'Unseen', hidden: true },
        ],
        tokens: [{ name: 'a', secret: ADMIN, rows: [{ type: 'account', id: 1, level: 100 }] }],
        accesses: [{ access: 9, kind: 'user', email: 'x@example.com', rows: [{ type: 'project', id: 6, level: 10 }] }],
      },
    });
    const { text } = await send(simulator, 'GET /api/permissions/resources');
    expect([...text.matchAll(/"type":"(\w+)"/g)].map(([, type]) => type)).toEqual([
      'account',
      'mailsend_domain',
      'wormhole',
      'project',
      'sandbox',
      'drawer',
    ]);
    const path = 'PUT /api/accounts/1/account_accesses/9/permissions/bulk';
    const permissions = [
      { resource_type: 'sending_domain', resource_id: '2', access_level: 'admin' },
      { resource_type: 'project', resource_id: '6', access_level: 'admin' },
    ];
    expect(await send(simulator, path, { body: { permissions } })).toMatchObject({ status: 200 });
    expect((await send(simulator, 'GET /api/accounts/1/account_accesses')).json).toMatchObject([
      {
        resources: [
          { resource_type: 'project', access_level: 100 },
          { resource_type: 'mailsend_domain', resource_id: 2 },
        ],
      },
    ]);
  });

  it('lists a token with its live secret, but never the caller', async () => {
    const tokens = EXAMPLE.tokens.map((token) => (token.id === undefined ? token : { ...token, listed: true }));
    const { json } = await send(await simulate({ seed: { ...EXAMPLE, tokens } }), 'GET /api/account_accesses');
    const listed = (json as readonly Access[]).filter(({ specifier_type }) => specifier_type === 'ApiToken');
    expect(listed).toMatchObject([
      {
        id: CI,
        specifier: { id: 2496915, name: 'ci', author_name: 'carol@example.com', token: 'simulator-ci-token-0001' },
      },
    ]);
  });

  it('shows nodes below admin to a token that is said to see them', async () => {
    const tokens = [{ name: 'v', secret: ADMIN, visibleFrom: 10, rows: [{ type: 'project', id: 4002, level: 10 }] }];
    const { json } = await send(await simulate({ seed: { ...EXAMPLE, tokens } }), 'GET /api/permissions/resources');
    expect(json).toMatchObject([{ access_level: 1, resources: [{ id: 4002, access_level: 10 }] }]);
  });

  it('shows nothing to a token that administers nothing', async () => {
    const seed = { ...EXAMPLE, tokens: [{ name: 'none', secret: ADMIN }] };
    expect((await send(await simulate({ seed }), 'GET /api/permissions/resources')).json).toEqual([]);
  });
});

describe('the bulk PUT', () => {
  it('refuses what a token would write to its own access', async () => {
    const simulator = await simulate();
    const before = simulator.rows(5140);
    const own = await put(simulator, 5140, { resource_type: 'inbox', resource_id: '3809', access_level: 'viewer' });
    expect([own.status, own.json]).toEqual([403, { errors: 'Access forbidden' }]);
    expect(simulator.rows(5140)).toEqual(before);
  });

  it('lets a token change its own access where the seed says so, after which it may do no more', async () => {
    const simulator = await simulate({ seed: { ...EXAMPLE, ownAccess: 'written' } });
    expect(await put(simulator, 5140, { resource_type: 'account', resource_id: '3229', _destroy: true })).toMatchObject(
      { status: 200 },
    );
    expect(await send(simulator, 'GET /api/account_accesses')).toMatchObject({ status: 403 });
  });

  it('writes rows of users, invites and unlisted tokens', async () => {
    const simulator = await simulate();
    for (const id of [BOB, 5011, CI]) {
      expect(
        await put(simulator, id, { resource_type: 'billing', resource_id: '3229', access_level: 'viewer' }),
      ).toMatchObject({ status: 200 });
      expect(simulator.rows(id)['billing:3229']).toBe(10);
    }
  });

  it('takes parallel PUTs of several accesses without losing any', async () => {
    const simulator = await simulate();
    const ids = [5002, 5003, ANN, BOB, 5006, 5007, 5008, 5009, 5010, 5011];
    await Promise.all(
      ids.map((id) => put(simulator, id, { resource_type: 'inbox', resource_id: '3840', access_level: 'viewer' })),
    );
    expect(ids.map((id) => simulator.rows(id)['inbox:3840'])).toEqual(ids.map(() => 10));
  });
});
