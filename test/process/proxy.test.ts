import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type TestProxy } from '../platform/http/support/proxy.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { logged, startDaemon } from './support/daemon.ts';

let proxy: TestProxy;

beforeEach(async () => {
  proxy = await startProxy(1);
});

afterEach(() => proxy.close());

describe('grantd run behind a proxy', () => {
  it('sends notifications through it, and reaches an API on loopback directly', async () => {
    proxy.manner = { says: 'HTTP/1.1 403 Forbidden\r\n\r\n' };
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY, url: 'https://hooks.slack.com/services/secret\n' });
    const env = { ...provenAt(simulator), HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const daemon = startDaemon(['policy.yaml', '--slack-url-file', 'url'], { cwd, env });
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    const [failed] = await logged(daemon, 'notify.failed');
    expect(failed).toMatchObject({ target: 'slack', reason: 'no connection (the proxy answered 403)' });
    expect([...new Set(proxy.asked)]).toEqual(['CONNECT hooks.slack.com:443']);
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0 });
  });

  it('does not start if a variable names no proxy that it can use', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const env = { ...provenAt(simulator), HTTPS_PROXY: 'ftp://me:hunter2@proxy.corp' };
    const ended = await startDaemon(['policy.yaml'], { cwd, env }).ended;
    expect(ended).toMatchObject({ code: 4 });
    expect(ended.stderr).toContain('error[settings]: HTTPS_PROXY: its scheme is neither http nor https');
    expect(ended.stderr).not.toContain('hunter2');
    expect(simulator.requests()).toEqual([]);
  });
});
