import { resolve } from 'node:path';
import { type PutLedger, processLedger, type StateStore } from '../../core/domain/run/daemon-ports.ts';
import { warningText } from '../../report/problems/text.ts';
import type { CallContext } from '../line/command.ts';
import { daemonClock } from '../process/node-io.ts';
import { openCluster } from './cluster.ts';

/**
 * What one command knows of PUTs: from the state that a daemon keeps, if the settings name one; else it lasts as long as the
 * process. Of the state it changes nothing else.
 */
export async function openPutLedger(call: CallContext, account: number): Promise<PutLedger> {
  const { apiUrl: api } = call.settings;
  const store = await openStateStore(call);
  if (store === null) return processLedger(account, api);
  const { memory, lost } = await store.load(account);
  if (lost !== null) call.io.stderr.write(warningText(lost, 'see docs/state.md', call.paint.stderr));
  let { puts } = memory;
  return {
    account,
    api,
    outlivesProcess: true,
    memory: () => puts,
    save: async (next) => {
      // A daemon may have written the rest of it meanwhile.
      const now = await store.load(account);
      await store.save({ ...now.memory, puts: next });
      puts = next;
    },
    readReplaces: () => store.readPutReplaces(account),
    saveReplaces: (found) => store.savePutReplaces(found),
  };
}

/** The state that the settings name; null without one. No Lease decides who may write to it. */
export async function openStateStore(call: CallContext): Promise<StateStore | null> {
  const { io, settings } = call;
  const { stateDir, stateConfigMap } = settings;
  if (stateConfigMap !== null) {
    const clock = daemonClock(io.clock);
    return (await openCluster({ ...call, settings: { ...settings, lease: 'off' } }, clock)).state;
  }
  if (stateDir === null) return null;
  const { createFileStateStore } = await import('../../adapters/state/file-state-store.ts');
  return createFileStateStore({ dir: resolve(io.cwd, stateDir) });
}
