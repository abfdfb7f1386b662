import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

interface Sent {
  readonly kind: string;
  readonly summary: string;
  readonly deferred: readonly { readonly principal: string; readonly waitsFor: string }[];
}

let server: Server;
let sent: Sent[] = [];
let answer = 200;

beforeEach(async () => {
  sent = [];
  answer = 200;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      sent.push(JSON.parse(body).data);
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.close();
});

/** `grantd apply --unattended` by this policy, and where the notifications go if there is a place for them. */
function apply(
  simulator: Simulator,
  policy: string,
  { notifies = true }: { readonly notifies?: boolean } = {},
): Promise<Printed> {
  const cwd = workplace({ 'policy.yaml': policy });
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(cwd, 'url'), `http://127.0.0.1:${port}/events`);
  const target = notifies ? ['--webhook-url-file', 'url'] : [];
  return runCli(['apply', 'policy.yaml', '--unattended', ...target], { cwd, env: provenAt(simulator) });
}

const kinds = () => sent.map(({ kind }) => kind);

describe('grantd apply --unattended', () => {
  it('writes without a question, and notifies of it', async () => {
    const simulator = await simulate();
    const { code, asked } = await apply(simulator, POLICY);
    expect([code, asked]).toEqual([0, '']);
    expect(kinds()).toEqual(['changes.applied']);
    expect((await apply(simulator, POLICY)).code).toBe(0);
    expect(kinds()).toEqual(['changes.applied']);
  });

  it('ends with 0 where changes are deferred and a notification says for whom and why', async () => {
    const simulator = await renamed();
    const { code, stdout } = await apply(simulator, POLICY);
    expect(stdout).toContain('nothing is written');
    expect(code).toBe(0);
    expect(kinds()).toEqual(['changes.deferred']);
    expect(sent[0]?.deferred).toContainEqual(
      expect.objectContaining({ principal: 'ann@example.com', waitsFor: 'project:Checkout' }),
    );
  });

  it('ends with 0 where guards hold, or the policy is paused, and a notification says so', async () => {
    const held = POLICY.replace('principals: 5, percent: 50', 'principals: 1, percent: 1').replace(
      'resource: ["project:Mobile iOS", "project:Mobile Android"]',
      'resource: "project:Mobile iOS"',
    );
    expect((await apply(await simulate(), held)).code).toBe(0);
    expect(kinds()).toContain('changes.held');
    sent = [];
    expect((await apply(await simulate(), POLICY.replace('paused: false', 'paused: true'))).code).toBe(0);
    expect(kinds()).toEqual(['changes.paused']);
    expect(sent[0]?.summary).toMatch(/^the policy is paused, and \d+ changes not written$/);
  });

  it('ends with 3 where nobody would know what waits: no receiver, or one that refuses', async () => {
    const simulator = await renamed();
    expect((await apply(simulator, POLICY, { notifies: false })).code).toBe(3);
    expect(sent).toEqual([]);
    answer = 410;
    const { code, stderr } = await apply(simulator, POLICY);
    expect(code).toBe(3);
    expect(stderr).toContain('a notification was not delivered to webhook: HTTP 410');
  });

  it('ends with 1 where a run failed, and notifies of that too', async () => {
    const simulator = await simulate();
    simulator.inject({ kind: 'status', status: 403, times: 'always', match: { method: 'GET' } });
    const { code, stderr } = await apply(simulator, POLICY);
    expect(code).toBe(1);
    expect(stderr).toContain('error[api-forbidden]');
    expect(kinds()).toEqual(['run.failing']);
  });
});

/** An account that is as the policy says, but for a project that was renamed since. */
async function renamed(): Promise<Simulator> {
  const simulator = await simulate();
  await apply(simulator, POLICY);
  sent = [];
  simulator.writeAsSomebodyElse({ act: 'rename-resource', type: 'project', id: 4001, name: 'Storefront' });
  return simulator;
}
