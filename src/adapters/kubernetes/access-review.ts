import { asObject } from './cluster.ts';
import type { KubeApi } from './kube-api.ts';

/** One right in the namespace of the Leases. */
export interface Right {
  readonly verb: 'get' | 'create' | 'update';
  readonly group: 'coordination.k8s.io' | '';
  readonly resource: 'leases' | 'configmaps';
  readonly name: string;
}

const REQUEST_MS = 10_000;

/** The rights that grantd needs for one Lease. */
export function leaseRights(name: string): readonly Right[] {
  return VERBS.map((verb) => ({ verb, group: 'coordination.k8s.io', resource: 'leases', name }));
}

/** The rights that grantd needs for one ConfigMap. */
export function configMapRights(name: string): readonly Right[] {
  return VERBS.map((verb) => ({ verb, group: '', resource: 'configmaps', name }));
}

const VERBS = ['get', 'create', 'update'] as const;

/** A right in the words of an RBAC rule. */
export function rightText({ verb, group, resource, name }: Right): string {
  const what = group === '' ? resource : `${resource}.${group}`;
  return verb === 'create' ? `create ${what}` : `${verb} ${what}/${name}`;
}

/**
 * The rights that this service account lacks, as the API itself judges. The check reads and writes nothing else. Throws
 * `GrantdError` if the API does not answer.
 */
export async function missingRights(api: KubeApi, rights: readonly Right[]): Promise<readonly Right[]> {
  const allowed = await Promise.all(rights.map((right) => isAllowed(api, right)));
  return rights.filter((_, index) => !allowed[index]);
}

async function isAllowed(api: KubeApi, { verb, group, resource, name }: Right): Promise<boolean> {
  // A right to create cannot be limited to a name.
  const resourceAttributes = {
    namespace: api.place.namespace,
    verb,
    group,
    resource,
    ...(verb === 'create' ? {} : { name }),
  };
  const answer = await api.send({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    object: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
    timeoutMs: REQUEST_MS,
    signal: new AbortController().signal,
  });
  return answer.kind === 'object' && asObject(answer.object['status'])['allowed'] === true;
}
