import { GrantdError } from '../../core/domain/text/error.ts';

/** Where the Kubernetes API is, and the service account that asks it. */
export interface ClusterPlace {
  readonly url: URL;
  /** Of the Leases and ConfigMaps. */
  readonly namespace: string;
  /** The token as it is now, so that a rotated one is used at once; null where none is sent. */
  readonly token: () => string | null;
  /** The certificates that sign the server's, in PEM, as they are now; null for those that Node knows. */
  readonly ca: () => string | null;
  /** Of grantd, for the User-Agent. */
  readonly version: string;
}

/** An object of the Kubernetes API as it came. Fields that grantd does not read go back unchanged. */
export type KubeObject = Readonly<Record<string, unknown>>;

/** The answer to one call. */
export type KubeAnswer =
  | { readonly kind: 'object'; readonly object: KubeObject }
  /** There is no object of this name. */
  | { readonly kind: 'missing' }
  /** Someone else wrote or made it meanwhile. */
  | { readonly kind: 'conflict' };

/** A part of an object of the API, whose shape is not known; empty if it is not an object. */
export function asObject(value: unknown): KubeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The error of a call that would create something in a namespace that does not exist. */
export function noNamespace(namespace: string): GrantdError {
  const message = `there is no namespace ${namespace} in the cluster`;
  return new GrantdError('cluster-refused', message, 'correct kubernetesNamespace, or make the namespace');
}
