import { expect, it, vi } from 'vitest';
import { readProxies } from '../../../src/platform/http/proxies.ts';
import { sendOnce } from '../../../src/platform/http/send-once.ts';
import { startScriptedServer, text } from '../../adapters/mailtrap/support/scripted-server.ts';

const load = vi.hoisted(() => ({ times: 0 }));

vi.mock('../../../src/platform/http/tunnel.ts', () => {
  load.times += 1;
  return { makeTunnels: () => {} };
});

it('what a proxy takes is not loaded while no request needs one', async () => {
  const server = await startScriptedServer([text(200, '[]')]);
  const options = { timeoutMs: 5_000, limits: null, signal: new AbortController().signal };
  const outgoing = { method: 'GET', headers: {}, body: null } as const;
  try {
    for (const proxies of [undefined, readProxies({}), readProxies({ http_proxy: 'http://proxy.invalid' })]) {
      const end = await sendOnce(new URL(server.url), outgoing, { ...options, ...(proxies ? { proxies } : {}) });
      expect(end).toMatchObject({ kind: 'answer', status: 200 });
    }
    expect(load.times).toBe(0);
  } finally {
    await server.close();
  }
});
