import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ADMIN, ANN, send } from './account.ts';

const BULK = `PUT /api/accounts/3229/account_accesses/${ANN}/permissions/bulk`;

describe('hostile input', () => {
  it('answers 413 to a body over 1 MiB, and goes on', async () => {
    const simulator = await simulate();
    const big = ' '.repeat(1024 * 1024 + 1);
    expect(await send(simulator, BULK, { text: big })).toMatchObject({ status: 413 });
    expect(await send(simulator, 'POST /_sim/rows', { text: big })).toMatchObject({ status: 413 });
    expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 200 });
  });

  it('drops the connection of a body over 16 MiB, and goes on', async () => {
    const simulator = await simulate();
    await expect(send(simulator, BULK, { text: ' '.repeat(17 * 1024 * 1024) })).rejects.toThrow();
    expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 200 });
  });

  it.each([
    '/api/accounts/3229/../3229/api_tokens',
    '/api/accounts/3229/account_accesses/..%2f..',
    '/api//accounts',
    'http://x/api/accounts',
    '*',
  ])('answers 404 to the raw path %s', async (path) => {
    const simulator = await simulate();
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write(
      `${path === '*' ? 'OPTIONS' : 'GET'} ${path} HTTP/1.1\r\nHost: x\r\nApi-Token: ${ADMIN}\r\nConnection: close\r\n\r\n`,
    );
    expect(await readText(socket)).toMatch(/^HTTP\/1.1 404 /);
  });

  it('answers 400 to what is no HTTP, and goes on', async () => {
    const simulator = await simulate();
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write('GARBAGE\r\n\r\n');
    expect(await readText(socket)).toMatch(/^HTTP\/1.1 400 /);
    expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 200 });
  });

  it('survives a client that goes away in the middle of its body', async () => {
    const simulator = await simulate();
    const socket = connect(simulator.port, '127.0.0.1');
    const path = BULK.slice('PUT '.length);
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"permissions"`, () =>
      socket.destroy(),
    );
    await new Promise((resolve) => socket.on('close', resolve));
    expect(await send(simulator, 'GET /api/accounts')).toMatchObject({ status: 200 });
  });
});
