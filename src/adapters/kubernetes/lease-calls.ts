import type { KubeAnswer, KubeObject } from './cluster.ts';
import type { KubeApi } from './kube-api.ts';
import { type LeaseRecord, readLease } from './lease-record.ts';

/** What a call about a Lease came to. */
export type LeaseAnswer =
  | { readonly kind: 'lease'; readonly record: LeaseRecord }
  | Exclude<KubeAnswer, { kind: 'object' }>;

/** The three calls that an elector makes of one Lease: get, create, update. */
export class LeaseCalls {
  readonly #api: KubeApi;
  readonly #list: string;
  readonly #name: string;

  constructor(api: KubeApi, name: string) {
    this.#api = api;
    this.#list = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(api.place.namespace)}/leases`;
    this.#name = name;
  }

  get(timeoutMs: number, signal: AbortSignal): Promise<LeaseAnswer> {
    return this.#send({ method: 'GET', path: this.#path, object: null, timeoutMs, signal });
  }

  create(object: KubeObject, timeoutMs: number, signal: AbortSignal): Promise<LeaseAnswer> {
    return this.#send({ method: 'POST', path: this.#list, object, timeoutMs, signal });
  }

  replace(object: KubeObject, timeoutMs: number, signal: AbortSignal): Promise<LeaseAnswer> {
    return this.#send({ method: 'PUT', path: this.#path, object, timeoutMs, signal });
  }

  get #path(): string {
    return `${this.#list}/${encodeURIComponent(this.#name)}`;
  }

  async #send(call: Parameters<KubeApi['send']>[0]): Promise<LeaseAnswer> {
    const answer = await this.#api.send(call);
    return answer.kind === 'object' ? { kind: 'lease', record: readLease(answer.object) } : answer;
  }
}
