import { type Access, type AccountState, stateFromSeed } from './account-state.ts';
import type { AccountWrite } from './account-write.ts';
import { FaultQueue } from './fault-queue.ts';
import { SimulatorInputError } from './input-error.ts';
import { RateLimit, type RateLimitOptions } from './rate-limit.ts';
import { RequestLog } from './request-log.ts';
import type { AccountSeed } from './seed.ts';
import { seedProblems } from './seed-problems.ts';
import { specifierName, writeAccount } from './write-account.ts';

/** A state before a write, and how long reads still show it. */
interface StaleView {
  readonly state: AccountState;
  readonly readsLeft: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** What a simulated world starts from. */
export interface WorldOptions {
  readonly seeds: readonly AccountSeed[];
  readonly now: () => number;
  readonly random: () => number;
  readonly rateLimit: RateLimitOptions | 'off';
  readonly requestsKept: number;
}

/** Everything that a simulator remembers: its accounts, faults, log, quotas and clock. It knows nothing about HTTP. */
export class World {
  readonly faults: FaultQueue;
  readonly log: RequestLog;
  readonly rateLimit: RateLimit;
  readonly delays = new Delays();
  readonly #clock: () => number;
  #aheadMs = 0;
  #accounts = new Map<number, AccountState>();
  #staleViews = new Map<number, StaleView>();

  /** Throws `SimulatorInputError` for seeds that contradict themselves or each other. */
  constructor({ seeds, now, random, rateLimit, requestsKept }: WorldOptions) {
    this.#clock = now;
    this.faults = new FaultQueue(random);
    this.log = new RequestLog(requestsKept);
    this.rateLimit = new RateLimit(rateLimit);
    this.replaceAccounts(seeds);
  }

  /** Epoch milliseconds: the clock of the caller, plus what it was advanced by. */
  now(): number {
    return this.#clock() + this.#aheadMs;
  }

  advanceClock(ms: number): void {
    this.#aheadMs += ms;
  }

  /** In the order of the seeds. */
  accounts(): readonly AccountState[] {
    return [...this.#accounts.values()];
  }

  /** Forgets every account and stale view; faults, log and quotas stay. */
  replaceAccounts(seeds: readonly AccountSeed[]): void {
    const problems = seedProblems(seeds);
    if (problems.length > 0) throw new SimulatorInputError(problems.map(({ path, message }) => `${path}: ${message}`));
    this.#accounts = new Map(seeds.map((seed) => [seed.account.id, stateFromSeed(seed)] as const));
    this.#staleViews = new Map();
  }

  /** The account with this id, or the first account. Throws `SimulatorInputError` if there is none. */
  account(id?: number): AccountState {
    const found = id === undefined ? this.accounts()[0] : this.#accounts.get(id);
    if (found) return found;
    const ids = [...this.#accounts.keys()].join(', ');
    throw new SimulatorInputError([`account: there is no account ${id}; the simulator has ${ids}.`]);
  }

  /** The access with this secret; `undefined` for no secret, an unknown one, and an expired one. */
  caller(secret: string | undefined): { readonly state: AccountState; readonly access: Access } | undefined {
    if (secret === undefined) return undefined;
    for (const state of this.#accounts.values()) {
      const access = state.accesses.get(state.callers.get(secret) ?? Number.NaN);
      if (access?.specifier.kind !== 'ApiToken') continue;
      const { expiresAt } = access.specifier;
      return expiresAt !== null && Date.parse(expiresAt) <= this.now() ? undefined : { state, access };
    }
    return undefined;
  }

  /** The name of the token with this secret; `null` if `caller` returns `undefined`. */
  tokenName(secret: string | undefined): string | null {
    const specifier = this.caller(secret)?.access.specifier;
    return specifier === undefined ? null : specifierName(specifier);
  }

  /** Every secret with the name of its token, to keep secrets out of the log. */
  secrets(): readonly { readonly secret: string; readonly name: string }[] {
    return this.accounts().flatMap(({ accesses, callers }) =>
      [...callers].map(([secret, id]) => {
        const specifier = accesses.get(id)?.specifier;
        return { secret, name: specifier ? specifierName(specifier) : String(id) };
      }),
    );
  }

  commit(state: AccountState): void {
    this.#accounts.set(state.id, state);
  }

  /** Makes a write of someone else. Throws `SimulatorInputError` if it is impossible. */
  writeAsSomebodyElse(write: AccountWrite): void {
    this.commit(writeAccount(this.account(write.account), write));
  }

  /** Makes several writes of someone else, in order: all of them, or none if one is impossible. */
  writeAllAsSomebodyElse(writes: readonly AccountWrite[]): void {
    const before = this.#accounts;
    this.#accounts = new Map(before);
    try {
      for (const write of writes) this.writeAsSomebodyElse(write);
    } catch (error) {
      this.#accounts = before;
      throw error;
    }
  }

  /** What a read shows: the present state, or an older one while a stale view lasts. Uses one stale read up. */
  view(state: AccountState): AccountState {
    const stale = this.#staleViews.get(state.id);
    if (!stale) return state;
    if (stale.readsLeft <= 0 && this.now() >= stale.until) {
      this.#staleViews.delete(state.id);
      return state;
    }
    this.#staleViews.set(state.id, { ...stale, readsLeft: stale.readsLeft - 1 });
    return stale.state;
  }

  /** Lets reads show `before` for a while. If several views overlap, the oldest state stays, for the longest time. */
  keepShowing(before: AccountState, reads: number, ms: number): void {
    const known = this.#staleViews.get(before.id);
    const old = known && (known.readsLeft > 0 || this.now() < known.until) ? known : undefined;
    this.#staleViews.set(before.id, {
      state: old?.state ?? before,
      readsLeft: Math.max(old?.readsLeft ?? 0, reads),
      until: Math.max(old?.until ?? 0, this.now() + ms),
    });
  }
}

/** Waits that end with the simulator, so that no timer outlives it. */
class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Resolves after `ms` of real time; never, if `cancel` is called first. */
  wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }

  cancel(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
