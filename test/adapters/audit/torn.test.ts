import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import { ANSWERED, besides, emptyDirectory, kindsOf, logOf, newLog, open, putOf, recordsOf } from './support/puts.ts';

/** The log of one put, torn so many bytes after its first record. */
async function tornLogs(): Promise<{ readonly whole: string; readonly text: Buffer; readonly first: number }> {
  const whole = await logOf(1);
  const text = readFileSync(whole);
  return { whole, text, first: text.indexOf('\n') + 1 };
}

test('torn at every byte of the last record: the bytes are put aside, and the chain goes on', async () => {
  const { whole, text, first } = await tornLogs();
  const directory = emptyDirectory();
  for (let size = first + 1; size < text.length; size += 1) {
    const file = `${directory}/${size}.jsonl`;
    copyFileSync(whole, file);
    truncateSync(file, size);
    const torn = text.subarray(first, size);
    const { repaired, unknown } = await open(file);
    expect({ repaired, unknown }).toEqual({ repaired: torn.length, unknown: [{ access: 5001, runId: 'run-1' }] });
    expect(kindsOf(file)).toEqual(['intent', 'repaired', 'unknown']);
    const record = recordsOf(file)[1];
    if (record?.kind !== 'repaired') throw new Error('no repair is told');
    expect(record.bytes).toBe(torn.length);
    expect(readFileSync(`${directory}/${record.file}`).equals(torn)).toBe(true);
    expect(existsSync(`${file}.torn`)).toBe(false);
    expect((await verifyAuditLog(file, null)).breaks).toEqual([]);
  }
});

test('torn in its very first record', async () => {
  const { text, first } = await tornLogs();
  for (const size of [1, 2, 100, first - 1]) {
    const file = newLog();
    writeFileSync(file, text.subarray(0, size));
    expect(await open(file)).toMatchObject({ repaired: size, unknown: [] });
    expect(recordsOf(file)).toMatchObject([{ kind: 'repaired', seq: 1, prev: '0'.repeat(64), bytes: size }]);
  }
});

test('a repair that was ended in the middle is ended by the next opening', async () => {
  const { text, first } = await tornLogs();
  const torn = text.subarray(first, first + 99);
  // Copied, but not cut off; cut off, but not told.
  for (const left of [text.subarray(0, first + 99), text.subarray(0, first)]) {
    const file = newLog();
    writeFileSync(file, left);
    writeFileSync(`${file}.torn`, torn);
    writeFileSync(`${file}.torn.tmp`, 'half a copy');
    expect((await open(file)).repaired).toBe(99);
    expect(kindsOf(file)).toEqual(['intent', 'repaired', 'unknown']);
    const aside = besides(file).filter((name) => /\.torn-2-[0-9a-f]{8}$/.test(name));
    expect(aside.map((name) => readFileSync(`${file}/../${name}`.replace('audit.jsonl/../', '')).equals(torn))).toEqual(
      [true],
    );
    expect((await open(file)).repaired).toBe(0);
  }
});

test('torn again while the repair is reported: both pieces are kept', async () => {
  const { text, first } = await tornLogs();
  const file = newLog();
  writeFileSync(file, `${text.subarray(0, first)}{"account":3229,"by`);
  writeFileSync(`${file}.torn`, 'the first piece');
  expect((await open(file)).repaired).toBe('the first piece{"account":3229,"by'.length);
  const [aside = ''] = besides(file);
  expect(readFileSync(file.replace('audit.jsonl', aside), 'utf8')).toBe('the first piece{"account":3229,"by');
});

test('torn by another process while this one goes on', async () => {
  const file = newLog();
  const { journal } = await open(file);
  const entry = await journal.intend(putOf(1));
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"half`);
  await entry.ended(ANSWERED);
  expect(kindsOf(file)).toEqual(['intent', 'repaired', 'outcome']);
  expect((await verifyAuditLog(file, null)).breaks).toEqual([]);
});
