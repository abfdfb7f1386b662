import { oneOf, wholeNumber } from './kinds.ts';
import { clusterAddress, nameOfAccount, namespaceName } from './kubernetes-kinds.ts';
import { filePath } from './path-kinds.ts';

/** How several replicas agree on which of them writes, and where the Kubernetes API is. */
export interface ReplicaSettings {
  readonly lease: 'off' | 'on';
  /** As written; `{account}` is the account id. */
  readonly leaseName: string;
  readonly leaseDurationSeconds: number;
  /** Null: that of the pod, as Kubernetes tells it. */
  readonly kubernetesUrl: string | null;
  readonly kubernetesNamespace: string | null;
  readonly kubernetesTokenFile: string | null;
  readonly kubernetesCaFile: string | null;
}

/** Rows of the table of settings. */
export const REPLICA_SETTINGS = {
  lease: {
    kind: oneOf('off', 'on'),
    default: 'off',
    says: 'whether only the replica that holds the Kubernetes Lease of an account writes to it',
  },
  leaseName: {
    kind: nameOfAccount(),
    default: 'grantd-{account}',
    says: 'the Lease of an account; {account} is the account id',
  },
  leaseDurationSeconds: {
    kind: wholeNumber(2, 3600),
    default: 30,
    says: 'after how long without a renewal another replica may take the Lease, in seconds',
  },
  kubernetesUrl: {
    kind: clusterAddress(),
    default: null,
    says: "where the Kubernetes API is, https, or http on loopback; none: that of the pod's cluster",
    needsNamedFile: 'decides where the token of the service account is sent',
  },
  kubernetesNamespace: {
    kind: namespaceName(),
    default: null,
    says: "the namespace of Leases and ConfigMaps; none: the pod's own",
  },
  kubernetesTokenFile: {
    kind: filePath(),
    default: null,
    says: "a file with the token for the Kubernetes API; none: the pod's, or no token where kubernetesUrl is set",
    needsNamedFile: 'decides which token is sent',
  },
  kubernetesCaFile: {
    kind: filePath(),
    default: null,
    says: "a file with the certificates that sign the Kubernetes API's; none: the pod's, or Node's where kubernetesUrl is set",
    needsNamedFile: 'decides whom the token is sent to',
  },
} as const;

export const REPLICA_KEYS = [
  'lease',
  'leaseName',
  'leaseDurationSeconds',
  'kubernetesUrl',
  'kubernetesNamespace',
  'kubernetesTokenFile',
  'kubernetesCaFile',
] as const satisfies (keyof ReplicaSettings)[];
