import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiServer } from '../../adapters/kubernetes/support/api-server.ts';
import { workplace } from '../../support/workplace.ts';
import { KubeClient, type KubeJson } from './kube-client.ts';

/** A Kubernetes API that replicas are pointed at, and everything that was ever stored in its Leases. */
export interface Cluster {
  readonly url: URL;
  readonly namespace: string;
  /** Of a service account with the documented rights and no other; null where none is needed. */
  readonly tokenFile: string | null;
  readonly caFile: string | null;
  /** Every version of every Lease, in the order in which they were stored. */
  readonly leases: readonly KubeJson[];
  close(): Promise<void>;
}

export const ACCOUNTS = [1, 2, 3, 4, 5] as const;

const URL_VARIABLE = 'GRANTD_TEST_KUBERNETES_URL';
const TOKEN_VARIABLE = 'GRANTD_TEST_KUBERNETES_TOKEN_FILE';
const CA_VARIABLE = 'GRANTD_TEST_KUBERNETES_CA_FILE';

/** Why there is no real API server to test with, or null. Printed, so that a skipped test is seen. */
export function whyNoCluster(): string | null {
  if (process.env[URL_VARIABLE]) return null;
  const reason = `skipped, since ${URL_VARIABLE} names no Kubernetes API server (and ${TOKEN_VARIABLE}, ${CA_VARIABLE} its credentials)`;
  process.stderr.write(`${reason}\n`);
  return reason;
}

/** The server of this project that does what the API does for these calls. */
export async function openOwnCluster(): Promise<Cluster> {
  const server = await ApiServer.start();
  return {
    url: new URL(server.url),
    namespace: 'team',
    tokenFile: null,
    caFile: null,
    get leases() {
      return server.writes.filter(({ path }) => path.includes('/leases/')).map(({ object }) => object);
    },
    close: () => server.close(),
  };
}

/** Somebody who may do everything on the real API server, and a namespace of its own there. */
export async function openNamespace(): Promise<{
  readonly admin: KubeClient;
  readonly namespace: string;
  readonly caFile: string | null;
}> {
  const caFile = process.env[CA_VARIABLE] ?? null;
  const admin = new KubeClient(process.env[URL_VARIABLE] ?? '', process.env[TOKEN_VARIABLE] ?? null, caFile);
  const namespace = `grantd-${randomBytes(4).toString('hex')}`;
  await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  return { admin, namespace, caFile };
}

/** A namespace of its own on a real API server, and a service account in it that has the documented rights. */
export async function openRealCluster(): Promise<Cluster> {
  const { admin, namespace, caFile } = await openNamespace();
  await grantRights(admin, namespace);
  const tokenFile = join(workplace(), 'token');
  writeFileSync(tokenFile, await tokenOf(admin, namespace), { mode: 0o600 });
  const leases: KubeJson[] = [];
  const list = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const stopWatching = await admin.watch(list, (object) => leases.push(object));
  return {
    url: admin.url,
    namespace,
    tokenFile,
    caFile,
    leases,
    close: async () => {
      stopWatching();
      await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
    },
  };
}

/** The rules of docs/high-availability.md. */
export const RULES = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ACCOUNTS.map((account) => `grantd-${account}`),
    verbs: ['get', 'update'],
  },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
  {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: ACCOUNTS.map((account) => `grantd-state-${account}`),
    verbs: ['get', 'update'],
  },
];

async function grantRights(admin: KubeClient, namespace: string): Promise<void> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await admin.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'grantd' } });
  await admin.must('POST', `${rbac}/roles`, { metadata: { name: 'grantd' }, rules: RULES });
  await admin.must('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'grantd' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'grantd' },
    subjects: [{ kind: 'ServiceAccount', name: 'grantd', namespace }],
  });
}

/** A token as the kubelet would mount it into the pods of a service account. */
export async function tokenOf(admin: KubeClient, namespace: string, account = 'grantd'): Promise<string> {
  const { status } = await admin.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 7200 },
  });
  return String((status as KubeJson)['token']);
}
