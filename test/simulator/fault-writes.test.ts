import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { simulate } from '../support/simulate.ts';
import { ANN, BOB, item, JUDY, put, send } from './account.ts';

const LIST = 'GET /api/accounts/3229/account_accesses';
const RAISE = item('inbox', '3811');

function isRaised(simulator: Simulator): boolean {
  return simulator.rows(ANN)['inbox:3811'] === 10;
}

/** The level of Ann's raised row as the list shows it. */
async function listedLevel(simulator: Simulator): Promise<number | undefined> {
  const list = (await send(simulator, LIST)).json as readonly {
    id: number;
    resources: readonly { resource_id: number; access_level: number }[];
  }[];
  return list.find(({ id }) => id === ANN)?.resources.find(({ resource_id }) => resource_id === 3811)?.access_level;
}

describe('a write that is not what it seems', () => {
  it('ignored: answered like a success, and nothing is written', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'ignored', match: { method: 'PUT' } });
    expect(await put(simulator, ANN, RAISE)).toMatchObject({ status: 200 });
    expect(isRaised(simulator)).toBe(false);
    expect(simulator.requests()).toMatchObject([{ faults: ['ignored'], changed: false }]);
  });

  it.each([
    [undefined, 1],
    [0, 0],
    [2, 2],
    [9, 3],
  ])('partial with %s items: %i of three are taken', async (items, taken) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'partial', ...(items === undefined ? {} : { items }) });
    const ids = [3820, 3830, 3840];
    expect(await put(simulator, ANN, ...ids.map((id) => item('inbox', id)))).toMatchObject({ status: 200 });
    expect(ids.filter((id) => simulator.rows(ANN)[`inbox:${id}`] === 10)).toEqual(ids.slice(0, taken));
  });

  it('partial with a status after the effect: both strike', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'partial', items: 1 });
    simulator.inject({ kind: 'status', status: 500, strike: 'after' });
    expect(await put(simulator, ANN, RAISE, item('inbox', 3820))).toMatchObject({ status: 500 });
    expect(simulator.rows(ANN)).toMatchObject({ 'inbox:3811': 10 });
    expect(simulator.rows(ANN)).not.toHaveProperty('inbox:3820');
  });
});

describe('stale reads', () => {
  it.each([undefined, 1, 3])('the next %s reads show the state before the write', async (reads) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stale', match: { method: 'PUT' }, ...(reads === undefined ? {} : { reads }) });
    await put(simulator, ANN, RAISE);
    expect(isRaised(simulator)).toBe(true);
    await send(simulator, 'GET /api/accounts');
    for (let read = 0; read < (reads ?? 1); read++) expect(await listedLevel(simulator)).toBeUndefined();
    expect(await listedLevel(simulator)).toBe(10);
  });

  it('for as long as the injected clock says', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stale', match: { method: 'PUT' }, ms: 60_000 });
    await put(simulator, ANN, RAISE);
    for (let read = 0; read < 5; read++) expect(await listedLevel(simulator)).toBeUndefined();
    simulator.advanceClock(60_000);
    expect(await listedLevel(simulator)).toBe(10);
  });

  it('of several writes, all show the state before the first', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stale', reads: 2, match: { method: 'PUT' }, times: 'always' });
    await put(simulator, ANN, RAISE);
    await put(simulator, BOB, RAISE);
    expect((await send(simulator, LIST)).text).not.toContain('3811');
    expect((await send(simulator, LIST)).text).not.toContain('3811');
    expect((await send(simulator, LIST)).text).toContain('3811');
  });

  it('a write works on the state as it is, not as it is shown', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stale', ms: 60_000 });
    await put(simulator, ANN, RAISE);
    await put(simulator, ANN, item('inbox', 3820));
    expect(simulator.rows(ANN)).toMatchObject({ 'inbox:3811': 10, 'inbox:3820': 10 });
  });
});

describe('a second writer', () => {
  const write = { act: 'set-row', who: BOB, type: 'inbox', id: 3811, level: 50 } as const;

  it('writes right before or right after the n-th PUT', async () => {
    for (const strike of ['before', 'after'] as const) {
      const simulator = await simulate();
      simulator.inject({ kind: 'second-writer', strike, match: { method: 'PUT' }, afterRequests: 1, write });
      await put(simulator, ANN, RAISE);
      expect(simulator.rows(BOB)).not.toHaveProperty('inbox:3811');
      await put(simulator, BOB, item('inbox', 3811, { access_level: 'admin' }));
      expect(simulator.rows(BOB)['inbox:3811']).toBe(strike === 'before' ? 100 : 50);
    }
  });

  it('writes though the request itself is answered by a fault', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'second-writer', write });
    simulator.inject({ kind: 'status', status: 500 });
    expect(await put(simulator, ANN, RAISE)).toMatchObject({ status: 500 });
    expect(simulator.rows(BOB)['inbox:3811']).toBe(50);
    expect(simulator.requests()).toMatchObject([{ faults: ['second-writer', 'status'], changed: false }]);
  });

  it('can remove the caller from under a request', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'second-writer', write: { act: 'remove-member', who: 'grantd' } });
    expect(await put(simulator, ANN, RAISE)).toMatchObject({ status: 401 });
  });

  it('that cannot write any more is told in the log, and breaks nothing', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'second-writer', write: { act: 'remove-member', who: JUDY }, times: 2 });
    await send(simulator, LIST);
    expect(await send(simulator, LIST)).toMatchObject({ status: 200 });
    expect(simulator.requests()[1]?.faults).toEqual([
      'second-writer',
      expect.stringMatching(/^second-writer failed: who: no one/),
    ]);
  });
});
