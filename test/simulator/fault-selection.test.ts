import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/simulator/fault.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { simulate } from '../support/simulate.ts';
import { ANN, item, put, send } from './account.ts';

const RAISE = item('inbox', '3811');

function isRaised(simulator: Simulator): boolean {
  return simulator.rows(ANN)['inbox:3811'] === 10;
}

describe('which requests a fault strikes', () => {
  async function statuses(simulator: Simulator, calls: readonly string[]): Promise<readonly number[]> {
    const seen: number[] = [];
    for (const call of calls) seen.push((await send(simulator, call)).status);
    return seen;
  }

  it.each<[Pick<Fault, 'match' | 'times' | 'afterRequests'>, readonly number[]]>([
    [{}, [500, 200, 200, 200]],
    [{ times: 2 }, [500, 500, 200, 200]],
    [{ times: 'always' }, [500, 500, 500, 500]],
    [{ afterRequests: 2 }, [200, 200, 500, 200]],
    [{ match: { path: 'permissions' } }, [200, 500, 200, 200]],
    [{ match: { path: /accesses$/ }, times: 'always' }, [500, 200, 500, 200]],
    [{ match: { path: /ACCESSES$/gi }, times: 'always' }, [500, 200, 500, 200]],
    [{ match: { path: { regexp: '^/api/a.*s$' } }, afterRequests: 1, times: 'always' }, [200, 200, 500, 500]],
    [{ match: { method: 'DELETE' } }, [200, 200, 200, 200]],
    [{ match: { token: 'checkout only' } }, [200, 200, 200, 200]],
    [{ match: { token: 'grantd', method: 'get' } }, [500, 200, 200, 200]],
  ])('%j', async (selection, expected) => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', status: 500, ...selection });
    const calls = [
      'GET /api/account_accesses',
      'GET /api/permissions/resources',
      'GET /api/account_accesses',
      'GET /api/accounts',
    ];
    expect(await statuses(simulator, calls)).toEqual(expected);
  });

  it('chances come from the seed: the same seed, the same faults', async () => {
    const calls = Array.from({ length: 60 }, () => 'GET /api/accounts');
    const fault = { kind: 'status', status: 500, probability: 0.3, times: 'always' } as const;
    const runs: (readonly number[])[] = [];
    for (const faultSeed of [7, 7, 8]) {
      const simulator = await simulate({ faultSeed });
      simulator.inject(fault);
      runs.push(await statuses(simulator, calls));
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
    const struck = runs[0]?.filter((status) => status === 500).length ?? 0;
    expect(struck).toBeGreaterThan(5);
    expect(struck).toBeLessThan(35);
  });

  it('the first injected answers, the others count the request too', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', status: 503 });
    simulator.inject({ kind: 'status', status: 500, times: 2 });
    expect(await statuses(simulator, ['GET /api/accounts', 'GET /api/accounts', 'GET /api/accounts'])).toEqual([
      503, 500, 200,
    ]);
    expect(simulator.faults()).toMatchObject([
      { id: 1, fitted: 1, struck: 1, spent: true },
      { id: 2, fitted: 2, struck: 2, spent: true },
    ]);
  });

  it('latency delays the effect: what comes later can be first', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'latency', ms: 50, match: { path: `/${ANN}/` } });
    const slow = put(simulator, ANN, RAISE);
    while (simulator.requests().length === 0) await send(simulator, 'GET /_sim/clock');
    expect(isRaised(simulator)).toBe(false);
    expect(await slow).toMatchObject({ status: 200 });
    expect(isRaised(simulator)).toBe(true);
  });

  it('a control call is never struck', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'reset', times: 'always' });
    expect(await send(simulator, 'GET /_sim/state')).toMatchObject({ status: 200 });
  });

  it('of the spent faults the newest hundred are remembered', async () => {
    const simulator = await simulate({ rateLimit: 'off' });
    for (let count = 0; count < 120; count++) {
      simulator.inject({ kind: 'status', status: 500 });
      await send(simulator, 'GET /api/accounts');
    }
    expect(simulator.faults()).toHaveLength(100);
    expect(simulator.faults().at(-1)?.id).toBe(120);
  });
});
