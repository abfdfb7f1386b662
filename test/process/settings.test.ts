import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { afterTest } from '../support/after-test.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, provenAt, workplace } from '../support/workplace.ts';
import { linesOf, logged, startDaemon } from './support/daemon.ts';

function daemonOn(simulator: Simulator, args: readonly string[]) {
  const cwd = workplace({ 'policy.yaml': POLICY });
  return startDaemon(['policy.yaml', ...args], { cwd, env: provenAt(simulator) });
}

/** How many rows each PUT named. */
function rowsOfPuts(simulator: Simulator): readonly number[] {
  const puts = simulator.requests().filter(({ method }) => method === 'PUT');
  return puts.map(({ body }) => (body as { permissions: readonly unknown[] }).permissions.length);
}

// What the settings are is tested elsewhere. Here each must arrive at what it is for, in the daemon and in a command.
describe('a setting arrives', () => {
  it('rowsPerPut, where the daemon and apply write', async () => {
    const byDaemon = await simulate();
    const daemon = daemonOn(byDaemon, ['--rows-per-put', '1']);
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    const byApply = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const env = provenAt(byApply);
    expect((await runCli(['apply', '--yes', '--rows-per-put', '1'], { cwd, env })).code).toBe(0);
    const byDefault = await simulate();
    expect((await runCli(['apply', '--yes'], { cwd, env: provenAt(byDefault) })).code).toBe(0);
    expect(Math.max(...rowsOfPuts(byDefault))).toBeGreaterThan(1);
    expect([...new Set([...rowsOfPuts(byDaemon), ...rowsOfPuts(byApply)])]).toEqual([1]);
  });

  it('requestTimeoutMs, where a server is slow', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stall', part: 'headers', times: 'always' });
    const daemon = daemonOn(simulator, ['--request-timeout-ms', '123', '--run-timeout-ms', '2000']);
    const [ended] = await logged(daemon, 'run.ended');
    expect(ended).toMatchObject({ end: 'failed' });
    const retried = linesOf(daemon).filter((line) => JSON.stringify(line).includes('123 ms'));
    expect(retried.length).toBeGreaterThan(0);
  });

  it('runTimeoutMs, where a run takes longer', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'stall', part: 'headers', times: 'always' });
    const daemon = daemonOn(simulator, ['--run-timeout-ms', '1000', '--request-timeout-ms', '3000']);
    const [ended] = await logged(daemon, 'run.ended');
    expect(ended).toMatchObject({ end: 'failed', err: { code: 'run-timeout' } });
  });

  it('apiAuth, in the header of each request', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"no"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cwd = workplace({ 'policy.yaml': POLICY });
    const env = { GRANTD_API_URL: url, MAILTRAP_API_TOKEN: 'a-token-of-some-length-0123456789' };
    await runCli(['plan'], { cwd, env });
    const first = seen.splice(0);
    await runCli(['plan', '--api-auth', 'api-token'], { cwd, env });
    const told = (headers: IncomingHttpHeaders) =>
      ['authorization', 'api-token'].filter((name) => headers[name] !== undefined);
    expect(first.map(told)[0]).toEqual(['authorization']);
    expect(seen.map(told)[0]).toEqual(['api-token']);
  });

  it('logFormat and logLevel, in what the daemon prints', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const options = { cwd, env: pointedAt(simulator) };
    const daemon = startDaemon(['policy.yaml', '--log-format', 'gcp'], options);
    await expect.poll(() => daemon.stdout, { timeout: 120_000 }).toContain('"severity":"INFO"');
    const quiet = startDaemon(['policy.yaml', '--log-level', 'fatal'], { cwd, env: { ...pointedAt(simulator) } });
    await expect.poll(() => simulator.requests().length, { timeout: 120_000 }).toBeGreaterThan(0);
    expect(quiet.stdout).toBe('');
  });
});
