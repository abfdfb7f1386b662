import { networkInterfaces } from 'node:os';
import { describe, expect, it, test } from 'vitest';
import { judgeCaller } from '../../../src/adapters/http/caller.ts';
import { answerTo } from '../../../src/adapters/http/routes.ts';
import { skippedFor } from '../../support/skipped-for.ts';
import { ask, METRICS_TYPE, started, statusIn, TOKEN } from './support/ask.ts';
import { busyBoard } from './support/boards.ts';

const RIGHT = `Bearer ${TOKEN}`;

interface Case {
  /** Whether a token is configured. */
  readonly configured: boolean;
  /** Whether the listener is bound to loopback. */
  readonly local: boolean;
  readonly peer: string;
  readonly host: string;
  readonly authorization?: string;
  readonly origin?: string;
  readonly forwarded?: Readonly<Record<string, string>>;
}

/** What the status answers, and then what a request for a run answers. */
function decide({ configured, local, peer, host, authorization, origin, forwarded = {} }: Case): string {
  const access = { httpToken: configured ? () => TOKEN : null, host: 'grantd.internal', isLoopback: local };
  const headers = { host, ...forwarded, ...(authorization && { authorization }), ...(origin && { origin }) };
  const caller = judgeCaller({ headers, peer }, access);
  let runs = 0;
  const backend = {
    board: busyBoard(),
    metrics: { render: () => '', contentType: METRICS_TYPE },
    reconcile: () => {
      runs += 1;
    },
    mailtrap: null,
    isStuck: () => null,
  };
  const status = answerTo({ method: 'GET', path: '/api/v1/status', headers, caller, access }, backend);
  const names = status.status === 200 ? (JSON.parse(status.body).hasNames ? ' names' : ' no names') : '';
  const run = answerTo({ method: 'POST', path: '/-/reconcile', headers, caller, access }, backend);
  expect(runs, 'a run is asked for where the answer says so, and nowhere else').toBe(run.status === 200 ? 1 : 0);
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    expect(answerTo({ method: 'GET', path, headers, caller, access }, backend).status, path).toBe(200);
  }
  return `${status.status}${names}, ${run.status}`;
}

const HERE = { peer: '127.0.0.1', host: '127.0.0.1:9911' };
const THERE = { peer: '192.0.2.7', host: 'grantd.prod.svc:9911' };

describe('no token configured, bound to loopback', () => {
  const base = { configured: false, local: true, ...HERE };
  it.each<[string, Partial<Case>, string]>([
    ['this machine', {}, '200 names, 200'],
    ['by IPv6', { peer: '::1', host: '[::1]:9911' }, '200 names, 200'],
    ['by IPv4 in IPv6', { peer: '::ffff:127.0.0.1' }, '200 names, 200'],
    ['by localhost', { host: 'localhost:9911' }, '200 names, 200'],
    ['by LOCALHOST without a port', { host: 'LOCALHOST' }, '200 names, 200'],
    ['by the configured host', { host: 'grantd.internal:9911' }, '200 names, 200'],
    ['by a name that was pointed here', { host: 'evil.example:9911' }, '403, 403'],
    ['by a name that looks local', { host: 'localhost.evil.example' }, '403, 403'],
    ['by a name that looks like an address', { host: '127.0.0.1.evil.example' }, '403, 403'],
    ['by a Host that is none', { host: '' }, '403, 403'],
    ['by a Host with two colons', { host: '127.0.0.1:9911:1' }, '403, 403'],
    ['with some token or other', { authorization: RIGHT }, '200 names, 200'],
    ['from a page of this server', { origin: 'http://127.0.0.1:9911' }, '200 names, 200'],
    ['from a page of another site', { origin: 'https://evil.example' }, '200 names, 403'],
    ['from a page of another port', { origin: 'http://127.0.0.1:8080' }, '200 names, 403'],
    ['from a page of nowhere', { origin: 'null' }, '200 names, 403'],
    [
      'from a page of a name that was pointed here',
      { host: 'evil.example', origin: 'http://evil.example' },
      '403, 403',
    ],
    ['through a proxy of this machine', { forwarded: { 'x-forwarded-for': '203.0.113.9' } }, '200 no names, 403'],
    ['through a proxy by RFC 7239', { forwarded: { forwarded: 'for=203.0.113.9' } }, '200 no names, 403'],
  ])('%s', (_, more, expected) => {
    expect(decide({ ...base, ...more })).toBe(expected);
  });
});

describe('no token configured, bound to more than loopback', () => {
  const base = { configured: false, local: false };
  it.each<[string, Partial<Case>, string]>([
    ['this machine', HERE, '200 no names, 200'],
    ['this machine by a name that was pointed here', { ...HERE, host: 'evil.example' }, '200 no names, 403'],
    ['this machine, page of another site', { ...HERE, origin: 'https://evil.example' }, '200 no names, 403'],
    ['another machine', THERE, '200 no names, 403'],
    ['another machine by an address', { ...THERE, host: '192.0.2.2:9911' }, '200 no names, 403'],
    ['another machine that says it is this one', { ...THERE, host: 'localhost:9911' }, '200 no names, 403'],
    ['another machine with some token or other', { ...THERE, authorization: RIGHT }, '200 no names, 403'],
    ['an address that begins like loopback', { ...HERE, peer: '12.7.0.1' }, '200 no names, 403'],
    ['a mapped address of elsewhere', { ...HERE, peer: '::ffff:192.0.2.7' }, '200 no names, 403'],
  ])('%s', (_, more, expected) => {
    expect(decide({ ...base, ...HERE, ...more })).toBe(expected);
  });
});

describe.each([true, false])('a token configured, bound to loopback: %s', (local) => {
  const base = { configured: true, local };
  it.each<[string, Partial<Case>, string]>([
    ['this machine with the token', { ...HERE, authorization: RIGHT }, '200 names, 200'],
    ['this machine without', HERE, '200 no names, 200'],
    ['this machine without, by a name that was pointed here', { ...HERE, host: 'evil.example' }, '200 no names, 403'],
    ['this machine through a proxy, without', { ...HERE, forwarded: { via: '1.1 edge' } }, '200 no names, 401'],
    ['this machine with a wrong token', { ...HERE, authorization: 'Bearer wrong' }, '401, 401'],
    ['another machine with the token', { ...THERE, authorization: RIGHT }, '200 names, 200'],
    ['another machine, scheme in lower case', { ...THERE, authorization: `bearer ${TOKEN}` }, '200 names, 200'],
    ['another machine without', THERE, '200 no names, 401'],
    ['another machine with a wrong token', { ...THERE, authorization: 'Bearer wrong' }, '401, 401'],
    ['with the beginning of the token', { ...THERE, authorization: RIGHT.slice(0, -1) }, '401, 401'],
    ['with more than the token', { ...THERE, authorization: `${RIGHT}x` }, '401, 401'],
    ['with the token in another scheme', { ...THERE, authorization: `Basic ${TOKEN}` }, '401, 401'],
    ['with no scheme', { ...THERE, authorization: TOKEN }, '401, 401'],
    ['with an empty token', { ...THERE, authorization: 'Bearer ' }, '401, 401'],
    [
      'with the token from a page of another site',
      { ...THERE, authorization: RIGHT, origin: 'https://evil.example' },
      '200 names, 403',
    ],
    [
      'with the token through a proxy',
      { ...HERE, authorization: RIGHT, forwarded: { 'x-forwarded-for': '203.0.113.9' } },
      '200 names, 200',
    ],
  ])('%s', (_, more, expected) => {
    expect(decide({ ...base, ...HERE, ...more })).toBe(expected);
  });
});

describe('over real connections', () => {
  it('serves names on loopback, by 127.0.0.1 and by localhost', async () => {
    const { server } = await started();
    const port = server.address.split(':').at(-1);
    for (const host of [server.address, `localhost:${port}`]) {
      const reply = await ask(server.address, '/api/v1/status', { headers: { Host: host } });
      expect(statusIn(reply).hasNames, host).toBe(true);
      expect(reply.text).toContain('@example.com');
    }
  });

  it('refuses names to whoever asks by another name, and keeps probes and metrics open to them', async () => {
    const { server, reconciles } = await started();
    const headers = { Host: 'evil.example' };
    expect((await ask(server.address, '/api/v1/status', { headers })).status).toBe(403);
    expect((await ask(server.address, '/-/reconcile', { method: 'POST', headers })).status).toBe(403);
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect((await ask(server.address, path, { headers })).status).toBe(200);
    }
    expect(reconciles).toEqual([]);
  });

  it('knows loopback where IPv6 carries IPv4', async () => {
    const { server, reconciles } = await started({ address: '[::]:0', httpToken: () => TOKEN });
    const reply = await ask(server.address, '/-/reconcile', { method: 'POST', host: '127.0.0.1' });
    expect(reply.status).toBe(200);
    expect(reconciles).toHaveLength(1);
  });

  it('says by WWW-Authenticate what it wants', async () => {
    const { server } = await started({ httpToken: () => TOKEN });
    const wrong = await ask(server.address, '/api/v1/status', { headers: { Authorization: 'Bearer wrong' } });
    expect(wrong.status).toBe(401);
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="grantd", error="invalid_token"');
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    const missing = await ask(server.address, '/-/reconcile', { method: 'POST', headers });
    expect(missing.status).toBe(401);
    expect(missing.headers['www-authenticate']).toBe('Bearer realm="grantd"');
  });

  it('takes a token that rotated from the next request on, and nobody while there is none', async () => {
    let token = TOKEN;
    const { server } = await started({
      httpToken: () => {
        if (token === 'gone') throw new Error('no such file');
        return token;
      },
    });
    const shown = async (shownToken: string) =>
      (await ask(server.address, '/api/v1/status', { headers: { Authorization: `Bearer ${shownToken}` } })).status;
    expect(await shown(TOKEN)).toBe(200);
    token = 'another-token';
    expect([await shown(TOKEN), await shown('another-token')]).toEqual([401, 200]);
    token = '';
    expect([await shown(''), await shown('another-token')]).toEqual([401, 401]);
    token = 'gone';
    expect(await shown('gone')).toBe(401);
  });

  it('shows no token in any answer', async () => {
    const { server } = await started({ httpToken: () => TOKEN });
    for (const authorization of [RIGHT, `Bearer x${TOKEN}`]) {
      for (const path of ['/healthz', '/api/v1/status', '/nothing', `/${TOKEN}`]) {
        const reply = await ask(server.address, path, { headers: { Authorization: authorization } });
        expect(reply.text + JSON.stringify(reply.headers)).not.toContain(TOKEN);
      }
    }
  });
});

const OUTSIDE = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/** The same that the tables say of another machine, where this one has an address that is not loopback. */
test(
  'a peer that is not on loopback gets no names and no run without the token',
  skippedFor(OUTSIDE ? null : 'this machine has no address but loopback'),
  async () => {
    const { server, reconciles } = await started({ address: '0.0.0.0:0' });
    const status = await ask(server.address, '/api/v1/status', { host: `${OUTSIDE}` });
    expect(statusIn(status).hasNames).toBe(false);
    const run = await ask(server.address, '/-/reconcile', { method: 'POST', host: `${OUTSIDE}` });
    expect(run.status).toBe(403);
    expect(reconciles).toEqual([]);
  },
);
