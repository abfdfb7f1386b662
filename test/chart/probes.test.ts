import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { logged, startDaemon } from '../process/support/daemon.ts';
import { WITHOUT_IPV6, whyNoFilter } from '../process/support/no-ipv6.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { GIVING_POLICY, workplace } from '../support/workplace.ts';
import { render, whyNoHelm } from './support/helm.ts';
import { containersOf, podsOf } from './support/kubernetes-object.ts';
import { PodOnDisk } from './support/pod-on-disk.ts';

interface HttpGet {
  readonly httpGet: { readonly path: string; readonly port: string };
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('the probes of the chart find the daemon', skippedFor(whyNoHelm), () => {
  it('at the IPv4 and the IPv6 address that a pod may have', async () => {
    const { daemon, httpAddress, probe } = await startedPod();
    const [started] = await logged(daemon, 'daemon.started');
    expect(started?.['httpAddress']).toBe(httpAddress);
    await logged(daemon, 'run.ended');
    expect(await probe('127.0.0.1')).toEqual([200, 200]);
    if (hasIpv6) expect(await probe('[::1]')).toEqual([200, 200]);
  });

  it('on a node without IPv6', skippedFor(whyNoFilter), async () => {
    const { daemon, probe } = await startedPod(WITHOUT_IPV6);
    await logged(daemon, 'http.other-address');
    await logged(daemon, 'run.ended');
    expect(await probe('127.0.0.1')).toEqual([200, 200]);
  });
});

/** The pod with the default address, as the kubelet starts it, on a port that was free before. */
async function startedPod(launcher: readonly string[] = []) {
  const simulator = await simulate();
  const port = await freePort();
  const policy = join(workplace(), 'policy.yaml');
  writeFileSync(policy, GIVING_POLICY);
  const objects = render('deployment-inline', [
    ...['--set', `settings.apiUrl=${simulator.url}`, '--set', `http.port=${port}`],
    ...['--set-file', `policy.inline=${policy}`],
  ]);
  const [found] = podsOf(objects).filter(({ of }) => of === 'Deployment release-grantd');
  if (!found) throw new Error('there is no Deployment');
  const pod = new PodOnDisk(workplace(), found);
  pod.bring(objects, { 'mailtrap-token': { token: ADMIN_TOKEN } });
  const settings = objects.find(({ metadata }) => metadata.name.endsWith('-settings'))?.data?.['grantd.yaml'];
  const { httpAddress } = parse(`${settings}`);
  expect(httpAddress).toBe(`[::]:${port}`);
  const [, ...args] = pod.args;
  const address = ['--http-address', httpAddress];
  const daemon = startDaemon([...args, ...address], { cwd: workplace(), env: pod.env }, launcher);
  const [container] = containersOf(found);
  const probes = [container?.livenessProbe, container?.readinessProbe] as readonly HttpGet[];
  const probe = (host: string) =>
    Promise.all(probes.map(async ({ httpGet: { path } }) => (await fetch(`http://${host}:${port}${path}`)).status));
  return { daemon, httpAddress, probe };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
