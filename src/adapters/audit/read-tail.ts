import type { FileHandle } from 'node:fs/promises';
import { auditFault, LOOK_AND_MOVE } from './audit-fault.ts';
import { type AuditRecord, type IntentBody, LINE_BYTES_MAX, NO_HASH } from './audit-record.ts';
import { type FoundLine, linesBackward } from './lines-backward.ts';
import { readRecord } from './read-record.ts';

/** How a log ends, read from its end. */
export interface Tail {
  /** The byte at which its last whole line ends. */
  readonly size: number;
  /** The bytes of an unfinished line. */
  readonly torn: Buffer;
  /** Zero, and `NO_HASH`, if there is no record. */
  readonly seq: number;
  readonly hash: string;
  /** The intents without outcome, oldest first. */
  readonly open: readonly AuditRecord<IntentBody>[];
}

/**
 * Reads back to the oldest intent without outcome, and no further. Throws `audit-unwritable` if a record on the way was
 * edited or does not follow the one before it: grantd adds nothing to such a log.
 */
export async function readTail(file: string, account: number, handle: FileHandle, size: number): Promise<Tail> {
  const lines = linesBackward(handle, size);
  const { bytes: torn, start: end } = await nextLine(file, lines);
  if (end === 0) return { size: 0, torn: Buffer.from(torn), seq: 0, hash: NO_HASH, open: [] };
  const last = recordOf(file, await nextLine(file, lines), null);
  if (last.account !== account) {
    throw auditFault(
      file,
      `is for account ${last.account}, not for ${account}`,
      'give each account a log of its own: write {account} into auditLog',
    );
  }
  const open: AuditRecord<IntentBody>[] = [];
  for (let record = last; open.length < last.open.length; ) {
    if (record.kind === 'intent' && last.open.includes(record.seq)) open.unshift(record);
    if (open.length === last.open.length) break;
    record = recordOf(file, await nextLine(file, lines), record);
  }
  await lines.return();
  return { size: end, torn: Buffer.from(torn), seq: last.seq, hash: last.hash, open };
}

async function nextLine(file: string, lines: AsyncGenerator<FoundLine | null, void>): Promise<FoundLine> {
  const { value } = await lines.next();
  if (value === undefined) throw damaged(file, 'its first records are missing');
  if (value === null) throw damaged(file, `a line of it has more than ${LINE_BYTES_MAX} bytes`);
  return value;
}

function recordOf(file: string, line: FoundLine, next: AuditRecord | null): AuditRecord {
  const read = readRecord(line.bytes);
  const place = `the record at byte ${line.start}`;
  if ('fault' in read) throw damaged(file, `${place} is not what was written: ${read.fault}`);
  const { record } = read;
  if (next !== null && (record.hash !== next.prev || record.seq !== next.seq - 1)) {
    throw damaged(file, `${place} does not belong before record ${next.seq}`);
  }
  return record;
}

function damaged(file: string, what: string): Error {
  return auditFault(file, `is damaged, and nothing is added to it: ${what}`, LOOK_AND_MOVE);
}
