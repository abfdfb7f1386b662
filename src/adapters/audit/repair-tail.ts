import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { syncDirectory } from '../../platform/sync-directory.ts';
import { systemCode } from '../../platform/system-code.ts';
import { writeWholeFile } from '../../platform/whole-file.ts';
import { auditFault } from './audit-fault.ts';
import { LINE_BYTES_MAX, type RepairedBody, sha256 } from './audit-record.ts';

/** Usually one torn line waits, and a second one if the record about the first was torn too. */
const WAITING_BYTES_MAX = 4 * LINE_BYTES_MAX;

/** The file in which torn bytes wait until a record reports them. */
function waitingRoom(file: string): string {
  return `${file}.torn`;
}

/** Copies torn bytes to a file of their own, on the disk once it resolves; the caller may then cut them off. */
export async function putAside(file: string, torn: Buffer): Promise<void> {
  const path = waitingRoom(file);
  const waiting = (await readWaiting(file)) ?? Buffer.alloc(0);
  // A process that was killed between copying and cutting off did the first half already.
  if (waiting.subarray(-torn.length).equals(torn)) return;
  // Only the process that has the lock comes here, so a file of this name was left behind by one that was killed.
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  await writeWholeFile(path, Buffer.concat([waiting, torn]), { temporary, syncsDirectory: true });
}

/** Records the bytes that were put aside, and gives them their lasting name. Returns how many; 0 for none. */
export async function finishRepair(
  file: string,
  record: (body: RepairedBody) => Promise<void>,
  seq: number,
): Promise<number> {
  const path = waitingRoom(file);
  const waiting = await readWaiting(file);
  if (waiting === null) return 0;
  const hash = sha256(waiting);
  const lasting = `${file}.torn-${seq}-${hash.slice(0, 8)}`;
  await record({ kind: 'repaired', file: basename(lasting), bytes: waiting.length, sha256: hash });
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
  throw auditFault(file, `cannot be repaired: ${path} contains more than a torn line`, `move ${path} away`);
}
