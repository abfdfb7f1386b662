import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demand } from '../finding.mjs';
import { ACCOUNT } from './world.mjs';

/** The same, as a file: what cannot be believed is put aside, byte for byte, and what follows is kept. */
export const stateFileTarget = {
  name: 'state-file',
  share: 0.5,
  seedsOf: 'state',
  says: 'a state file on the disk: nothing that is lost is thrown away, and what is saved then is read again',
  shape: 'json',
  open: async (load) => {
    const [{ createFileStateStore }, { emptyMemory }] = await Promise.all([
      load('adapters/state/file-state-store'),
      load('core/domain/account/account-memory'),
    ]);
    const directory = mkdtempSync(join(tmpdir(), 'grantd-fuzz-state-'));
    return {
      check: (bytes) => check(bytes, { directory, createFileStateStore, emptyMemory }),
      close: () => rmSync(directory, { recursive: true, force: true }),
    };
  },
};

async function check(bytes, { directory, createFileStateStore, emptyMemory }) {
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  const path = join(directory, `account-${ACCOUNT}.json`);
  writeFileSync(path, bytes);
  const store = createFileStateStore({ dir: directory });
  const { memory, lost } = await store.load(ACCOUNT);
  if (lost === null) {
    demand(readFileSync(path).equals(bytes), 'a state that is believed stays as it is', path);
  } else {
    demand(
      JSON.stringify(memory) === JSON.stringify(emptyMemory(ACCOUNT)),
      'of a state that is lost nothing is believed',
      lost,
    );
    demand(!existsSync(path) && readFileSync(`${path}.lost`).equals(bytes), 'a state that is lost is kept aside', lost);
  }
  await store.save({ ...memory, pausedSince: 0 });
  const again = await createFileStateStore({ dir: directory }).load(ACCOUNT);
  demand(again.lost === null && again.memory.pausedSince === 0, 'what is saved is read again', again.lost);
}
