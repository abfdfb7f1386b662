import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { syncDirectory } from '../../platform/sync-directory.ts';
import { systemCode } from '../../platform/system-code.ts';
import { writeWholeFile } from '../../platform/whole-file.ts';
import { auditFault } from './audit-fault.ts';
import { LINE_BYTES_MAX, type RepairedBody, sha256 } from './audit-record.ts';

/** One torn line waits as a rule, and another where telling of the first was cut off too. */
const WAITING_BYTES_MAX = 4 * LINE_BYTES_MAX;

/** Where torn bytes wait until a record tells of them. */
function waitingRoom(file: string): string {
  return `${file}.torn`;
}

/** Copies torn bytes to a file of their own, on the disk once it resolves; the caller may then cut them off. */
export async function putAside(file: string, torn: Buffer): Promise<void> {
  const path = waitingRoom(file);
  const waiting = (await readWaiting(file)) ?? Buffer.alloc(0);
  // Somebody who was ended between copying and cutting off did the first half already.
  if (waiting.subarray(-torn.length).equals(torn)) return;
  // Only the process that has the lock comes here, so a file of this name was left behind by one that was killed.
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  await writeWholeFile(path, Buffer.concat([waiting, torn]), { temporary, syncsDirectory: true });
}

/** Has a record tell of what was put aside, and gives that its lasting name. Zero bytes where nothing waits. */
export async function finishRepair(
  file: string,
  tell: (body: RepairedBody) => Promise<void>,
  seq: number,
): Promise<number> {
  const path = waitingRoom(file);
  const waiting = await readWaiting(file);
  if (waiting === null) return 0;
  const hash = sha256(waiting);
  const lasting = `${file}.torn-${seq}-${hash.slice(0, 8)}`;
  await tell({ kind: 'repaired', file: basename(lasting), bytes: waiting.length, sha256: hash });
  await rename(path, lasting);
  await syncDirectory(dirname(file));
  return waiting.length;
}

async function readWaiting(file: string): Promise<Buffer | null> {
  const path = waitingRoom(file);
  try {
    const { size } = await stat(path);
    if (size <= WAITING_BYTES_MAX) return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  throw auditFault(file, `cannot be repaired: ${path} holds more than a torn line`, `move ${path} away`);
}
