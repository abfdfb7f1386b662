import type { PutLedger, StateStore } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import { shellWord } from '../core/domain/text/text.ts';
import type { LoopParts } from './loop-parts.ts';
import type { PolicyController } from './policy-controller.ts';

/** What a run of the daemon knows of PUTs, and where it keeps that: in the state of the account. */
export function statePutLedger(
  account: number,
  controller: Pick<PolicyController, 'memory' | 'origin' | 'keep'>,
  { state, api, clearFlags = [] }: Pick<LoopParts, 'state' | 'api' | 'clearFlags'>,
): PutLedger {
  return {
    account,
    api,
    clear: clearFlags === null ? null : clearCommand(controller.origin.policy, clearFlags),
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

/** The command that forgets that a PUT took rows, with quotes where a shell needs them. `flags`: those that name the state. */
export function clearCommand(policy: string, flags: readonly string[]): string {
  return ['grantd', 'doctor', policy, '--clear', 'put-replaces', ...flags].map(shellWord).join(' ');
}

/** What a process knows of PUTs that keeps nothing else of the state. Of the state it changes nothing else. */
export async function storePutLedger(
  state: StateStore,
  account: number,
  { api, clear }: Pick<PutLedger, 'api' | 'clear'>,
  onLost: (lost: string) => void = () => {},
): Promise<PutLedger> {
  const { memory, lost } = await state.load(account);
  if (lost !== null) onLost(lost);
  let { puts } = memory;
  return {
    account,
    api,
    clear,
    memory: () => puts,
    save: async (next) => {
      // A daemon may have written the rest of it meanwhile.
      const now = await state.load(account);
      await state.save({ ...now.memory, puts: next });
      puts = next;
    },
    readReplaces: () => state.readPutReplaces(account),
    saveReplaces: (found) => state.savePutReplaces(found),
  };
}
