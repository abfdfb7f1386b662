import { resolve } from 'node:path';
import { type PutLedger, processLedger, type StateStore } from '../../core/domain/run/daemon-ports.ts';
import { clearCommand, storePutLedger } from '../../daemon/put-ledger.ts';
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
  return storePutLedger(store, account, { api, clear: clearCommandOf(call) }, (lost) =>
    call.io.stderr.write(warningText(lost, 'see docs/state.md', call.paint.stderr)),
  );
}

/** The command that clears `put-replaces` in the state of this call. */
export function clearCommandOf({ settings }: Pick<CallContext, 'settings'>): string {
  return clearCommand(settings.policy, stateFlags(settings) ?? []);
}

/** The flags with which another command uses the same state; null if no state outlives a process. */
export function stateFlags({
  stateDir,
  stateConfigMap,
}: Pick<CallContext['settings'], 'stateDir' | 'stateConfigMap'>): readonly string[] | null {
  if (stateConfigMap !== null) return ['--state-config-map', stateConfigMap];
  return stateDir === null ? null : ['--state-dir', stateDir];
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
