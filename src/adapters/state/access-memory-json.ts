import {
  type AccessMemory,
  NO_ACCESS_MEMORY,
  REMEMBERED_MOST,
  type RememberedAccess,
  SETTLED_BY_MOST,
  type SettledBy,
} from '../../core/domain/account/remembered-access.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';
import { readSha256, readStateMoment } from './read-values.ts';

/** Bytes of one access: a flag, seven bytes of its id, and two hashes. */
const RECORD_BYTES = 24;

/** The two upper bits of the flag say what is true of the access, the others by which moment it settled, or why by none. */
const HAS_EMAIL = 0x80;
const WAS_ADMIN = 0x40;
const NOT_SETTLED = 0x3f;
const NEWCOMER = 0x3e;

/** What is remembered of the accesses, as JSON. All accesses are one text in base64, 32 characters each. */
export function accessMemoryJson({ remembered, remembersAll }: AccessMemory): unknown {
  const all = [...remembered.values()];
  const moments = new Map(all.flatMap(({ settledBy }) => (settledBy ? [[momentKey(settledBy), settledBy]] : [])));
  const indexes = new Map([...moments.keys()].map((key, index) => [key, index]));
  const bytes = Buffer.alloc(all.length * RECORD_BYTES);
  for (const [index, one] of all.entries()) {
    const settled = one.settledBy && indexes.get(momentKey(one.settledBy));
    writeRecord(bytes.subarray(index * RECORD_BYTES), one, settled ?? (one.isNewcomer ? NEWCOMER : NOT_SETTLED));
  }
  return {
    all: remembersAll,
    settledBy: [...moments.values()].map(({ sha256, at }) => ({ sha256, at: instantText(at) })),
    accesses: bytes.toString('base64'),
  };
}

function writeRecord(
  bytes: Buffer,
  { access, emailHash, rowsHash, wasAccountAdmin }: RememberedAccess,
  settled: number,
) {
  // An id is below 2^53, so its first byte is free.
  bytes.writeBigUInt64BE(BigInt(access));
  bytes.writeUInt8((emailHash === null ? 0 : HAS_EMAIL) | (wasAccountAdmin ? WAS_ADMIN : 0) | settled);
  bytes.write(emailHash ?? '', 8, 'hex');
  bytes.write(rowsHash, 16, 'hex');
}

/** What `accessMemoryJson` wrote. A state without it remembers nothing. */
export function readAccessMemory(reader: JsonReader, value: unknown): AccessMemory {
  if (value === undefined) return NO_ACCESS_MEMORY;
  const read = reader.object(value, 'remembered', ['all', 'settledBy', 'accesses']);
  const moments = reader.list(read['settledBy'], 'remembered.settledBy', (item, place): SettledBy => {
    const one = reader.object(item, place, ['sha256', 'at']);
    return {
      sha256: readSha256(reader, one['sha256'], `${place}.sha256`),
      at: readStateMoment(reader, one['at'], `${place}.at`),
    };
  });
  if (moments.length > SETTLED_BY_MOST) reader.report('remembered.settledBy', `has over ${SETTLED_BY_MOST} items`);
  return {
    remembered: readRecords(reader, reader.text(read['accesses'], 'remembered.accesses'), moments),
    remembersAll: reader.flag(read['all'], 'remembered.all'),
  };
}

function readRecords(
  reader: JsonReader,
  text: string,
  moments: readonly SettledBy[],
): ReadonlyMap<number, RememberedAccess> {
  const bytes = Buffer.from(text, 'base64');
  const remembered = new Map<number, RememberedAccess>();
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const record = readRecord(bytes.subarray(at, at + RECORD_BYTES), moments);
    if (record !== null) remembered.set(record.access, record);
  }
  const isWhole = bytes.toString('base64') === text && remembered.size * RECORD_BYTES === bytes.length;
  if (!isWhole) reader.report('remembered.accesses', 'is cut off or edited');
  if (remembered.size > REMEMBERED_MOST) reader.report('remembered.accesses', `has over ${REMEMBERED_MOST} accesses`);
  return remembered;
}

/** Null if it refers to a moment that is not there. */
function readRecord(bytes: Buffer, moments: readonly SettledBy[]): RememberedAccess | null {
  const flag = bytes.readUInt8();
  const settled = flag & NOT_SETTLED;
  const settledBy = moments[settled];
  if (settledBy === undefined && settled !== NOT_SETTLED && settled !== NEWCOMER) return null;
  return {
    access: bytes.readUInt16BE(1) * 2 ** 40 + bytes.readUIntBE(3, 5),
    emailHash: (flag & HAS_EMAIL) === 0 ? null : bytes.toString('hex', 8, 16),
    rowsHash: bytes.toString('hex', 16, 24),
    wasAccountAdmin: (flag & WAS_ADMIN) !== 0,
    ...(settledBy && { settledBy }),
    ...(settled === NEWCOMER && { isNewcomer: true }),
  };
}

function momentKey({ sha256, at }: SettledBy): string {
  return `${sha256} ${at}`;
}
