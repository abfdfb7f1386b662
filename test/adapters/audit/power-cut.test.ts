import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import { type AfterCut, afterAnyPowerCut, afterLastPowerCut, recordDisk } from '../../support/recorded-disk.ts';
import { ANSWERED, emptyDirectory, kindsOf, logOf, newLog, open, putOf, recordsOf } from './support/puts.ts';

/** Puts what a power cut left into a new directory. Returns the path of the log in it. */
function leftOver(left: AfterCut, file: string): string {
  const again = emptyDirectory();
  for (const [path, bytes] of left) writeFileSync(join(again, basename(path)), bytes);
  return join(again, basename(file));
}

describe('an audit log after a power cut', () => {
  it('has each record that grantd went on after', async () => {
    const file = newLog();
    const look = async (kinds: string[], work: () => Promise<unknown>) => {
      const recorded = await recordDisk(dirname(file), work);
      for (const left of afterLastPowerCut(recorded)) expect(kindsOf(leftOver(left, file))).toEqual(kinds);
    };
    const { journal } = await open(file);
    let entry: Awaited<ReturnType<typeof journal.intend>> | null = null;
    await look(['intent'], async () => {
      entry = await journal.intend(putOf(1));
    });
    await look(['intent', 'outcome'], async () => entry?.ended(ANSWERED));
    await look(['intent', 'outcome', 'intent'], () => journal.intend(putOf(2)));
  });

  it('has the first record, although the file is new', async () => {
    const root = emptyDirectory();
    const file = join(root, 'audit.jsonl');
    const recorded = await recordDisk(root, async () => (await open(file)).journal.intend(putOf(1)));
    for (const left of afterLastPowerCut(recorded)) expect(kindsOf(leftOver(left, file))).toEqual(['intent']);
  });

  it('keeps every byte of a torn line at any moment of its repair, and the next opening ends the repair', async () => {
    const whole = readFileSync(await logOf(1));
    const first = whole.indexOf('\n') + 1;
    const file = newLog();
    writeFileSync(file, whole);
    truncateSync(file, first + 99);
    const torn = whole.subarray(first, first + 99);
    const recorded = await recordDisk(dirname(file), () => open(file));
    for (const left of afterLastPowerCut(recorded)) {
      const again = leftOver(left, file);
      await open(again);
      expect(kindsOf(again)).toEqual(['intent', 'repaired', 'unknown']);
    }
    for (const left of afterAnyPowerCut(recorded)) {
      const again = leftOver(left, file);
      await open(again);
      expect((await verifyAuditLog(again, null)).breaks).toEqual([]);
      // A repair whose last rename was lost is told again.
      expect([...new Set(kindsOf(again))]).toEqual(['intent', 'repaired', 'unknown']);
      const repaired = recordsOf(again).filter((record) => record.kind === 'repaired');
      expect(readFileSync(join(dirname(again), repaired.at(-1)?.file ?? '')).equals(torn)).toBe(true);
    }
  });
});
