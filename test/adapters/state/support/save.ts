import { createFileStateStore } from '../../../../src/adapters/state/file-state-store.ts';
import type { AccountMemory } from '../../../../src/core/domain/account/account-memory.ts';
import { NO_ACCESS_MEMORY } from '../../../../src/core/domain/account/remembered-access.ts';

/** `node save.js DIRECTORY FROM`: saves one memory after the other until it is killed, and says which one is safe. */
const [dir = '', from = '0'] = process.argv.slice(2);
const store = createFileStateStore({ dir });
await store.load(3229);

for (let access = Number(from); ; access += 1) {
  const memory: AccountMemory = {
    account: 3229,
    policy: null,
    pausedSince: null,
    superseded: [],
    provenPairs: Array.from({ length: 200 }, (_, index) => ({ access: access + index, tokenId: index })),
    disprovenPairs: [],
    written: [],
    begun: [],
    spent: [],
    staying: [],
    knownEnds: [],
    ...NO_ACCESS_MEMORY,
    puts: { proofs: [], open: [] },
  };
  await store.save(memory);
  process.stdout.write(`${access}\n`);
}
