import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiServer } from '../adapters/kubernetes/support/api-server.ts';
import { selfSigned } from '../adapters/mailtrap/support/certificate.ts';
import { listen, startProxy } from '../platform/http/support/proxy.ts';
import { ensureBuilt, MAIN } from '../support/build.ts';
import { startCommand } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { GIVING_POLICY, POLICY, workplace } from '../support/workplace.ts';
import { type FarNetwork, farNetwork, whyNoFarNetwork } from './support/far-network.ts';

const NAME = 'api.far.test';
const CERTIFICATE = selfSigned(NAME);
/** An address that this machine has no way to. */
const NOWHERE = '2001:db8::7';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close();
});

/** A network from which a handshake takes 320 ms, more than Node gives to one of several addresses. */
async function far(): Promise<FarNetwork> {
  const network = await farNetwork(NAME, [NOWHERE]);
  open.push(network);
  return network;
}

/** Lets the far side reach a port of loopback; with TLS if it gets a certificate. Gives the port there. */
async function reachable({ address }: FarNetwork, port: number, tls?: typeof CERTIFICATE): Promise<number> {
  const join = (socket: Socket) => {
    const inner = connect(port, '127.0.0.1');
    socket.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    inner.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  };
  const server: Server = tls ? createTlsServer(tls, join) : createTcpServer(join);
  server.listen(0, address);
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** Of a name that has also an address without a route. */
describe('from a network that is far away', skippedFor(whyNoFarNetwork), () => {
  it('the API of Mailtrap is read, and a proxy is connected to', async () => {
    const network = await far();
    const simulator = await simulate();
    const api = `https://${NAME}:${await reachable(network, Number(new URL(simulator.url).port), CERTIFICATE)}`;
    const cwd = workplace({ 'policy.yaml': POLICY, 'ca.pem': CERTIFICATE.cert });
    const env = { GRANTD_API_URL: api, MAILTRAP_API_TOKEN: ADMIN_TOKEN, NODE_EXTRA_CA_CERTS: join(cwd, 'ca.pem') };
    ensureBuilt();
    const plan = [...network.words, process.execPath, MAIN, 'plan', 'policy.yaml'];
    const direct = await startCommand(plan, { cwd, env }).ended;
    expect(direct).toMatchObject({ code: 0, stderr: '' });
    expect(direct.stdout).toContain('ann@example.com');
    const tls = createTlsServer(CERTIFICATE, (socket) => {
      socket.on('error', () => {});
      const inner = connect(Number(new URL(simulator.url).port), '127.0.0.1');
      inner.on('error', () => socket.destroy());
      socket.pipe(inner).pipe(socket);
    });
    const proxy = await startProxy(await listen(tls as unknown as Parameters<typeof listen>[0]));
    open.push(proxy, tls);
    const HTTPS_PROXY = `http://${NAME}:${await reachable(network, proxy.port)}`;
    const tunnelled = await startCommand(plan, { cwd, env: { ...env, HTTPS_PROXY } }).ended;
    expect(tunnelled).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(api).host}`]));
  });

  it('the daemon gets a Lease, and delivers to a webhook and to Slack', async () => {
    const network = await far();
    const simulator = await simulate();
    const cluster = await ApiServer.start();
    open.push(cluster);
    const received: string[] = [];
    const receiver = createHttpsServer(CERTIFICATE, (request, response) => {
      received.push(`${request.url}`);
      request.resume();
      response.end();
    });
    const receiverPort = await listen(receiver);
    open.push(receiver);
    const portOf = ({ url }: { readonly url: string }) => Number(new URL(url).port);
    const api = await reachable(network, portOf(simulator), CERTIFICATE);
    const kubernetes = await reachable(network, portOf(cluster), CERTIFICATE);
    const hook = await reachable(network, receiverPort);
    const cwd = workplace({
      'policy.yaml': GIVING_POLICY,
      'ca.pem': CERTIFICATE.cert,
      webhook: `https://${NAME}:${hook}/webhook\n`,
      slack: `https://${NAME}:${hook}/slack\n`,
    });
    const env = {
      GRANTD_API_URL: `https://${NAME}:${api}`,
      MAILTRAP_API_TOKEN: ADMIN_TOKEN,
      NODE_EXTRA_CA_CERTS: join(cwd, 'ca.pem'),
      GRANTD_KUBERNETES_URL: `https://${NAME}:${kubernetes}`,
      GRANTD_KUBERNETES_CA_FILE: 'ca.pem',
      GRANTD_KUBERNETES_NAMESPACE: 'team',
      GRANTD_LEASE: 'on',
      GRANTD_STATE_CONFIG_MAP: 'grantd-{account}',
      GRANTD_WEBHOOK_URL_FILE: 'webhook',
      GRANTD_SLACK_URL_FILE: 'slack',
    };
    const swift = ['--start-jitter-ms', '0', '--settle-ms', '20', '--http-address', '127.0.0.1:0'];
    ensureBuilt();
    const words = [...network.words, process.execPath, MAIN, 'run', 'policy.yaml', ...swift];
    const daemon = startCommand(words, { cwd, env });
    await daemon.printed('"event":"run.ended"');
    for (let tries = 0; new Set(received).size < 2 && tries < 3_000; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(new Set(received)).toEqual(new Set(['/webhook', '/slack']));
    daemon.kill('SIGTERM');
    const { code, stdout } = await daemon.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('"event":"lease.acquired"');
    expect(stdout).not.toContain('"event":"notify.failed"');
    expect(stdout).toMatch(/"event":"run.ended".*"end":"complete"/);
  });

  it('the Action reaches its forge', async () => {
    const network = await far();
    const forge = createHttpsServer(CERTIFICATE, (_, response) => response.end('{"login":"octo"}'));
    const port = await reachable(network, await listen(forge));
    open.push(forge);
    const cwd = workplace({ 'ca.pem': CERTIFICATE.cert });
    const code = `
      import { callForge } from '${new URL('../../action/forge-request.mjs', import.meta.url)}';
      const answer = await callForge({ method: 'POST', url: 'https://${NAME}:${port}/user', headers: {} });
      process.stdout.write(answer.login);
    `;
    const words = [...network.words, process.execPath, '--input-type=module', '--eval', code];
    const ended = await startCommand(words, { cwd, env: { NODE_EXTRA_CA_CERTS: join(cwd, 'ca.pem') } }).ended;
    expect(ended).toMatchObject({ code: 0, stdout: 'octo', stderr: '' });
  });
});
