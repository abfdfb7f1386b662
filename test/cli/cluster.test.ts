import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/adapters/settings/resolve-settings.ts';
import { InvalidSettings } from '../../src/cli/line/errors.ts';
import { clusterPlace } from '../../src/cli/open/cluster-place.ts';
import { PLAIN } from '../../src/report/layout/paint.ts';
import { ApiServer } from '../adapters/kubernetes/support/api-server.ts';
import { selfSigned } from '../adapters/mailtrap/support/certificate.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { smallSeed } from '../support/small-seed.ts';
import { POLICY, pointedAt, provenAt, workplace } from '../support/workplace.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/team/leases/grantd-3229';
const SERVICE_TOKEN = 'token-of-the-service-account';

let server: ApiServer;

beforeEach(async () => {
  server = await ApiServer.start();
});

afterEach(() => server.close());

/** A directory with the policy, a simulated account, and an API server that is asked for the Lease. */
async function scene(more: Readonly<Record<string, string>> = {}) {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY, token: `${SERVICE_TOKEN}\n` });
  const env = {
    ...provenAt(simulator),
    GRANTD_LEASE: 'on',
    GRANTD_LEASE_DURATION_SECONDS: '10',
    GRANTD_KUBERNETES_URL: server.url,
    GRANTD_KUBERNETES_NAMESPACE: 'team',
    GRANTD_KUBERNETES_TOKEN_FILE: 'token',
    ...more,
  };
  const writes = () => simulator.requests().filter(({ method }) => method === 'PUT').length;
  return { cwd, world: { cwd, env }, writes };
}

function holder(): unknown {
  return (server.lease('grantd-3229')?.['spec'] as Record<string, unknown> | undefined)?.['holderIdentity'];
}

/** Somebody else who holds the Lease, and renews it for as long as the test lasts. */
function daemonElsewhere(): () => void {
  let renewals = 0;
  const renew = () => {
    renewals += 1;
    const renewTime = `2026-11-24T04:00:00.${String(renewals).padStart(6, '0')}Z`;
    const spec = { holderIdentity: 'grantd-7_0a1b2c3d', leaseDurationSeconds: 6, leaseTransitions: 4, renewTime };
    server.put(LEASE, { metadata: { name: 'grantd-3229' }, spec });
  };
  renew();
  const timer = setInterval(renew, 200);
  return () => clearInterval(timer);
}

describe('apply', () => {
  it('takes the Lease while it writes, and gives it back', async () => {
    const { world, writes } = await scene();
    const ended = await runCli(['apply', '--yes'], world);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(writes()).toBe(1);
    expect(server.writes[0]?.method).toBe('POST');
    expect(server.writes.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(holder()).toBe(null);
    expect(server.tokens.every((token) => token === `Bearer ${SERVICE_TOKEN}`)).toBe(true);
  });

  it('writes nothing if a living daemon leads', async () => {
    const { world, writes } = await scene();
    const stop = daemonElsewhere();
    const ended = await runCli(['apply', '--yes'], world);
    stop();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Waiting to see whether grantd-7_0a1b2c3d still leads with the Lease grantd-3229.');
    expect(ended.stderr).toContain('error[lease-taken]: grantd-7_0a1b2c3d leads with the Lease grantd-3229');
    expect(writes()).toBe(0);
    expect(holder()).toBe('grantd-7_0a1b2c3d');
  });

  it('takes the Lease from a replica that no longer renews it', async () => {
    const { world, writes } = await scene({ GRANTD_LEASE_DURATION_SECONDS: '6' });
    daemonElsewhere()();
    const ended = await runCli(['apply', '--yes'], world);
    expect(ended.code).toBe(0);
    expect(writes()).toBe(1);
  });

  it.each([
    ['down', 'cluster-unreachable'],
    [{ status: 403, body: '{"message":"leases is forbidden"}' }, 'cluster-refused'],
  ] as const)('writes nothing where the Lease cannot be taken: %j', async (trouble, code) => {
    const { world, writes } = await scene();
    server.trouble = trouble;
    const ended = await runCli(['apply', '--yes'], world);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`error[${code}]: apply cannot take the Lease grantd-3229, so it wrote nothing`);
    expect(ended.stderr).toContain('--lease off');
    expect(ended.stderr).not.toContain(SERVICE_TOKEN);
    expect(writes()).toBe(0);
  });

  it('warns that it cannot exclude a second writer if leases are off', async () => {
    const { world, writes } = await scene();
    const ended = await runCli(['apply', '--yes', '--lease', 'off'], world);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('warning: a daemon or another apply may write to this account at the same time');
    expect(server.requests).toEqual([]);
    expect(writes()).toBe(1);
  });

  it('names everything that is missing to reach the API, at once', async () => {
    const { world } = await scene({ GRANTD_KUBERNETES_URL: '', GRANTD_KUBERNETES_NAMESPACE: '' });
    const ended = await runCli(['apply', '--yes'], {
      ...world,
      env: { ...world.env, GRANTD_KUBERNETES_TOKEN_FILE: 'no' },
    });
    expect(ended.code).toBe(4);
    for (const word of ['KUBERNETES_SERVICE_HOST', 'kubernetesNamespace', 'kubernetesTokenFile', 'kubernetesCaFile']) {
      expect(ended.stderr).toContain(word);
    }
  });
});

describe('doctor', () => {
  async function cluster(more: Readonly<Record<string, string>> = {}) {
    const { world } = await scene(more);
    const { stdout } = await runCli(['doctor', '--format', 'json'], world);
    return JSON.parse(stdout).checks.find(({ check }: { check: string }) => check === 'cluster');
  }

  it('asks for every right that the settings need, and changes nothing', async () => {
    const finding = await cluster({ GRANTD_STATE_CONFIG_MAP: 'grantd-state-{account}' });
    expect(finding).toMatchObject({ status: 'ok' });
    expect(finding.found).toContain('update leases.coordination.k8s.io/grantd-3229');
    expect(finding.found).toContain('get configmaps/grantd-state-3229');
    expect(server.writes).toEqual([]);
  });

  it('names the rights that are missing', async () => {
    server.forbidden.add('create leases');
    const finding = await cluster();
    expect(finding).toMatchObject({ status: 'fail' });
    expect(finding.found).toContain('lacks 1 right in namespace team: create leases.coordination.k8s.io');
    expect(finding.remedy).toContain('docs/high-availability.md');
  });

  it('says why the API cannot be reached', async () => {
    server.trouble = 'down';
    expect(await cluster()).toMatchObject({ status: 'fail' });
    server.trouble = null;
    expect((await cluster({ GRANTD_KUBERNETES_URL: '' })).found).toContain('KUBERNETES_SERVICE_HOST');
    expect(await cluster({ GRANTD_LEASE: 'off' })).toMatchObject({ status: 'ok' });
  });
});

describe('where the Kubernetes API is', () => {
  const PEM = selfSigned('kubernetes.default.svc').cert;

  /** What a pod has mounted. */
  function pod(files: Readonly<Record<string, string>> = {}): string {
    return workplace({ token: SERVICE_TOKEN, 'ca.crt': PEM, namespace: 'prod', ...files });
  }

  function place(env: Readonly<Record<string, string>>, podFiles: string) {
    const resolved = resolveSettings({ flags: new Map(), env, file: null });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
    const secrets = new Set<string>();
    const warnings: string[] = [];
    const io = { env, cwd: podFiles, stderr: { write: (text: string) => warnings.push(text) } };
    const paint = { stderr: PLAIN };
    const call = { io, paint, settings: resolved.settings, secrets } as unknown as Parameters<typeof clusterPlace>[0];
    return { ...clusterPlace(call, 'test', podFiles), secrets, warnings };
  }

  it.each([
    ['10.0.0.1', 'https://10.0.0.1/'],
    ['fd00::1', 'https://[fd00::1]/'],
  ])('is what Kubernetes tells a pod: %s', (host, url) => {
    const found = place({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: '443' }, pod());
    expect(found.url.href).toBe(url);
    expect([found.namespace, found.token(), found.ca()]).toEqual(['prod', SERVICE_TOKEN, PEM]);
    expect([...found.secrets]).toEqual([SERVICE_TOKEN]);
  });

  it('is read again when token or certificates rotate, and the last good ones serve in the meantime', () => {
    const podFiles = pod();
    const found = place({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, podFiles);
    writeFileSync(join(podFiles, 'token'), 'the-next-token');
    writeFileSync(join(podFiles, 'ca.crt'), `${PEM}${PEM}`);
    expect([found.token(), found.ca()]).toEqual(['the-next-token', `${PEM}${PEM}`]);
    expect(found.secrets.has('the-next-token')).toBe(true);
    writeFileSync(join(podFiles, 'token'), '');
    writeFileSync(join(podFiles, 'ca.crt'), '');
    expect([found.token(), found.ca()]).toEqual(['the-next-token', `${PEM}${PEM}`]);
    found.token();
    expect(found.warnings).toEqual([expect.stringContaining('/token): the file is empty: grantd goes on with')]);
  });

  it('an address of the settings never gets the token of the pod', () => {
    const env = { GRANTD_KUBERNETES_URL: 'https://example.com', GRANTD_KUBERNETES_NAMESPACE: 'x' };
    const found = place({ ...env, KUBERNETES_SERVICE_HOST: '10.0.0.1' }, pod());
    expect([found.url.hostname, found.token(), found.ca()]).toEqual(['example.com', null, null]);
  });

  it('certificates that are none are refused', () => {
    expect(() => place({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, pod({ 'ca.crt': 'none' }))).toThrow(InvalidSettings);
  });
});

describe('apply with the state in a ConfigMap', () => {
  it('keeps there what stays held beside an approved part, and holds it in the next run', async () => {
    const names = ['ann@example.com', 'bob@example.com'];
    const accesses = names.map((email, index) => ({ access: 101 + index, kind: 'user' as const, email }));
    const owner = { access: 1, kind: 'user' as const, email: 'owner@example.com', owner: true };
    const simulator = await simulate({ seed: smallSeed({ accesses: [owner, ...accesses] }) });
    const { world } = await scene();
    writeFileSync(
      join(world.cwd, 'policy.yaml'),
      [
        'version: 1\naccount: 3229\nmode: authoritative\nunlisted: keep\nprotected: []',
        'limits: { revokes: { principals: 5, percent: 50 }, admins: 1, newAdmins: 1 }',
        `grants: [{ to: [${names}], resource: account, level: admin }]`,
        'paused: false\n',
      ].join('\n'),
    );
    const { GRANTD_STATE_DIR: _, ...rest } = world.env as Record<string, string>;
    const env = { ...rest, ...pointedAt(simulator), GRANTD_STATE_CONFIG_MAP: 'grantd-state-{account}' };
    const grantd = (...args: string[]) =>
      runCli(['apply', '--yes', '--format', 'json', ...args], { cwd: world.cwd, env });
    const first = await grantd();
    expect(first.code, first.stderr).toBe(3);
    const [ann = '', bob = ''] = [...first.stderr.matchAll(/--approve (sha256:\w+)/g)].map(([, digest = '']) => digest);
    expect(first.stderr).toContain(`--approve ${ann} --state-config-map 'grantd-state-{account}'`);
    const done = await grantd('--approve', ann);
    expect(done.code, done.stderr).toBe(3);
    expect(server.configMap('grantd-state-3229')?.['data']).toMatchObject({
      'state.json': expect.stringContaining('"staying":[\n{'),
    });
    expect((await grantd()).code).toBe(3);
    expect(simulator.rows('ann@example.com')).toEqual({ 'account:3229': 100 });
    expect(simulator.rows('bob@example.com')).toEqual({});
    // Without it nobody knows what stays held, so nothing is written.
    server.trouble = 'down';
    const blind = await grantd('--lease', 'off', '--approve', bob);
    expect(blind.code).toBe(1);
    expect(blind.stderr).toContain('error[state-unreadable]');
    expect(simulator.rows('bob@example.com')).toEqual({});
  }, 120_000);
});
