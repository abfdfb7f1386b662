import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/simulator/fault.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { simulate } from '../support/simulate.ts';
import { ANN, item, PROJECT, put, send } from './account.ts';

const TREE = 'GET /api/accounts/3229/permissions/resources';
const RAISE = item('inbox', '3811');

function isRaised(simulator: Simulator): boolean {
  return simulator.rows(ANN)['inbox:3811'] === 10;
}

describe('a status fault answers', () => {
  it.each<[fault: Omit<Extract<Fault, { kind: 'status' }>, 'kind'>, type: RegExp, text: string]>([
    [{ status: 400 }, /html/, ''],
    [{ status: 401 }, /json/, '{"error":"Incorrect API token"}'],
    [{ status: 403 }, /json/, '{"errors":"Access forbidden"}'],
    [{ status: 403, body: 'account-forbidden' }, /json/, '{"errors":"Account access forbidden"}'],
    [{ status: 403, body: 'forbidden' }, /json/, '{"errors":"Access forbidden"}'],
    [{ status: 403, body: 'plan' }, /json/, '{"errors":"Unavailable on your plan"}'],
    [{ status: 404 }, /json/, '{"error":"Not Found"}'],
    [{ status: 422 }, /json/, '{"errors":{"base":["is invalid"]}}'],
    [{ status: 422, body: 'base' }, /json/, '{"errors":{"base":["is invalid"]}}'],
    [{ status: 422, body: 'name' }, /json/, '{"errors":{"name":["can\'t be blank"]}}'],
    [{ status: 422, body: 'filters' }, /json/, '{"errors":{"filters":"is invalid"}}'],
    [{ status: 429 }, /json/, '{"errors":"Rate limit exceeded"}'],
    [{ status: 500 }, /json/, '{"error":"Status 500"}'],
    [{ status: 502, body: 'empty' }, /html/, ''],
    [{ status: 503, body: { json: [1] } }, /json/, '[1]'],
    [{ status: 504, body: { text: 'late' } }, /plain/, 'late'],
    [{ status: 504, body: { text: '<p>', type: 'text/html' } }, /html/, '<p>'],
  ])('%j', async (fault, type, text) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', ...fault });
    const reply = await put(simulator, ANN, RAISE);
    expect([reply.status, reply.text]).toEqual([fault.status, text]);
    expect(reply.headers.get('content-type')).toMatch(type);
    expect(isRaised(simulator)).toBe(false);
    expect(simulator.requests()).toMatchObject([{ status: fault.status, faults: ['status'], changed: false }]);
    expect(await put(simulator, ANN, RAISE)).toMatchObject({ status: 200 });
  });

  it('a page of a proxy', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', status: 502, body: 'html' });
    const { status, text, headers } = await put(simulator, ANN, RAISE);
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(text).toContain('<html>');
  });

  it('a Retry-After in either form, and nothing left of the rate limit with a 429', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', status: 429, retryAfter: 3 });
    simulator.inject({
      kind: 'status',
      status: 503,
      retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
      match: { method: 'put' },
      afterRequests: 1,
    });
    const first = await put(simulator, ANN, RAISE);
    expect([first.headers.get('retry-after'), first.headers.get('x-ratelimit-remaining')]).toEqual(['3', '0']);
    expect((await put(simulator, ANN, RAISE)).headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  });

  it('after the effect, when asked to', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', status: 500, strike: 'after' });
    expect(await put(simulator, ANN, RAISE)).toMatchObject({ status: 500 });
    expect(isRaised(simulator)).toBe(true);
    expect(simulator.requests()).toMatchObject([{ status: 500, changed: true }]);
  });
});

describe('a broken connection', () => {
  it.each([
    [{ kind: 'reset' }, false, null],
    [{ kind: 'reset', strike: 'before' }, false, null],
    [{ kind: 'reset', strike: 'after' }, true, null],
    [{ kind: 'reset', strike: 'midway' }, true, 200],
  ] as const)('%j: the write was taken: %s', async (fault, taken, status) => {
    const simulator = await simulate();
    simulator.inject(fault);
    await expect(put(simulator, ANN, RAISE)).rejects.toThrow();
    expect(isRaised(simulator)).toBe(taken);
    expect(simulator.requests()).toMatchObject([{ status, faults: ['reset'], changed: taken }]);
  });

  it('midway, the head and half of the body came first', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'reset', strike: 'midway' });
    const response = await fetch(`${simulator.url}/api/accounts`, { headers: { 'Api-Token': PROJECT } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it.each([
    [{ kind: 'stall', part: 'headers' }, true],
    [{ kind: 'stall', part: 'headers', strike: 'before' }, false],
  ] as const)('%j: nothing comes; the write was taken: %s', async (fault, taken) => {
    const simulator = await simulate();
    simulator.inject({ ...fault, match: { method: 'PUT' } });
    const answer = put(simulator, ANN, RAISE);
    const outcome = answer.then(
      () => 'answered',
      () => 'broken',
    );
    while (simulator.requests().length === 0) await send(simulator, 'GET /_sim/clock');
    expect(isRaised(simulator)).toBe(taken);
    expect(simulator.requests()[0]).toMatchObject({ status: null, changed: taken });
    await simulator.close();
    expect(await outcome).toBe('broken');
  });

  it('a body that stalls has sent its head and its first half', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stall', part: 'body' });
    const response = await fetch(simulator.url + TREE.slice(4), { headers: { 'Api-Token': PROJECT } });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(Number(response.headers.get('content-length')) >> 1);
    const rest = reader?.read().then(
      () => 'answered',
      () => 'broken',
    );
    await simulator.close();
    expect(await rest).toBe('broken');
  });
});
