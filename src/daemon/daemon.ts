import type { Trigger } from '../core/domain/run/daemon-event.ts';
import { AccountLoop } from './account-loop.ts';
import type { DaemonSignals, LoopParts } from './loop-parts.ts';

/** The loops of all accounts of one process. */
export class Daemon {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #loops: readonly AccountLoop[];

  /** One entry for each policy file. */
  constructor(policies: readonly Omit<LoopParts, 'claim'>[]) {
    const signals: DaemonSignals = {
      stop: this.#stop.signal,
      abort: this.#abort.signal,
      giveUp: () => this.stop(),
    };
    const keepers = new Map<number, object>();
    this.#loops = policies.map((parts) => {
      const claim = (account: number) => {
        if ((keepers.get(account) ?? parts) !== parts) return false;
        for (const [claimed, keeper] of keepers) if (keeper === parts) keepers.delete(claimed);
        keepers.set(account, parts);
        return true;
      };
      return new AccountLoop({ ...parts, claim }, signals);
    });
  }

  /** Lives until it is stopped. Should one loop have a fault, which is a bug, the others are stopped, and it is told. */
  async live(): Promise<void> {
    const lives = this.#loops.map(async (loop) => {
      try {
        await loop.live();
      } catch (error) {
        this.stop();
        throw error;
      }
    });
    for (const end of await Promise.allSettled(lives)) if (end.status === 'rejected') throw end.reason;
  }

  /** Asks every account for a run. */
  ask(trigger: Trigger, commit: string | null = null): void {
    for (const loop of this.#loops) loop.ask(trigger, commit);
  }

  /** Begins nothing further; what is in flight may end. */
  stop(): void {
    this.#stop.abort();
  }

  /** Cuts off what is in flight; `reason` is what the runs will say. */
  abort(reason: Error): void {
    this.#stop.abort();
    this.#abort.abort(reason);
  }

  /** Why a loop does not go on, or null where all do. */
  stuckReason(): string | null {
    return this.#loops.map((loop) => loop.stuckReason()).find((reason) => reason !== null) ?? null;
  }
}
