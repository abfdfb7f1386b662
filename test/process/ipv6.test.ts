import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { POLICY, workplace } from '../support/workplace.ts';
import { linesOf, logged, startDaemon } from './support/daemon.ts';
import { WITHOUT_IPV6, whyNoFilter } from './support/no-ipv6.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

async function daemonAt(address: string, launcher: readonly string[] = []) {
  const simulator = await simulate();
  const env = { GRANTD_API_URL: simulator.url, MAILTRAP_API_TOKEN: ADMIN_TOKEN };
  const cwd = workplace({ 'policy.yaml': POLICY });
  return startDaemon(['policy.yaml', '--http-address', address], { cwd, env }, launcher);
}

async function isHealthy(place: string): Promise<boolean> {
  return (await fetch(`http://${place}/healthz`)).ok;
}

describe('the HTTP port at [::]', () => {
  it('serves both kinds of address, as a probe of the kubelet may have either', async () => {
    const daemon = await daemonAt('[::]:0');
    const [started] = await logged(daemon, 'daemon.started');
    const [, port] = /^\[::\]:(\d+)$/.exec(`${started?.['httpAddress']}`) ?? [];
    expect(await isHealthy(`127.0.0.1:${port}`)).toBe(true);
    if (hasIpv6) expect(await isHealthy(`[::1]:${port}`)).toBe(true);
    await logged(daemon, 'run.ended');
    expect(linesOf(daemon, 'http.other-address')).toEqual([]);
  });

  it(
    'is at every IPv4 address where the machine has no IPv6, and a line says so',
    skippedFor(whyNoFilter),
    async () => {
      const daemon = await daemonAt('[::]:0', WITHOUT_IPV6);
      const [line] = await logged(daemon, 'http.other-address');
      const [started] = linesOf(daemon, 'daemon.started');
      expect(started?.['httpAddress']).toMatch(/^0\.0\.0\.0:[1-9]\d*$/);
      expect(line).toMatchObject({
        level: 'info',
        httpAddress: started?.['httpAddress'],
        reason: 'this machine has no addresses of that kind (EAFNOSUPPORT)',
      });
      expect(await isHealthy(`${started?.['httpAddress']}`.replace('0.0.0.0', '127.0.0.1'))).toBe(true);
      await logged(daemon, 'run.ended');
    },
  );

  it('a certain IPv6 address has no such way out', skippedFor(whyNoFilter), async () => {
    const { code, stderr } = await (await daemonAt('[::1]:0', WITHOUT_IPV6)).ended;
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      'grantd cannot listen on the HTTP address [::1]:0: this machine has no addresses of that kind (EAFNOSUPPORT)',
    );
  });
});
