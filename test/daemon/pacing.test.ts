import { describe, expect, it } from 'vitest';
import { backoffMs, retryAt } from '../../src/daemon/pacing.ts';

const none = () => 0;
const NOW = 1_000_000;

describe('backoff', () => {
  it('doubles from 5 seconds, and stays at a quarter of an hour', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((failures) => backoffMs(failures, none));
    expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(waits.slice(7)).toEqual([640_000, 900_000, 900_000]);
  });

  it('never overflows, however long it fails', () => {
    for (const failures of [17, 1_000, 1e9]) expect(backoffMs(failures, none)).toBe(900_000);
  });

  it('leaves up to half of it to chance, and never none', () => {
    expect(backoffMs(1, () => 0.5)).toBe(3_750);
    expect(backoffMs(1, () => 1 - Number.EPSILON)).toBe(2_500);
  });
});

describe('the moment of a retry', () => {
  it('is after the backoff', () => {
    expect(retryAt(1, NOW, null, none)).toBe(NOW + 5_000);
    expect(retryAt(2, NOW, NOW + 10_001, none)).toBe(NOW + 10_000);
  });

  it('is left to the schedule where that comes first, or at the same time', () => {
    expect(retryAt(1, NOW, NOW + 5_000, none)).toBe(null);
    expect(retryAt(9, NOW, NOW + 1, none)).toBe(null);
  });

  it('does not trust a slot that has passed', () => {
    expect(retryAt(1, NOW, NOW, none)).toBe(NOW + 5_000);
    expect(retryAt(1, NOW, NOW - 1, none)).toBe(NOW + 5_000);
  });
});
