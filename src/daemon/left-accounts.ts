import type { StateStore } from '../core/domain/run/daemon-ports.ts';

/** What the loops of one process share: which accounts an earlier process left with an open canary, and who works on one. */
export interface LeftAccounts {
  /** The accounts of the state in which a canary is open. Who finishes one takes it out. */
  all(): Promise<Set<number>>;
  /** Keeps an account that no valid policy names to one loop, until the answer is called. Null if a loop has it. */
  borrow(account: number): (() => void) | null;
}

/** As `LeftAccounts`, of one state. `owners`: the loops by the account that they keep. */
export function leftAccounts(state: Pick<StateStore, 'openPuts'>, owners: Map<number, object>): LeftAccounts {
  let accounts: Promise<Set<number>> | null = null;
  return {
    all: () => {
      accounts ??= state.openPuts().then((found) => new Set(found.keys()));
      return accounts;
    },
    borrow: (account) => {
      if (owners.has(account)) return null;
      owners.set(account, {});
      return () => owners.delete(account);
    },
  };
}
