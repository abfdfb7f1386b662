import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { addressOf, linesOf, logged, startDaemon } from './support/daemon.ts';

describe('grantd run', () => {
  it('makes the account equal, keeps it so, and ends in order on SIGTERM', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const daemon = startDaemon(['policy.yaml', '--schedule', '* * * * * *'], { cwd, env: provenAt(simulator) });
    // A slot may come before the first run begins, and give it its name.
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });

    const before = linesOf(daemon, 'change.applied').length;
    simulator.writeAsSomebodyElse({ act: 'set-row', who: 'ann@example.com', type: 'project', id: 4002, level: 100 });
    const repaired = (await logged(daemon, 'change.applied', before + 1))[before];
    expect(repaired).toMatchObject({ trigger: 'schedule', change: 'remove' });

    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(linesOf(daemon).at(-1)).toMatchObject({ event: 'daemon.stopped' });
  });

  it('runs at once on SIGHUP and on a request, and says which', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ trigger: 'start', end: 'complete' });
    daemon.kill('SIGHUP');
    expect((await logged(daemon, 'run.ended', 2))[1]).toMatchObject({ trigger: 'signal', end: 'complete' });
    const commit = 'a'.repeat(40);
    const headers = { 'Gitsync-Hash': commit };
    const answer = await fetch(`${await addressOf(daemon)}/-/reconcile`, { method: 'POST', headers });
    expect(answer.status).toBe(200);
    expect((await logged(daemon, 'run.ended', 3))[2]).toMatchObject({ trigger: 'request', end: 'complete' });
    expect(linesOf(daemon, 'run.asked').at(-1)).toMatchObject({ trigger: 'request', commit });
  });

  it('lets a PUT in flight end on SIGTERM, begins no further one, and reads back', async () => {
    const simulator = await simulate();
    const bob = '  - { to: bob@example.com, resource: "project:Mobile iOS", level: admin }\n';
    const cwd = workplace({ 'policy.yaml': POLICY.replace('tests:\n', `${bob}tests:\n`) });
    simulator.inject({ kind: 'latency', ms: 3_000, times: 'always', match: { method: 'PUT' } });
    const daemon = startDaemon(['policy.yaml', '--concurrency', '1'], { cwd, env: provenAt(simulator) });
    await until(() => puts(simulator) > 0);
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    expect(puts(simulator)).toBe(1);
    expect(linesOf(daemon, 'change.applied').length).toBeGreaterThan(0);
    expect(linesOf(daemon, 'run.ended')).toMatchObject([{ end: 'stopped' }]);
  });

  it('cuts off a PUT that does not end within the deadline of the stop', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    simulator.inject({ kind: 'stall', part: 'headers', times: 'always', match: { method: 'PUT' } });
    const args = ['policy.yaml', '--stop-timeout-ms', '200', '--concurrency', '1'];
    const daemon = startDaemon(args, { cwd, env: provenAt(simulator) });
    await until(() => puts(simulator) > 0);
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    expect(puts(simulator)).toBe(1);
  });

  it('ends at once on a second signal', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    simulator.inject({ kind: 'stall', part: 'headers', times: 'always', match: { method: 'PUT' } });
    const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
    await until(() => puts(simulator) > 0);
    daemon.kill('SIGTERM');
    await logged(daemon, 'daemon.stopping');
    daemon.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(1);
  });

  it('stops in order, and with 1, once nobody reads its log', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const daemon = startDaemon(['policy.yaml', '--schedule', '* * * * * *'], { cwd, env: provenAt(simulator) });
    await logged(daemon, 'run.ended');
    daemon.stopReading();
    expect(await daemon.ended).toMatchObject({ code: 1, signal: null });
  });

  it('writes nothing before the file holds a valid text, and is ready only then', async () => {
    const simulator = await simulate();
    const cwd = workplace();
    const daemon = startDaemon(['policy.yaml'], { cwd, env: provenAt(simulator) });
    await logged(daemon, 'policy.unreadable');
    const address = await addressOf(daemon);
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    writeFileSync(join(cwd, 'policy.yaml'), POLICY.slice(0, 200));
    await logged(daemon, 'policy.rejected');
    expect(simulator.requests()).toEqual([]);
    writeFileSync(join(cwd, 'policy.yaml'), POLICY);
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });

  it('lets the last good policy stand in, which takes nothing but what ends', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const daemon = startDaemon(['policy.yaml', '--schedule', '* * * * * *'], { cwd, env: provenAt(simulator) });
    await logged(daemon, 'run.ended');
    rmSync(join(cwd, 'policy.yaml'));
    await logged(daemon, 'policy.unreadable');
    simulator.clearRequests();
    simulator.writeAsSomebodyElse({ act: 'set-row', who: 'ann@example.com', type: 'project', id: 4002, level: 100 });
    await logged(daemon, 'run.ended', linesOf(daemon, 'run.ended').length + 3);
    expect(puts(simulator)).toBe(0);
    writeFileSync(join(cwd, 'policy.yaml'), POLICY);
    await logged(daemon, 'policy.restored');
    await until(() => puts(simulator) > 0);
  });

  it('keeps several accounts, and one that fails does not hold up the others', async () => {
    const good = await simulate();
    const cwd = workplace({
      'a.yaml': POLICY,
      'b.yaml': POLICY.replace('account: 3229', 'account: 4711'),
      'token-a': ADMIN_TOKEN,
      'token-b': 'a-token-that-nobody-knows',
      'grantd.yaml':
        'accounts:\n  - { policy: a.yaml, tokenFile: token-a }\n  - { policy: b.yaml, tokenFile: token-b }\n',
    });
    const { GRANTD_STATE_DIR: state = '' } = provenAt(good);
    const args = ['--settings', 'grantd.yaml', '--state-dir', state];
    const daemon = startDaemon(args, { cwd, env: { GRANTD_API_URL: good.url } });
    await until(() => linesOf(daemon, 'run.ended').length >= 2);
    const ends = linesOf(daemon, 'run.ended').map(({ account, end }) => [account, end]);
    expect(ends).toContainEqual([3229, 'complete']);
    expect(ends).toContainEqual([4711, 'failed']);
    expect(readdirSync(state).sort()).toEqual(
      expect.arrayContaining(['account-3229.json', 'account-4711.json', 'audit-3229.jsonl']),
    );
  });

  it('refuses a second policy for the account that another one keeps', async () => {
    const simulator = await simulate();
    const cwd = workplace({
      'a.yaml': POLICY,
      'b.yaml': `${POLICY}# another\n`,
      token: ADMIN_TOKEN,
      'grantd.yaml': 'accounts:\n  - { policy: a.yaml, tokenFile: token }\n  - { policy: b.yaml, tokenFile: token }\n',
    });
    const daemon = startDaemon(['--settings', 'grantd.yaml'], { cwd, env: { GRANTD_API_URL: simulator.url } });
    const [line] = await logged(daemon, 'policy.unreadable');
    expect(JSON.stringify(line)).toContain('account-conflict');
    await logged(daemon, 'run.ended');
    expect(new Set(linesOf(daemon, 'run.ended').map(({ policy }) => policy)).size).toBe(1);
  });

  it('ends with a clear error where its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const cwd = workplace({ 'policy.yaml': POLICY });
    const daemon = startDaemon(['policy.yaml', '--http-address', `127.0.0.1:${port}`], {
      cwd,
      env: { MAILTRAP_API_TOKEN: ADMIN_TOKEN },
    });
    const { code, stderr } = await daemon.ended;
    server.close();
    expect(code).toBe(1);
    expect(stderr).toContain('error[http-unavailable]');
  });

  it('writes nothing to the account while the audit log cannot be written, and goes on', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    mkdirSync(join(cwd, 'audit.jsonl'));
    const daemon = startDaemon(['policy.yaml', '--audit-log', 'audit.jsonl'], { cwd, env: provenAt(simulator) });
    const [line] = await logged(daemon, 'run.ended');
    expect(line).toMatchObject({ end: 'failed' });
    expect(JSON.stringify(line)).toContain('audit-unwritable');
    expect(puts(simulator)).toBe(0);
    rmSync(join(cwd, 'audit.jsonl'), { recursive: true });
    daemon.kill('SIGHUP');
    await until(() => puts(simulator) > 0);
  });

  it('shows no secret in any of its outputs', async () => {
    const simulator = await simulate();
    const received: string[] = [];
    const hook = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk.toString('utf8')));
      request.on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => hook.once('listening', resolve));
    const { port } = hook.address() as AddressInfo;
    const cwd = workplace({
      'policy.yaml': POLICY,
      url: `http://127.0.0.1:${port}/secret-path-of-the-hook`,
      key: 'secret-key-of-the-hook',
      'http-token': 'secret-token-of-the-port',
    });
    const args = ['policy.yaml', '--state-dir', 'state', '--log-level', 'trace', '--http-token-file', 'http-token'];
    const daemon = startDaemon([...args, '--webhook-url-file', 'url', '--webhook-secret-file', 'key'], {
      cwd,
      env: provenAt(simulator),
    });
    await logged(daemon, 'run.ended');
    const address = await addressOf(daemon);
    const headers = { authorization: 'Bearer secret-token-of-the-port' };
    const pages = await Promise.all(
      ['/metrics', '/api/v1/status', '/healthz'].map(async (path) => (await fetch(address + path, { headers })).text()),
    );
    expect(pages[1]).toContain('"hasNames":true');
    await until(() => received.length > 0);
    daemon.kill('SIGTERM');
    const { stdout, stderr } = await daemon.ended;
    hook.close();
    const files = readdirSync(join(cwd, 'state')).map((name) => readFileSync(join(cwd, 'state', name), 'utf8'));
    const all = [stdout, stderr, ...pages, ...received, ...files].join('\n');
    for (const secret of [ADMIN_TOKEN, 'secret-path', 'secret-key', 'secret-token']) expect(all).not.toContain(secret);
    for (const name of readdirSync(join(cwd, 'state'))) {
      expect(statSync(join(cwd, 'state', name)).mode & 0o777, name).toBe(0o600);
    }
  });
});

function puts(simulator: Awaited<ReturnType<typeof simulate>>): number {
  return simulator.requests().filter(({ method }) => method === 'PUT').length;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('waited two minutes in vain');
}
