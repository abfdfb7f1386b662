import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { KubeAnswer, KubeObject } from './cluster.ts';
import type { KubeApi, KubeCall } from './kube-api.ts';

/** How long to wait before each try of one call. */
const TRIES_AFTER_MS = [0, 500, 2_000];

/** The calls that a store makes for one ConfigMap: get, create, update. It repeats each if the API does not answer. */
export class ConfigMapCalls {
  readonly #api: KubeApi;
  readonly #clock: Clock;
  readonly #requestMs: number;
  readonly #list: string;
  readonly name: string;

  constructor(
    { api, clock, requestMs }: { readonly api: KubeApi; readonly clock: Clock; readonly requestMs: number },
    name: string,
  ) {
    this.#api = api;
    this.#clock = clock;
    this.#requestMs = requestMs;
    this.#list = `/api/v1/namespaces/${encodeURIComponent(api.place.namespace)}/configmaps`;
    this.name = name;
  }

  get namespace(): string {
    return this.#api.place.namespace;
  }

  get(): Promise<KubeAnswer> {
    return this.#send('GET', this.#path, null);
  }

  create(object: KubeObject): Promise<KubeAnswer> {
    return this.#send('POST', this.#list, object);
  }

  replace(object: KubeObject): Promise<KubeAnswer> {
    return this.#send('PUT', this.#path, object);
  }

  get #path(): string {
    return `${this.#list}/${encodeURIComponent(this.name)}`;
  }

  /** The API refuses to write the same version twice, so another try does no harm. */
  async #send(method: KubeCall['method'], path: string, object: KubeObject | null): Promise<KubeAnswer> {
    let failure: GrantdError | null = null;
    for (const waitMs of TRIES_AFTER_MS) {
      await this.#clock.sleep(waitMs, NEVER);
      try {
        return await this.#api.send({ method, path, object, timeoutMs: this.#requestMs, signal: NEVER });
      } catch (error) {
        if (!(error instanceof GrantdError) || error.code !== 'cluster-unreachable') throw error;
        failure = error;
      }
    }
    throw failure ?? new GrantdError('fault', 'a call was never tried', 'report this');
  }
}

/** grantd writes the state even if the process is asked to stop. Each try has a time limit of its own. */
const NEVER = new AbortController().signal;
