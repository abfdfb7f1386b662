import { oneOf, wholeNumber } from './kinds.ts';
import { clusterAddress, nameOfAccount, namespaceName } from './kubernetes-kinds.ts';
import { filePath } from './path-kinds.ts';

/** The settings by which replicas agree on which of them writes, and the address of the Kubernetes API. */
export interface ReplicaSettings {
  readonly lease: 'off' | 'on';
  /** As written; `{account}` is the account id. */
  readonly leaseName: string;
  readonly leaseDurationSeconds: number;
  /** Null: the API of the cluster, as Kubernetes announces it to the pod. */
  readonly kubernetesUrl: string | null;
  readonly kubernetesNamespace: string | null;
  readonly kubernetesTokenFile: string | null;
  readonly kubernetesCaFile: string | null;
}

/** The rows of the settings table about replicas. */
export const REPLICA_SETTINGS = {
  lease: {
    kind: oneOf('off', 'on'),
    default: 'off',
    says: 'whether only the replica that leads an account, by its Kubernetes Lease, writes to it',
  },
  leaseName: {
    kind: nameOfAccount(),
    default: 'grantd-{account}',
    says: 'the Lease of an account; {account} is the account id',
  },
  leaseDurationSeconds: {
    kind: wholeNumber(2, 3600),
    default: 30,
    says: 'how long a Lease lasts without renewal before another replica may take it, in seconds',
  },
  kubernetesUrl: {
    kind: clusterAddress(),
    default: null,
    says: "where the Kubernetes API is; https, or http on loopback; none: the API of the pod's cluster",
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
    says: "a file with the token for the Kubernetes API; none: the pod's, or no token if kubernetesUrl is set",
    needsNamedFile: 'decides which token is sent',
  },
  kubernetesCaFile: {
    kind: filePath(),
    default: null,
    says: "a file with the CA certificates of the Kubernetes API; none: the pod's, or Node's if kubernetesUrl is set",
    needsNamedFile: 'decides whom the token is sent to',
  },
} as const;

/** The keys of `REPLICA_SETTINGS`. */
export const REPLICA_KEYS = [
  'lease',
  'leaseName',
  'leaseDurationSeconds',
  'kubernetesUrl',
  'kubernetesNamespace',
  'kubernetesTokenFile',
  'kubernetesCaFile',
] as const satisfies (keyof ReplicaSettings)[];
