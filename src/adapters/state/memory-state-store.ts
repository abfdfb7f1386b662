import { type AccountMemory, emptyMemory } from '../../core/domain/account/account-memory.ts';
import type { PutReplaces } from '../../core/domain/account/put-memory.ts';
import type { StateStore } from '../../core/domain/run/daemon-ports.ts';

/** A store that lasts as long as the process, for daemons without a state directory. */
export function createMemoryStateStore(): StateStore {
  const memories = new Map<number, AccountMemory>();
  const replaces = new Map<number, PutReplaces>();
  return {
    load: async (account) => ({ memory: memories.get(account) ?? emptyMemory(account), lost: null }),
    save: async (memory) => {
      memories.set(memory.account, memory);
    },
    // An earlier process left nothing in it.
    openPuts: async () => new Map(),
    readPutReplaces: async (account) => replaces.get(account) ?? null,
    savePutReplaces: async (found) => {
      replaces.set(found.account, found);
    },
    clearPutReplaces: async (account) => replaces.delete(account),
  };
}
