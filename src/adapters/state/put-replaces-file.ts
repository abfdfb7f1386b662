import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PutReplaces } from '../../core/domain/account/put-memory.ts';
import type { StateStore } from '../../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { makeDirectory } from '../../platform/make-directory.ts';
import { syncDirectory } from '../../platform/sync-directory.ts';
import { systemCode } from '../../platform/system-code.ts';
import { writeWholeFile } from '../../platform/whole-file.ts';
import { readCapped, stateUnwritable } from './account-file.ts';
import { decodePutReplaces, encodePutReplaces } from './put-memory-json.ts';

/** The file `put-replaces-<id>.json` of each account. It is read anew each time, since another process may remove it. */
export function putReplacesFiles(
  dir: string,
): Pick<StateStore, 'readPutReplaces' | 'savePutReplaces' | 'clearPutReplaces'> {
  const pathOf = (account: number) => join(dir, `put-replaces-${account}.json`);
  return {
    readPutReplaces: async (account) => {
      const path = pathOf(account);
      try {
        return decodePutReplaces((await readCapped(path)) ?? '', account);
      } catch (error) {
        const code = systemCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR') return null;
        throw unknowable(path, code, error);
      }
    },
    savePutReplaces: async (found: PutReplaces) => {
      const path = pathOf(found.account);
      try {
        await makeDirectory(dir);
        await writeWholeFile(path, encodePutReplaces(found), { syncsDirectory: true });
      } catch (error) {
        throw stateUnwritable(path, error);
      }
    },
    clearPutReplaces: async (account) => {
      const path = pathOf(account);
      try {
        await rm(path);
        await syncDirectory(dir);
        return true;
      } catch (error) {
        const code = systemCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR') return false;
        throw stateUnwritable(path, error);
      }
    },
  };
}

/** `put-replaces`: the file is there and says nothing, so grantd writes nothing. */
function unknowable(path: string, code: string, cause: unknown): GrantdError {
  return new GrantdError(
    'put-replaces',
    `grantd cannot read ${path} (${code}), so it does not know whether a PUT takes rows that it does not name`,
    'let this user read the file',
    cause,
  );
}
