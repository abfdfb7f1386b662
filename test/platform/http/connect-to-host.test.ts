import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answeringAddress, connectToFirst, connectToHost } from '../../../src/platform/http/connect-to-host.ts';
import { systemCode } from '../../../src/platform/system-code.ts';

/** Nothing listens there. */
const REFUSED = '127.0.0.9';

/** Longer than any of these tests takes unless it hangs. */
const FOREVER = AbortSignal.timeout(120_000);

const sockets: Socket[] = [];
const servers: Server[] = [];
const processes: ChildProcess[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  for (const one of processes.splice(0)) one.kill('SIGKILL');
});

function kept(socket: Socket): Socket {
  sockets.push(socket.on('error', () => {}));
  return socket;
}

async function serve(host: string, port = 0): Promise<number> {
  const server = createServer(kept).listen(port, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/**
 * An address of which no handshake ends until the returned function is called: a server that is stopped, and whose queue is
 * full. The system drops what comes after that, and the client sends it again after a second.
 */
async function stalled(host: string): Promise<{ readonly port: number; readonly goOn: () => void }> {
  const code = `require('node:net').createServer(() => {}).listen({ host: '${host}', port: 0, backlog: 1 }, function () {
    process.stdout.write(String(this.address().port));
  })`;
  const child = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const [text] = await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const port = Number(text);
  for (let isFull = false; !isFull; ) {
    const socket = kept(connect(port, host));
    isFull = await Promise.race([
      once(socket, 'connect').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 500)),
    ]);
  }
  return { port, goOn: () => child.kill('SIGCONT') };
}

describe('a connection to the first of several addresses that answers', () => {
  it('goes on with the next one at once if an address refuses', async () => {
    const port = await serve('127.0.0.2');
    const socket = kept(await connectToFirst([REFUSED, '127.0.0.2', '127.0.0.3'], port, FOREVER));
    expect(socket.remoteAddress).toBe('127.0.0.2');
  });

  it('waits for an address whose handshake takes longer than a second, although no other answers', async () => {
    const { port, goOn } = await stalled('127.0.0.2');
    const connecting = connectToFirst(['127.0.0.2', REFUSED], port, FOREVER);
    setTimeout(goOn, 700);
    expect(kept(await connecting).remoteAddress).toBe('127.0.0.2');
  });

  it('takes the second address while the first says nothing, and gives the first one up', async () => {
    const { port } = await stalled('127.0.0.2');
    await serve('127.0.0.3', port);
    const socket = kept(await connectToFirst(['127.0.0.2', '127.0.0.3'], port, FOREVER));
    expect(socket.remoteAddress).toBe('127.0.0.3');
  });

  it('takes the first address even while the others are tried', async () => {
    const { port, goOn } = await stalled('127.0.0.2');
    const connecting = connectToFirst(['127.0.0.2', REFUSED, '127.0.0.4'], port, FOREVER);
    goOn();
    expect(kept(await connecting).remoteAddress).toBe('127.0.0.2');
  });

  it('fails with what the first address said if none answers', async () => {
    const port = await serve('127.0.0.2');
    const alone = await connectToFirst([REFUSED], port, FOREVER).catch((error) => error);
    expect(alone).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect', address: REFUSED });
    const all = await connectToFirst([REFUSED, '127.0.0.3'], port, FOREVER).catch((error) => error);
    expect(all).toBeInstanceOf(AggregateError);
    expect(systemCode(all)).toBe('ECONNREFUSED');
    expect(all.errors.map(({ address }: { address: string }) => address)).toEqual([REFUSED, '127.0.0.3']);
  });

  it('ends with the reason of its signal, before and during the attempts', async () => {
    const reason = new Error('over');
    await expect(connectToFirst([REFUSED], 9, AbortSignal.abort(reason))).rejects.toBe(reason);
    const { port } = await stalled('127.0.0.2');
    const stopping = new AbortController();
    const connecting = connectToFirst(['127.0.0.2'], port, stopping.signal);
    setTimeout(() => stopping.abort(reason), 50);
    await expect(connecting).rejects.toBe(reason);
  });
});

describe('a host', () => {
  it('by its address or its name is connected to', async () => {
    const port = await serve('127.0.0.1');
    expect(kept(await connectToHost({ host: '127.0.0.1', port }, FOREVER)).remotePort).toBe(port);
    expect(kept(await connectToHost({ host: 'localhost', port }, FOREVER)).remotePort).toBe(port);
  });

  it('of which no name server knows an address: the error is that of the look-up', async () => {
    const failure = await connectToHost({ host: 'grantd.invalid', port: 1 }, FOREVER).catch((error) => error);
    expect(failure).toMatchObject({ syscall: 'getaddrinfo', hostname: 'grantd.invalid' });
  });

  it('answers at an address, which is not tried if it is the only one', async () => {
    expect(await answeringAddress({ host: REFUSED, port: 1 }, FOREVER)).toBe(REFUSED);
    const port = await serve('127.0.0.1');
    expect(await answeringAddress({ host: 'localhost', port }, FOREVER)).toBe('127.0.0.1');
  });
});
