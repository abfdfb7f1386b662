import { expect, test } from 'vitest';
import { compatTable, isGood, recordedPage } from './compat-table.mjs';
import { chosenLines, LINES, oldestVersion, readEngines } from './node-release.mjs';

const RUN = { paths: [], status: 0, counts: { passed: 4, failed: 0, skipped: 1 }, minutes: 4.56 };

test('the oldest Node is the one that package.json lets in', () => {
  expect(oldestVersion('>=20.19')).toBe('20.19.0');
  expect(oldestVersion('>=22.1.3')).toBe('22.1.3');
  expect(() => oldestVersion('^20')).toThrow('only >=X.Y can be read');
  expect(oldestVersion(readEngines()).split('.')[0]).toBe(LINES[0]);
});

test('lines are chosen by name', () => {
  expect(chosenLines(undefined)).toEqual(LINES);
  expect(chosenLines('26, 20,26')).toEqual(['20', '26']);
  expect(() => chosenLines('21,x')).toThrow('--only 21,x: there is no "21", "x"; choose of 20,22,24,26');
});

test('a run that counted no test is not good', () => {
  expect(isGood(RUN)).toBe(true);
  expect(isGood({ ...RUN, counts: null })).toBe(false);
  expect(isGood({ ...RUN, counts: { passed: 0, failed: 0, skipped: 9 } })).toBe(false);
  expect(isGood({ ...RUN, status: 1 })).toBe(false);
});

test('the table has a row for each run, and the page keeps those of other lines', () => {
  const runs = [{ ...RUN, version: '22.1.0' }];
  expect(compatTable(runs, '2026-11-28')).toContain('| 22.1.0 | 2026-11-28 | all | 4 | 0 | 1 | 4.6 | good |');
  const page = 'Text.\n\nMARK\n\n| Node |\n|---|\n| 20.19.0 | old |\n| 22.0.0 | old |\n';
  const lines = recordedPage(page, 'MARK', runs, '2026-11-28')
    .split('\n')
    .filter((line: string) => /^\| \d/.test(line));
  expect(lines).toEqual(['| 20.19.0 | old |', '| 22.1.0 | 2026-11-28 | all | 4 | 0 | 1 | 4.6 | good |']);
  expect(() => recordedPage('Text.', 'MARK', runs, '2026-11-28')).toThrow('the page has no line MARK');
});
