import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { EXAMPLE, simulate } from '../support/simulate.ts';
import { ANN, item, put, send } from './account.ts';

describe('starting', () => {
  it.each(['0.0.0.0', '::', '192.168.1.1', 'example.com', '127.0.0.1.example.com', ''])(
    'on %j is refused',
    async (host) => {
      await expect(startSimulator({ seed: EXAMPLE, host })).rejects.toThrow('is not a loopback address');
    },
  );

  it.each(['127.0.0.1', 'localhost', '127.0.0.2'])('on %s works', async (host) => {
    const simulator = await simulate({ host });
    expect(simulator.url).toBe(`http://${host}:${simulator.port}`);
    expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 200 });
  });

  it('on a port that is taken fails with the reason of the system', async () => {
    const { port } = await simulate();
    await expect(startSimulator({ seed: EXAMPLE, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('twice with one seed gives two accounts that know nothing of each other', async () => {
    const one = await simulate();
    const other = await simulate();
    await put(one, ANN, item('inbox', 3811));
    expect(one.rows(ANN)).toHaveProperty('inbox:3811');
    expect(other.rows(ANN)).not.toHaveProperty('inbox:3811');
  });
});

describe('closing', () => {
  it('destroys idle connections and may be asked for twice', async () => {
    const simulator = await simulate();
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write('GET /_sim/clock HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await Promise.all([simulator.close(), simulator.close()]);
    await closed;
    await expect(send(simulator, 'GET /api/accounts')).rejects.toThrow();
  });

  it('breaks a request that a latency holds, which then takes no effect', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'latency', ms: 3_600_000, match: { method: 'PUT' } });
    const outcome = put(simulator, ANN, item('inbox', 3811)).then(
      () => 'answered',
      () => 'broken',
    );
    while (simulator.requests().length === 0) await send(simulator, 'GET /_sim/clock');
    await simulator.close();
    expect(await outcome).toBe('broken');
    expect(simulator.rows(ANN)).not.toHaveProperty('inbox:3811');
    expect(simulator.requests()).toMatchObject([{ status: null, changed: false }]);
  });

  it('leaves no server behind', async () => {
    const before = servers();
    for (let round = 0; round < 50; round++) await (await startSimulator({ seed: EXAMPLE })).close();
    // Closed handles are given back at the end of a turn of the event loop, after its immediates.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(servers()).toBe(before);

    function servers(): number {
      return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    }
  });
});
