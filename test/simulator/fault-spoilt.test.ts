import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { simulate } from '../support/simulate.ts';
import { ANN, BOB, item, PROJECT, put, send } from './account.ts';

const LIST = 'GET /api/accounts/3229/account_accesses';
const TREE = 'GET /api/accounts/3229/permissions/resources';
const RAISE = item('inbox', '3811');

function isRaised(simulator: Simulator): boolean {
  return simulator.rows(ANN)['inbox:3811'] === 10;
}

describe('a spoilt answer', () => {
  it('truncated: half of it, with an honest length', async () => {
    const simulator = await simulate();
    const whole = (await send(simulator, TREE)).text;
    simulator.inject({ kind: 'truncated' });
    const { text, json, headers } = await send(simulator, TREE);
    expect(text).toBe(whole.slice(0, whole.length / 2));
    expect(json).toBeUndefined();
    expect(headers.get('content-length')).toBe(String(text.length));
    simulator.inject({ kind: 'truncated', bytes: 7 });
    expect((await send(simulator, TREE)).text).toBe(whole.slice(0, 7));
  });

  it.each([
    ['before', false],
    ['after', true],
  ] as const)('html with a 200, %s the effect', async (strike, taken) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'html', strike });
    expect(await put(simulator, ANN, RAISE)).toMatchObject({ status: 200, json: undefined });
    expect(isRaised(simulator)).toBe(taken);
  });

  it.each([
    ['object', LIST, { data: expect.any(Array) }],
    ['list', `DELETE /api/account_accesses/${BOB}`, [{ id: BOB }]],
    ['null', TREE, null],
    ['string-id', TREE, [{ id: '3229', access_level: 100, resources: expect.any(Array) }]],
  ] as const)('of the wrong shape: %s', async (shape, call, expected) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'shape', shape });
    const { status, json } = await send(simulator, call);
    expect(status).toBe(200);
    if (expected === null) expect(json).toBeNull();
    else expect(json).toMatchObject(expected);
  });

  it('only a success is spoilt', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'shape', shape: 'null' });
    expect((await send(simulator, LIST, { token: PROJECT })).json).toEqual({ errors: 'Access forbidden' });
  });

  it('emptied: a list is [], an object stays', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'emptied', times: 2 });
    expect((await send(simulator, LIST)).text).toBe('[]');
    expect((await put(simulator, ANN, RAISE)).json).toEqual({ message: expect.any(String) });
  });

  it.each([
    ['project', 4001, ['Checkout', 'Staging']],
    ['inbox', 3809, ['Staging']],
    ['sandbox', 3809, ['Staging']],
    ['billing', 3229, ['Billing']],
  ])('hidden: %s %i is missing from the tree, its rows stay', async (type, id, gone) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'hidden', type, id, times: 'always' });
    const { text } = await send(simulator, TREE);
    for (const name of gone) expect(text).not.toContain(`"${name}"`);
    expect(text).toContain('"Mobile iOS"');
    expect((await send(simulator, LIST)).text).toContain('3809');
  });

  it.each([
    ['no-email', { specifier: { email: null } }],
    ['unknown-kind', { specifier_type: 'Robot' }],
    ['two-levels', { resources: [{ access_level: 10 }, { access_level: 100 }] }],
  ] as const)('of a shape that nobody documents: one account access (%s)', async (how, shown) => {
    const simulator = await simulate();
    const before = (await send(simulator, LIST)).json as readonly { readonly id: number }[];
    simulator.inject({ kind: 'shape', shape: how, access: BOB, times: 2 });
    const after = (await send(simulator, LIST)).json as readonly { readonly id: number }[];
    expect(after.find(({ id }) => id === BOB)).toMatchObject(shown);
    expect(after.filter(({ id }) => id !== BOB)).toEqual(before.filter(({ id }) => id !== BOB));
    expect((await put(simulator, ANN, RAISE)).json).toEqual({ message: expect.any(String) });
  });

  it('redirected, to wherever it says', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'redirect', location: 'https://elsewhere.example/', times: 2 });
    const { status, headers } = await put(simulator, ANN, RAISE);
    expect([status, headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
    expect(isRaised(simulator)).toBe(false);
    simulator.clearFaults();
    simulator.inject({ kind: 'redirect', location: '/x', status: 307 });
    expect(await send(simulator, LIST)).toMatchObject({ status: 307 });
  });

  it('with the Date of another time', async () => {
    const simulator = await simulate({ now: () => Date.parse('2026-01-01T00:00:00Z') });
    simulator.inject({ kind: 'date', skewMs: -3_600_000 });
    expect((await send(simulator, LIST)).headers.get('date')).toBe('Wed, 31 Dec 2025 23:00:00 GMT');
    expect((await send(simulator, LIST)).headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  });

  it('with a header set, or left out', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'header', name: 'x-ratelimit-remaining', value: null });
    simulator.inject({ kind: 'header', name: 'date', value: null });
    simulator.inject({ kind: 'header', name: 'X-Odd', value: 'yes' });
    const { headers } = await send(simulator, LIST);
    expect([headers.get('x-ratelimit-remaining'), headers.get('date'), headers.get('x-odd')]).toEqual([
      null,
      null,
      'yes',
    ]);
  });

  it('with headers that no answer can have: the connection breaks, the simulator goes on', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'header', name: 'Trailer', value: 'X-Later' });
    await expect(send(simulator, LIST)).rejects.toThrow();
    expect(await send(simulator, LIST)).toMatchObject({ status: 200 });
  });
});
