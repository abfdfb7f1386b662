import { NO_PUTS, type PutMemory } from '../../src/core/domain/account/put-memory.ts';
import { type PutLedger, processLedger } from '../../src/core/domain/run/daemon-ports.ts';

/** As after a run that saw unnamed rows stay, for every kind of principal. */
export function provenPuts(api: string): PutMemory {
  return { ...NO_PUTS, proofs: (['user', 'invite', 'token'] as const).map((kind) => ({ api, kind, seenAt: 0 })) };
}

/** A ledger for tests of something else: no canary goes first, and no change waits for one. */
export function provenLedger(account: number, api = 'http://127.0.0.1'): PutLedger {
  const ledger = processLedger(account, api);
  void ledger.save(provenPuts(api));
  return ledger;
}
