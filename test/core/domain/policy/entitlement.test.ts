import { expect, it } from 'vitest';
import { grantPhase } from '../../../../src/core/domain/policy/entitlement.ts';

const at = (day: number | null) => (day === null ? null : { at: day, text: `day ${day}` });

it.each([
  [null, null, 5, 'running'],
  [5, null, 4, 'ahead'],
  [5, null, 5, 'running'],
  [null, 5, 4, 'running'],
  [null, 5, 5, 'ended'],
  [3, 5, 2, 'ahead'],
  [3, 5, 3, 'running'],
  [3, 5, 5, 'ended'],
  [5, 5, 9, 'never'],
  [5, 3, 1, 'never'],
] as const)('from %s until %s, at %s it is %s', (from, until, now, phase) => {
  expect(grantPhase({ from: at(from), until: at(until) }, { end: null }, now)).toBe(phase);
});
