import { type AccountMemory, emptyMemory } from '../core/domain/account/account-memory.ts';
import type { StateStore } from '../core/domain/run/daemon-ports.ts';
import { withOthers } from './others-approvals.ts';

/** Adds to a memory what another process saved of approvals. */
export type News = (memory: AccountMemory) => AccountMemory;

/** A state that `grantd apply` may use at the same time. It knows what this process last read or saved of it. */
export class SharedState {
  readonly #store: StateStore;
  readonly #onLost: (reason: string) => void;
  #known: AccountMemory | null = null;
  #lost: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** `onLost` hears of each reason once, as long as it stays the same. */
  constructor(store: StateStore, onLost: (reason: string) => void) {
    this.#store = store;
    this.#onLost = onLost;
  }

  async load(account: number): Promise<AccountMemory> {
    const { memory, lost } = await this.#store.load(account);
    this.#noteLost(lost);
    this.#known = memory;
    return memory;
  }

  /** Reads what another process saved of approvals since. A state that cannot be read says nothing new. */
  async hear(account: number, take: (news: News) => void): Promise<void> {
    return this.#inTurn(async () => take(await this.#news(account)));
  }

  /** Saves what `whole` makes with the news. Throws `state-unwritable`. */
  async save(account: number, whole: (news: News) => AccountMemory): Promise<void> {
    return this.#inTurn(async () => {
      const memory = whole(await this.#news(account));
      await this.#store.save(memory);
      this.#known = memory;
    });
  }

  /** A run and a look may save at the same time, and the newer memory must stay. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #news(account: number): Promise<News> {
    const base = this.#known?.account === account ? this.#known : emptyMemory(account);
    const { memory: stored, lost } = await this.#store.load(account);
    this.#noteLost(lost);
    if (lost !== null) return (memory) => memory;
    this.#known = stored;
    return (memory) => (memory.account === account ? { ...memory, ...withOthers(memory, base, stored) } : memory);
  }

  #noteLost(lost: string | null): void {
    if (lost !== null && lost !== this.#lost) this.#onLost(lost);
    this.#lost = lost;
  }
}
