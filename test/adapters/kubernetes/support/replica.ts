import { Elector } from '../../../../src/adapters/kubernetes/elector.ts';
import { KubeApi } from '../../../../src/adapters/kubernetes/kube-api.ts';
import { LeaseCalls } from '../../../../src/adapters/kubernetes/lease-calls.ts';
import { leaseTiming } from '../../../../src/adapters/kubernetes/lease-timing.ts';
import { LedLease } from '../../../../src/adapters/kubernetes/led-lease.ts';
import type { LeaseEvent } from '../../../../src/core/domain/run/lease.ts';
import { VirtualClock } from '../../../daemon/support/virtual-clock.ts';
import type { ApiServer } from './api-server.ts';

export const DURATION_MS = 30_000;

/** One process that wants Leases, with its own clock. A test freezes it by not advancing the clock. */
export class Replica {
  readonly clock: VirtualClock;
  readonly news = new Map<string, LeaseEvent[]>();
  readonly electors = new Map<string, Elector>();
  /** How long each write to a Lease may take, and how long the replica led by it still when it was sent. */
  readonly sent: { readonly timeoutMs: number; readonly leftMs: number | null }[] = [];
  readonly #over = new AbortController();
  readonly #server: ApiServer;
  readonly #name: string;
  readonly #leading = new Set<unknown>();
  readonly #random: () => number;
  readonly #keeping: Promise<void>[] = [];

  constructor(server: ApiServer, name: string, random: () => number = () => 0.5) {
    this.#server = server;
    this.#name = name;
    this.#random = random;
    this.clock = new VirtualClock({ settle: () => this.#settle() });
  }

  want(lease: string): Elector {
    const api = new KubeApi({
      url: new URL(this.#server.url),
      namespace: 'team',
      token: () => 'a-token',
      ca: () => null,
      version: 'test',
    });
    const elector = new Elector({
      calls: this.#watched(new LeaseCalls(api, lease), lease),
      name: lease,
      namespace: 'team',
      identity: this.#name,
      timing: leaseTiming(DURATION_MS),
      clock: this.clock,
      random: this.#random,
      leading: this.#leading,
    });
    const news: LeaseEvent[] = [];
    this.news.set(lease, news);
    this.electors.set(lease, elector);
    this.#keeping.push(elector.keep(this.#over.signal, (one) => news.push(one)));
    return elector;
  }

  /** The kinds of what was told of a Lease, in order. */
  told(lease: string): readonly string[] {
    return (this.news.get(lease) ?? []).map(({ kind }) => kind);
  }

  holds(lease: string): boolean {
    return this.electors.get(lease)?.status().kind === 'held';
  }

  /** How much longer it leads; null if it does not lead. */
  leftMs(lease: string): number | null {
    const status = this.electors.get(lease)?.status();
    return status?.kind === 'held' && status.term instanceof LedLease ? status.term.leftMs() : null;
  }

  get held(): number {
    return this.#leading.size;
  }

  /** Stops as SIGTERM makes it. */
  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#keeping);
  }

  /** The same calls over the same connection; what each write was given is noted. */
  #watched(calls: LeaseCalls, lease: string): LeaseCalls {
    const { replace } = calls;
    return Object.assign(calls, {
      replace: (...call: Parameters<LeaseCalls['replace']>) => {
        this.sent.push({ timeoutMs: call[1], leftMs: this.leftMs(lease) });
        return replace.apply(calls, call);
      },
    });
  }

  /** An elector either waits for an answer or sleeps, so once all of them sleep nothing is under way. */
  async #settle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.clock.sleeping < this.#keeping.length && !this.#over.signal.aborted);
  }
}

/** Lets the same time pass for all of them, a little at a time. */
export async function together(replicas: readonly Replica[], byMs: number, stepMs = 500): Promise<void> {
  for (let passedMs = 0; passedMs < byMs; passedMs += stepMs) {
    for (const replica of replicas) await replica.clock.advance(stepMs);
  }
}
