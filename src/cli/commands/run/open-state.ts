import { resolve } from 'node:path';
import type { StateStore } from '../../../core/domain/run/daemon-ports.ts';
import type { CallContext } from '../../line/command.ts';

/** What a daemon remembers: in the state directory, or for as long as the process lives where none is set. */
export async function openState({ io, settings: { stateDir } }: CallContext): Promise<StateStore> {
  if (stateDir === null) {
    const { createMemoryStateStore } = await import('../../../adapters/state/memory-state-store.ts');
    return createMemoryStateStore();
  }
  const { createFileStateStore } = await import('../../../adapters/state/file-state-store.ts');
  return createFileStateStore({ dir: resolve(io.cwd, stateDir) });
}
