import { describe, expect, it, test } from 'vitest';
import type { HttpOptions } from '../../../src/adapters/http/start-http.ts';
import { fedBoard } from '../../support/observed.ts';
import { NOW, ORIGIN } from '../log/support/events.ts';
import { type Asking, ask, METRICS_TYPE, type Reply, started, statusIn, TOKEN } from './support/ask.ts';

const SHA1 = 'c0'.repeat(20);

async function askNew(path: string, options: Partial<HttpOptions> = {}, asking: Asking = {}): Promise<Reply> {
  const { server } = await started(options);
  return ask(server.address, path, asking);
}

describe('/healthz', () => {
  it('is 200 while no loop is stuck', async () => {
    const reply = await askNew('/healthz');
    expect(reply).toMatchObject({ status: 200, text: '{"ok":true,"reasons":[]}\n' });
  });

  it('is 503 with the reason while one is', async () => {
    const reply = await askNew('/healthz', { isStuck: () => 'a run goes on since 900 s, past its deadline' });
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.text)).toEqual({ ok: false, reasons: ['a run goes on since 900 s, past its deadline'] });
  });
});

describe('/readyz', () => {
  const policies = ['a.yaml', 'b.yaml'];
  const revision = { sha256: 'ab'.repeat(32), commit: null };
  const board = () => fedBoard({ version: '0.1.0', clock: { now: () => NOW } });
  const start = {
    kind: 'daemon.started',
    version: '0.1.0',
    policies,
    schedule: '@hourly',
    timezone: 'Etc/UTC',
    stateDir: null,
    httpAddress: null,
  } as const;
  const accepted = (policy: string) =>
    ({
      kind: 'policy.accepted',
      policy,
      account: 1,
      trigger: 'start',
      revision,
      acceptedAt: NOW,
      mode: 'additive',
      isPaused: false,
      grants: 1,
      problems: [],
    }) as const;

  it('is 503 before the daemon began', async () => {
    const reply = await askNew('/readyz', { board: board() });
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.text)).toEqual({ ok: false, reasons: ['the daemon has not started yet'] });
  });

  it('is 503 with each policy that has not been accepted', async () => {
    const half = board();
    half.observe(start);
    half.observe(accepted('b.yaml'));
    const reply = await askNew('/readyz', { board: half });
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.text).reasons).toEqual(['a.yaml: grantd has not read a valid policy since the start']);
  });

  it('is 200 once every policy was accepted, and stays so when one becomes invalid', async () => {
    const whole = board();
    whole.observe(start);
    for (const policy of policies) whole.observe(accepted(policy));
    const { server } = await started({ board: whole });
    expect(await ask(server.address, '/readyz')).toMatchObject({ status: 200, text: '{"ok":true,"reasons":[]}\n' });
    whole.observe({
      kind: 'policy.rejected',
      policy: 'a.yaml',
      account: 1,
      revision,
      problems: [],
      saysPaused: false,
      fallback: revision,
    });
    expect(await ask(server.address, '/readyz')).toMatchObject({ status: 200 });
  });
});

test('/metrics is what the metrics render, under their own type', async () => {
  const reply = await askNew('/metrics');
  expect(reply).toMatchObject({ status: 200, text: 'grantd_build_info 1\n' });
  expect(reply.headers['content-type']).toBe(METRICS_TYPE);
});

test('/api/v1/status is the status, whatever the query', async () => {
  const reply = await askNew('/api/v1/status?pretty');
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(statusIn(reply)).toMatchObject({ version: 1, hasNames: true, accounts: [{ policy: ORIGIN.policy }] });
});

describe('/-/reconcile', () => {
  it('answers 200 and asks once', async () => {
    const { server, reconciles } = await started();
    const reply = await ask(server.address, '/-/reconcile', { method: 'POST' });
    expect(reply).toMatchObject({ status: 200, text: '{"accepted":true,"commit":null}\n' });
    expect(reconciles).toEqual([null]);
  });

  it.each([
    [SHA1, SHA1],
    ['ab'.repeat(32), 'ab'.repeat(32)],
    [SHA1.toUpperCase(), SHA1],
    [SHA1.slice(1), null],
    [`${SHA1}0`, null],
    [`${SHA1.slice(1)}g`, null],
    [`${SHA1}, ${SHA1}`, null],
    ['main', null],
    ['', null],
    [' ', null],
    ['../../etc/passwd', null],
    ['a'.repeat(5000), null],
  ])('reads Gitsync-Hash: %s', async (header, commit) => {
    const { server, reconciles } = await started();
    const reply = await ask(server.address, '/-/reconcile', { method: 'POST', headers: { 'Gitsync-Hash': header } });
    expect(reply.status).toBe(200);
    expect(reconciles).toEqual([commit]);
  });

  it('reads no commit out of two headers', async () => {
    const { server, reconciles } = await started();
    await ask(server.address, '/-/reconcile', { method: 'POST', headers: { 'Gitsync-Hash': [SHA1, SHA1] } });
    expect(reconciles).toEqual([null]);
  });

  it('asks for nothing by any other method', async () => {
    const { server, reconciles } = await started();
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const reply = await ask(server.address, '/-/reconcile', { method });
      expect(reply.status, method).toBe(405);
      expect(reply.headers.allow, method).toBe('POST');
    }
    expect(reconciles).toEqual([]);
  });
});

describe('every route that is read', () => {
  it.each(['/healthz', '/readyz', '/metrics', '/api/v1/status'])(
    '%s takes HEAD as GET, without the body',
    async (path) => {
      const { server } = await started();
      const get = await ask(server.address, path);
      const head = await ask(server.address, path, { method: 'HEAD' });
      expect(head.status).toBe(get.status);
      expect(head.text).toBe('');
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.text)));
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
    },
  );

  it.each(['/healthz', '/readyz', '/metrics', '/api/v1/status'])('%s refuses POST', async (path) => {
    const reply = await askNew(path, {}, { method: 'POST' });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe('GET, HEAD');
  });
});

describe('anything else', () => {
  it.each([
    '/',
    '/healthz/',
    '/Metrics',
    '//healthz',
    '/api/v1/status/',
    '/__proto__',
    '/constructor',
    '/%2d/reconcile',
  ])('%s is 404 and told every route', async (path) => {
    const reply = await askNew(path);
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.text).routes.map(({ path: route }: { path: string }) => route)).toEqual([
      '/healthz',
      '/readyz',
      '/metrics',
      '/api/v1/status',
      '/-/reconcile',
      '/-/mailtrap/ID',
    ]);
  });
});

test('every answer says that nobody may keep it or take it for anything else', async () => {
  const { server } = await started({ httpToken: () => TOKEN });
  const wrong = { Authorization: 'Bearer wrong' };
  const replies = [
    await ask(server.address, '/healthz'),
    await ask(server.address, '/metrics'),
    await ask(server.address, '/nothing'),
    await ask(server.address, '/metrics', { method: 'POST' }),
    await ask(server.address, '/api/v1/status', { headers: wrong }),
    await ask(server.address, '/-/reconcile', { method: 'POST', headers: { Origin: 'https://evil.example' } }),
  ];
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 404, 405, 401, 403]);
  for (const { headers } of replies) {
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('a fault in what is served is answered 500, told, and says nothing of itself', async () => {
  const faults: unknown[] = [];
  const fault = new Error(`${TOKEN} ann@example.com`);
  const metrics = {
    contentType: METRICS_TYPE,
    render: () => {
      throw fault;
    },
  };
  const { server } = await started({ metrics, onError: (error) => faults.push(error) });
  const reply = await ask(server.address, '/metrics');
  expect(reply.status).toBe(500);
  expect(reply.text).not.toContain('ann@example.com');
  expect(faults).toEqual([fault]);
  expect(await ask(server.address, '/healthz')).toMatchObject({ status: 200 });
});
