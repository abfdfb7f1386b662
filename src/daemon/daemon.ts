import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { DeliveredEvents } from '../core/domain/run/mailtrap-event.ts';
import { AccountLoop } from './account-loop.ts';
import { leftAccounts } from './left-accounts.ts';
import type { DaemonSignals, LoopParts } from './loop-parts.ts';

/** The loops of all accounts of one process. */
export class Daemon {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #loops: readonly AccountLoop[];

  /** One entry for each policy file. */
  constructor(policies: readonly Omit<LoopParts, 'claim' | 'left'>[]) {
    const signals: DaemonSignals = {
      stop: this.#stop.signal,
      abort: this.#abort.signal,
      giveUp: () => this.stop(),
    };
    const owners = new Map<number, object>();
    const states = new Map(policies.map(({ state }) => [state, leftAccounts(state, owners)]));
    this.#loops = policies.map((parts) => {
      const left = states.get(parts.state) ?? leftAccounts(parts.state, owners);
      const claim = (account: number) => {
        if ((owners.get(account) ?? parts) !== parts) return false;
        for (const [claimed, owner] of owners) if (owner === parts) owners.delete(claimed);
        owners.set(account, parts);
        return true;
      };
      return new AccountLoop({ ...parts, claim, left }, signals);
    });
  }

  /** Lives until it is stopped. An internal error in one loop stops the others, and rejects. */
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

  /** Whether a policy of this daemon names the account. */
  hasAccount(account: number): boolean {
    return this.#loops.some((loop) => loop.account === account);
  }

  /** Takes a delivery of Mailtrap's audit events for an account. */
  deliver(account: number, delivered: DeliveredEvents): void {
    for (const loop of this.#loops) if (loop.account === account) loop.deliver(delivered);
  }

  /** Starts nothing new; work in flight may finish. */
  stop(): void {
    this.#stop.abort();
  }

  /** Ends work in flight; `reason` is the error of the runs. */
  abort(reason: Error): void {
    this.#stop.abort();
    this.#abort.abort(reason);
  }

  /** Why a loop is stuck, or null if none is. */
  stuckReason(): string | null {
    return this.#loops.map((loop) => loop.stuckReason()).find((reason) => reason !== null) ?? null;
  }
}
