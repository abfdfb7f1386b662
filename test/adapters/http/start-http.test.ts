import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { lackOfIpv6 } from '../../../src/adapters/http/listen-place.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { ask, serve, TOKEN } from './support/ask.ts';

async function failure(address: string): Promise<GrantdError> {
  try {
    const { server } = await serve({ address });
    await server.close();
  } catch (error) {
    if (error instanceof GrantdError) return error;
    throw error;
  }
  throw new Error(`${address} could be listened on`);
}

describe('what cannot be listened on', () => {
  it.each([
    ['', 'it is not host:port'],
    ['9911', 'it is not host:port'],
    ['127.0.0.1', 'it is not host:port'],
    ['127.0.0.1:', 'it is not host:port'],
    [':9911', 'it is not host:port'],
    ['127.0.0.1:65536', 'it is not host:port'],
    ['127.0.0.1:-1', 'it is not host:port'],
    ['::1:9911', 'it is not host:port'],
    ['[::1:9911', 'it is not host:port'],
    ['http://127.0.0.1:9911', 'it is not host:port'],
    ['127.0.0.1:9911/', 'it is not host:port'],
    ['off', 'it is not host:port'],
    ['203.0.113.5:0', 'this machine does not have that address (EADDRNOTAVAIL)'],
  ])('%s', async (address, cause) => {
    const error = await failure(address);
    expect(error.code).toBe('http-unavailable');
    expect(error.message).toBe(`grantd cannot listen on the HTTP address ${address}: ${cause}`);
    expect(error.remedy).toContain('GRANTD_HTTP_ADDRESS');
  });

  it('a name that no host has, whether or not a name server answers', async () => {
    const error = await failure('nobody.invalid:0');
    expect(error.message).toMatch(/(there is no host of that name|no name server answered) \(E\w+\)$/);
  });

  it('a port that is taken', async () => {
    const { server } = await serve();
    const error = await failure(server.address);
    expect(error.message).toBe(
      `grantd cannot listen on the HTTP address ${server.address}: something else listens there already (EADDRINUSE)`,
    );
    await server.close();
  });
});

test('only `::`, and only where there is no IPv6, may be 0.0.0.0 instead', () => {
  const why = (host: string, code: string) => lackOfIpv6(host, Object.assign(new Error('no'), { code }));
  expect(why('::', 'EAFNOSUPPORT')).toBe('this machine has no addresses of that kind (EAFNOSUPPORT)');
  expect(why('::', 'EADDRNOTAVAIL')).toBe('this machine does not have that address (EADDRNOTAVAIL)');
  expect(why('0:0:0:0:0:0:0:0', 'EAFNOSUPPORT')).not.toBe(null);
  expect(why('::', 'EADDRINUSE')).toBe(null);
  expect(why('::', 'EACCES')).toBe(null);
  for (const host of ['::1', '0.0.0.0', '0', 'fe80::', '::ffff:0']) expect(why(host, 'EAFNOSUPPORT'), host).toBe(null);
});

describe('where it listens', () => {
  it.each(['127.0.0.1:0', '[::1]:0', 'localhost:0'])('%s: says so, with its port', async (address) => {
    const { server } = await serve({ address });
    expect(server.address).toMatch(new RegExp(`^${address.slice(0, -1).replace(/[[\].]/g, '\\$&')}[1-9]\\d*$`));
    expect(server.url).toBe(`http://${server.address}`);
    expect(server.warnings).toEqual([]);
    expect(server.ipv4Only).toBe(null);
    expect(await ask(server.address, '/healthz')).toMatchObject({ status: 200 });
    await server.close();
  });

  it('warns where other machines reach it and no token is configured', async () => {
    for (const address of ['0.0.0.0:0', '[::]:0']) {
      const { server } = await serve({ address });
      expect(server.warnings).toEqual([
        `${server.address} can be reached from other machines and no httpTokenFile is set: grantd serves the status ` +
          'without names, and only this machine may ask for a run',
      ]);
      await server.close();
      const { server: safe } = await serve({ address, httpToken: () => TOKEN });
      expect(safe.warnings).toEqual([]);
      await safe.close();
    }
  });
});

test('once closed, the port is free for another, and closing again does nothing', async () => {
  const { server } = await serve();
  await Promise.all([server.close(), server.close()]);
  await server.close();
  await expect(ask(server.address, '/healthz')).rejects.toThrow('ECONNREFUSED');
  const other = createServer().listen(Number(server.address.split(':')[1]), '127.0.0.1');
  await once(other, 'listening');
  other.close();
});
