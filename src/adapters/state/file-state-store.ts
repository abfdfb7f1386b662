import type { StateStore } from '../../core/domain/run/daemon-ports.ts';
import { AccountFile } from './account-file.ts';

/** A store of one file for each account, `account-<id>.json` in `dir`, which is made when it is first needed. */
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
  };
}
