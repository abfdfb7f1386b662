import type { PutLedger } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { LoopParts } from './loop-parts.ts';
import type { PolicyController } from './policy-controller.ts';

/** What a run of the daemon knows of PUTs, and where it keeps that: in the state of the account. */
export function statePutLedger(
  account: number,
  controller: Pick<PolicyController, 'memory' | 'origin' | 'keep'>,
  { state, api }: Pick<LoopParts, 'state' | 'api'>,
): PutLedger {
  return {
    account,
    api,
    outlivesProcess: true,
    memory: () => controller.memory.puts,
    // A PUT must not leave before its rows are kept, so here it matters whether they are.
    save: async (puts) => {
      const isOurs = controller.origin.account === account;
      if (isOurs && (await controller.keep({ ...controller.memory, puts }))) return;
      throw new GrantdError(
        'state-unwritable',
        `the state of account ${account} could not be saved`,
        'see the line state.unwritable in the log; if another replica leads now, it goes on',
      );
    },
    readReplaces: () => state.readPutReplaces(account),
    saveReplaces: (found) => state.savePutReplaces(found),
  };
}
