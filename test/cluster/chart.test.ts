import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { render, whyNoHelm } from '../chart/support/helm.ts';
import { type KubernetesObject, podsOf } from '../chart/support/kubernetes-object.ts';
import { PodOnDisk } from '../chart/support/pod-on-disk.ts';
import { linesOf, logged, startDaemon } from '../process/support/daemon.ts';
import { simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { GIVING_POLICY, workplace } from '../support/workplace.ts';
import { openNamespace, tokenOf, whyNoCluster } from './support/cluster.ts';

/** Where objects of a kind are made. What a server of version 1.20 has; the others are checked against schemas only. */
const PLACES: Readonly<Record<string, (namespace: string) => string>> = {
  ConfigMap: (namespace) => `/api/v1/namespaces/${namespace}/configmaps`,
  Deployment: (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
  NetworkPolicy: (namespace) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
  PersistentVolumeClaim: (namespace) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  Pod: (namespace) => `/api/v1/namespaces/${namespace}/pods`,
  Role: (namespace) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
  RoleBinding: (namespace) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
  Secret: (namespace) => `/api/v1/namespaces/${namespace}/secrets`,
  Service: (namespace) => `/api/v1/namespaces/${namespace}/services`,
  ServiceAccount: (namespace) => `/api/v1/namespaces/${namespace}/serviceaccounts`,
};

/** Those whose objects a server of 1.20 knows in every field: native sidecars came later. */
const NAMES = [
  'deployment-inline',
  'lease-narrow',
  'http-token',
  'network-policy-closed',
  'extras',
  'settings',
  'names',
];

const REASON = whyNoCluster() ?? whyNoHelm;

describe('the chart on a real API server', skippedFor(REASON), () => {
  let at: Awaited<ReturnType<typeof openNamespace>>;
  beforeEach(async () => {
    at = await openNamespace();
  });
  afterEach(async () => {
    await at.admin.send('DELETE', `/api/v1/namespaces/${at.namespace}`);
  });

  it.each(NAMES)('%s: is taken, and nothing of it is dropped or understood otherwise', async (name) => {
    const objects = rendered(name, at.namespace).filter(({ kind }) => kind in PLACES);
    expect(objects.length).toBeGreaterThan(3);
    for (const object of objects) {
      const stored = await at.admin.must('POST', placeOf(object, at.namespace), object);
      expect(stored, `${object.kind} ${object.metadata.name}`).toMatchObject(withoutEmpty(object) as object);
    }
  });

  it('a server notices what it does not understand', async () => {
    const [deployment] = rendered('deployment-inline', at.namespace).filter(({ kind }) => kind === 'Deployment');
    const spoilt = JSON.parse(JSON.stringify(deployment).replace('"mountPath"', '"mountpath"'));
    const { status } = await at.admin.send('POST', placeOf(spoilt, at.namespace), spoilt);
    expect(status).toBe(422);
  });

  it('the rights of the chart, and no more, let grantd take the Lease of its account and remember in a ConfigMap', async () => {
    const simulator = await simulate();
    const objects = rendered('lease-narrow', at.namespace, [`settings.apiUrl=${simulator.url}`], GIVING_POLICY);
    for (const object of objects.filter(({ kind }) => ['ServiceAccount', 'Role', 'RoleBinding'].includes(kind))) {
      await at.admin.must('POST', placeOf(object, at.namespace), object);
    }
    const [pod] = podsOf(objects);
    if (!pod) throw new Error('there is no pod');
    const disk = new PodOnDisk(workplace(), pod);
    disk.bring(objects, { 'mailtrap-token': { token: ADMIN_TOKEN } });
    const mounted = disk.place('/var/run/secrets/kubernetes.io/serviceaccount');
    const token = await tokenOf(at.admin, at.namespace, pod.spec.serviceAccountName);
    writeFileSync(join(mounted, 'token'), token, { mode: 0o640 });
    writeFileSync(join(mounted, 'namespace'), at.namespace);
    const daemon = startDaemon(disk.args.slice(1), {
      cwd: workplace(),
      env: {
        ...disk.env,
        GRANTD_KUBERNETES_URL: at.admin.url.href,
        GRANTD_KUBERNETES_NAMESPACE: at.namespace,
        GRANTD_KUBERNETES_TOKEN_FILE: join(mounted, 'token'),
        ...(at.caFile === null ? {} : { GRANTD_KUBERNETES_CA_FILE: at.caFile }),
      },
    });
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    const lease = `/apis/coordination.k8s.io/v1/namespaces/${at.namespace}/leases/mailtrap-3229`;
    expect(await at.admin.must('GET', lease)).toHaveProperty('spec.holderIdentity', expect.stringMatching(/./));
    await expect
      .poll(async () => (await at.admin.send('GET', `${PLACES['ConfigMap']?.(at.namespace)}/memory-3229`)).status, {
        timeout: 30_000,
      })
      .toBe(200);
    expect(linesOf(daemon).filter(({ level }) => level === 'error')).toEqual([]);
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    expect(daemon.stdout).not.toContain(token);
  });
});

function rendered(
  name: string,
  namespace: string,
  sets: readonly string[] = [],
  policy?: string,
): readonly KubernetesObject[] {
  const args = sets.flatMap((set) => ['--set', set]);
  const directory = workplace();
  if (policy !== undefined) writeFileSync(join(directory, 'policy.yaml'), policy);
  const inline = policy === undefined ? [] : ['--set-file', `policy.inline=${join(directory, 'policy.yaml')}`];
  return render(name, ['--namespace', namespace, ...args, ...inline]);
}

/** An empty list says what no list says, and is not stored. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutEmpty(inner)]));
}

function placeOf({ kind }: KubernetesObject, namespace: string): string {
  const place = PLACES[kind];
  if (!place) throw new Error(`no place for ${kind}`);
  return place(namespace);
}
