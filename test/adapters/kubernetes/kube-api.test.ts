import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  configMapRights,
  leaseRights,
  missingRights,
  rightText,
} from '../../../src/adapters/kubernetes/access-review.ts';
import { KubeApi, type KubeCall } from '../../../src/adapters/kubernetes/kube-api.ts';
import { startProxy } from '../../platform/http/support/proxy.ts';
import { selfSigned } from '../mailtrap/support/certificate.ts';
import { ApiServer } from './support/api-server.ts';
import { failureOf } from './support/failure.ts';

const SECRET = 'eyJhbGciOi.secret-of-a-service-account';
const PATH = '/apis/coordination.k8s.io/v1/namespaces/team/leases/grantd-1';

let server: ApiServer;

beforeEach(async () => {
  server = await ApiServer.start();
});

afterEach(() => server.close());

function newApi(token: () => string | null = () => SECRET, url = server.url): KubeApi {
  return new KubeApi({ url: new URL(url), namespace: 'team', token, ca: () => null, version: '1.2.3' });
}

function get(more: Partial<KubeCall> = {}): KubeCall {
  return { method: 'GET', path: PATH, object: null, timeoutMs: 5_000, signal: new AbortController().signal, ...more };
}

describe('a call of the Kubernetes API', () => {
  it('tells what is missing from what is a conflict', async () => {
    const api = newApi();
    expect(await api.send(get())).toEqual({ kind: 'missing' });
    const object = { metadata: { name: 'grantd-1' } };
    const create = get({ method: 'POST', path: PATH.replace('/grantd-1', ''), object });
    expect(await api.send(create)).toMatchObject({ kind: 'object' });
    expect(await api.send(create)).toEqual({ kind: 'conflict' });
    expect(await api.send(get())).toMatchObject({ kind: 'object', object });
  });

  it('carries the token as it is at that moment, and none if there is none', async () => {
    const tokens: (string | null)[] = ['first', 'second', null];
    const api = newApi(() => tokens.shift() ?? null);
    for (let count = 0; count < 3; count += 1) await api.send(get());
    expect(server.tokens).toEqual(['Bearer first', 'Bearer second', undefined]);
  });

  it.each([
    [401, 'cluster-refused', 'kubernetesTokenFile'],
    [403, 'cluster-refused', 'docs/high-availability.md'],
    [422, 'cluster-refused', 'kubernetesUrl'],
    [302, 'cluster-refused', 'kubernetesUrl'],
    [429, 'cluster-unreachable', 'tries again'],
    [503, 'cluster-unreachable', 'tries again'],
    [200, 'cluster-malformed', 'kubernetesUrl'],
  ])('answered with %i is %s', async (status, code, remedy) => {
    server.trouble = { status, body: `["no object but ${SECRET}"]` };
    const error = await failureOf(newApi().send(get()));
    expect(error).toMatchObject({ code });
    expect(error.remedy).toContain(remedy);
    expect(`${error.message}${error.stack}`).not.toContain('secret');
  });

  it('repeats what the server says without the token, on one line, and not all of it', async () => {
    server.trouble = { status: 403, body: JSON.stringify({ message: `no\n${SECRET} ${'x'.repeat(5_000)}` }) };
    const error = await failureOf(newApi().send(get()));
    expect(error.message).not.toContain(SECRET);
    expect(error.message).not.toContain('\n');
    expect(error.message.length).toBeLessThan(500);
  });

  it('reads no endless answer', async () => {
    server.trouble = { status: 200, body: 'x'.repeat(5 * 2 ** 20) };
    expect(await failureOf(newApi().send(get()))).toMatchObject({ code: 'cluster-malformed' });
  });

  it('ends after its time, and when it is cancelled', async () => {
    server.trouble = 'silent';
    expect(await failureOf(newApi().send(get({ timeoutMs: 30 })))).toMatchObject({ code: 'cluster-unreachable' });
    const signal = AbortSignal.timeout(30);
    expect(await failureOf(newApi().send(get({ signal })))).toMatchObject({ code: 'stopped' });
    expect(await failureOf(newApi().send(get({ signal })))).toMatchObject({ code: 'stopped' });
  });

  it('trusts the certificates that it is given, and no one else', async () => {
    const { key, cert } = selfSigned('localhost');
    const secure = createServer({ key, cert }, (_, response) => response.end('{"kind":"Lease"}'));
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const url = new URL(`https://localhost:${(secure.address() as AddressInfo).port}`);
    const place = { url, namespace: 'team', token: () => SECRET, version: '1.2.3' };
    try {
      const error = await failureOf(new KubeApi({ ...place, ca: () => null }).send(get()));
      expect(error).toMatchObject({ code: 'cluster-unreachable' });
      expect(error.remedy).toContain('kubernetesCaFile');
      const answer = await new KubeApi({ ...place, ca: () => cert }).send(get());
      expect(answer).toEqual({ kind: 'object', object: { kind: 'Lease' } });
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });

  it('goes past every proxy that the environment names', async () => {
    const proxy = await startProxy(1);
    try {
      for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'http_proxy', 'https_proxy'])
        vi.stubEnv(name, `127.0.0.1:${proxy.port}`);
      vi.stubEnv('NO_PROXY', '');
      const error = await failureOf(newApi(() => SECRET, 'https://grantd.invalid').send(get()));
      expect(error).toMatchObject({ code: 'cluster-unreachable' });
      expect(proxy.asked).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      proxy.close();
    }
  });

  it('that gets no answer names the error of the system', async () => {
    const api = newApi(() => SECRET, 'http://127.0.0.1:1');
    const error = await failureOf(api.send(get()));
    expect(error).toMatchObject({ code: 'cluster-unreachable' });
    expect(error.message).toContain('ECONNREFUSED');
  });
});

describe('rights', () => {
  it('are asked of the API, and named as a Role names them', async () => {
    server.forbidden.add('update leases');
    server.forbidden.add('create configmaps');
    const missing = await missingRights(newApi(), [...leaseRights('grantd-1'), ...configMapRights('grantd-state-1')]);
    expect(missing.map(rightText)).toEqual(['update leases.coordination.k8s.io/grantd-1', 'create configmaps']);
    expect(server.requests.every((request) => request.endsWith('selfsubjectaccessreviews'))).toBe(true);
  });

  it('of the docs are the ones that are asked for', () => {
    const page = readFileSync(new URL('../../../docs/high-availability.md', import.meta.url), 'utf8');
    const rules = [
      ...page.matchAll(/resources: \[(\w+)\],(?: resourceNames: \[[^\]]*\],)? verbs: \[([^\]]*)\]/g),
    ].flatMap(([, resource, verbs = '']) => verbs.split(', ').map((verb) => `${verb} ${resource}`));
    const asked = [...leaseRights('x'), ...configMapRights('x')].map(({ verb, resource }) => `${verb} ${resource}`);
    expect(rules.sort()).toEqual(asked.sort());
  });
});
