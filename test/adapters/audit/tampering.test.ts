import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { NO_HASH } from '../../../src/adapters/audit/audit-record.ts';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import type { AuditProof } from '../../../src/core/domain/answer/audit-proof.ts';
import { RUNS, SEED } from '../../property/runs.ts';
import { logOf, newLog, recordsOf } from './support/puts.ts';

const PUTS = 4;

let text: Buffer;
let lines: readonly string[];
let head = NO_HASH;

beforeAll(async () => {
  const file = await logOf(PUTS);
  text = readFileSync(file);
  lines = text.toString().split('\n').slice(0, -1);
  head = recordsOf(file).at(-1)?.hash ?? NO_HASH;
});

/** What verify says of a log that holds this. */
async function proofOf(content: Uint8Array | string, noted: string | null = null): Promise<AuditProof> {
  const file = newLog();
  writeFileSync(file, content);
  return verifyAuditLog(file, noted);
}

function textOf(records: readonly string[]): string {
  return records.map((line) => `${line}\n`).join('');
}

describe(`seed ${SEED}`, () => {
  test('any single byte that is edited breaks the chain, and its line is named', async () => {
    const property = fc.asyncProperty(
      fc.nat({ max: text.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, by) => {
        const edited = Buffer.from(text);
        edited[at] = (edited[at] ?? 0) ^ by;
        const line = text.subarray(0, at).toString('latin1').split('\n').length;
        const { breaks } = await proofOf(edited);
        expect(breaks[0]?.line).toBe(line);
      },
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  test.each([100, 10_000, 200_000])(
    'a line that nests %i levels deep is no record, and its line is named',
    async (depth) => {
      const deep = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const { breaks } = await proofOf(textOf([...lines, deep]), head);
      expect(breaks).toEqual([{ line: lines.length + 1, what: 'it is no record: it was edited or damaged' }]);
    },
  );

  test('records that were removed, repeated, inserted or moved', async () => {
    const index = fc.nat({ max: 2 * PUTS - 1 });
    const property = fc.asyncProperty(index, index, fc.constantFrom('remove', 'copy', 'swap'), async (a, b, how) => {
      const tampered = [...lines];
      const [one = '', other = ''] = [lines[a], lines[b]];
      if (how === 'remove') tampered.splice(a, 1);
      if (how === 'copy') tampered.splice(b, 0, one);
      if (how === 'swap') tampered.splice(a, 1, other);
      if (how === 'swap') tampered.splice(b, 1, one);
      const { breaks, noted } = await proofOf(textOf(tampered), head);
      const isSame = how === 'swap' && a === b;
      // The last record can be taken away unseen, unless its hash was noted elsewhere.
      const isLast = how === 'remove' && a === lines.length - 1;
      expect(breaks.length > 0).toBe(!isSame && !isLast);
      if (isLast) expect(noted).toBe(null);
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});

test('an untouched log is whole, and has the head that was noted', async () => {
  expect(await proofOf(text, head)).toEqual({
    account: 3229,
    records: 2 * PUTS,
    firstTime: '2026-11-24T04:00:00Z',
    lastTime: '2026-11-24T04:00:00Z',
    head,
    intents: PUTS,
    withoutOutcome: [],
    unknown: 0,
    repaired: 0,
    noted: 2 * PUTS,
    breaks: [],
    furtherBreaks: 0,
  });
});

test('what happened is said, at its line', async () => {
  const [first = '', second = '', third = '', ...rest] = lines;
  const cases: readonly (readonly [name: string, content: string, line: number, words: string])[] = [
    ['edited', textOf([first, second.replace('"status":200', '"status":204'), third, ...rest]), 2, 'it was edited'],
    ['removed', textOf([first, third, ...rest]), 2, 'record 2 is missing before record 3'],
    ['two removed', textOf([first, ...rest]), 2, 'records 2 to 3 are missing before record 4'],
    ['the first removed', textOf([second, third, ...rest]), 1, 'record 1 is missing'],
    ['repeated', textOf([first, second, second, third, ...rest]), 3, 'record 2 comes after record 2'],
    ['inserted', textOf([first, '{"hello":1}', second, third, ...rest]), 2, 'hash does not fit'],
    ['no JSON', textOf([first, 'hello', second, third, ...rest]), 2, 'no record'],
    ['spelled otherwise', textOf([first.replace('{', '{ '), ...lines.slice(1)]), 1, 'it was edited'],
    ['torn', textOf(lines).slice(0, -1), 8, 'torn'],
    ['an empty line', textOf([first, '', second, third, ...rest]), 2, 'no record'],
    ['other bytes', textOf([first, second]).replace('Mobile', 'Mobil\u00e9'), 1, 'it was edited'],
    [
      'a line that is too long',
      textOf([first, 'x'.repeat(5 * 2 ** 20), second, third, ...rest]),
      2,
      'more than 4194304',
    ],
  ];
  for (const [name, content, line, words] of cases) {
    const { breaks } = await proofOf(content);
    expect({ name, breaks }).toEqual({ name, breaks: [{ line, what: expect.stringContaining(words) }] });
  }
});

test('a record that was edited and given a hash that fits breaks the chain at the next one', async () => {
  const { breaks } = await proofOf(textOf([...lines.slice(0, 1), ...readLinesOf(await forged()).slice(1)]));
  expect(breaks[0]).toEqual({ line: 2, what: expect.stringContaining('does not follow record 1') });
});

test('a log that was rewritten whole is found by a head that was noted elsewhere, and by nothing else', async () => {
  const content = readFileSync(await forged());
  expect(await proofOf(content)).toMatchObject({ breaks: [] });
  expect(await proofOf(content, head)).toMatchObject({ breaks: [], noted: null });
});

test('of many breaks the first are told, and the rest counted', async () => {
  const { breaks, furtherBreaks } = await proofOf('x\n'.repeat(250));
  expect(breaks).toHaveLength(100);
  expect(furtherBreaks).toBe(150);
});

test('an empty log is whole and proves nothing', async () => {
  expect(await proofOf('', head)).toMatchObject({ records: 0, head: null, noted: null, breaks: [] });
});

/** Another log of as many records, whole in itself: its writer has another id, so no hash is the same. */
function forged(): Promise<string> {
  return logOf(PUTS);
}

function readLinesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}
