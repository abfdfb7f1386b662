import { resolve } from 'node:path';
import type { StateStore } from '../domain/daemon-ports.ts';
import type { Call } from './command-spec.ts';

/** What a daemon remembers: in the state directory, or for as long as the process lives where none is set. */
export async function openState({ io, settings: { stateDir } }: Call): Promise<StateStore> {
  if (stateDir === null) {
    const { createMemoryStateStore } = await import('../state/memory-state-store.ts');
    return createMemoryStateStore();
  }
  const { createFileStateStore } = await import('../state/file-state-store.ts');
  return createFileStateStore({ dir: resolve(io.cwd, stateDir) });
}
