import { expect, test } from 'vitest';
import { judgeCanary } from '../../../src/core/guard/judge-canary.ts';

const DOMAIN = { type: 'domain', id: 7001, level: 10 } as const;
const WEB = { type: 'project', id: 1, level: 10 } as const;
const APP = { type: 'project', id: 2, level: 100 } as const;
const RAISE = { written: [DOMAIN], unnamed: [WEB, APP] };

test.each([
  ['every unnamed row is there', [DOMAIN, WEB, APP], { kind: 'stayed' }],
  ['a row at another level is there', [DOMAIN, { ...WEB, level: 100 }, APP], { kind: 'stayed' }],
  ['none is there', [DOMAIN], { kind: 'all-gone' }],
  ['one is gone', [DOMAIN, APP], { kind: 'some-gone' }],
  ['the PUT does not show, and the rows do', [WEB, APP], { kind: 'unseen', isUntouched: true }],
  ['the PUT does not show, and a row is gone', [APP], { kind: 'unseen', isUntouched: false }],
  ['the PUT shows at another level', [{ ...DOMAIN, level: 100 }], { kind: 'unseen', isUntouched: false }],
] as const)('%s', (_, rows, verdict) => {
  expect(judgeCanary(RAISE, rows)).toEqual(verdict);
});

test('a row that the PUT removes shows by its absence', () => {
  const removal = { written: [{ ...DOMAIN, level: 0 }], unnamed: [WEB] };
  expect(judgeCanary(removal, [WEB])).toEqual({ kind: 'stayed' });
  expect(judgeCanary(removal, [DOMAIN, WEB])).toEqual({ kind: 'unseen', isUntouched: true });
  expect(judgeCanary(removal, [])).toEqual({ kind: 'all-gone' });
});
