import type { StateStore } from '../../core/domain/run/daemon-ports.ts';
import { AccountFile } from './account-file.ts';
import { openPutsIn } from './open-puts.ts';
import { putReplacesFiles } from './put-replaces-file.ts';

/** A store with one file for each account, `account-<id>.json` in `dir`, and beside it `put-replaces-<id>.json` where a PUT was seen to replace rows. It makes the directory at the first save. */
export function createFileStateStore({ dir }: { readonly dir: string }): StateStore {
  const files = new Map<number, AccountFile>();
  const fileOf = (account: number): AccountFile => {
    const known = files.get(account) ?? new AccountFile(dir, account);
    files.set(account, known);
    return known;
  };
  return {
    load: (account) => fileOf(account).load(),
    save: (memory) => fileOf(memory.account).save(memory),
    openPuts: () => openPutsIn(dir),
    ...putReplacesFiles(dir),
  };
}
