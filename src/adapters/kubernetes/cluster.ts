/** Where the Kubernetes API is, and in whose name it is asked. */
export interface ClusterPlace {
  readonly url: URL;
  /** Of the Leases and ConfigMaps. */
  readonly namespace: string;
  /** The token as it is now, so that a rotated one is used at once; null where none is sent. */
  readonly token: () => string | null;
  /** The certificates that sign the server's, in PEM, as they are now; null for those that Node knows. */
  readonly ca: () => string | null;
  /** Stands in the User-Agent. */
  readonly version: string;
}

/** An object of the Kubernetes API as it came: what is not read here is sent back as it was. */
export type KubeObject = Readonly<Record<string, unknown>>;

/** What became of one call that the API answered as it may. */
export type KubeAnswer =
  | { readonly kind: 'object'; readonly object: KubeObject }
  /** There is none of this name. */
  | { readonly kind: 'missing' }
  /** Somebody else wrote or made it meanwhile. */
  | { readonly kind: 'conflict' };
