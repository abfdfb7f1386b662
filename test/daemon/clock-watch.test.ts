import { describe, expect, it } from 'vitest';
import { ClockWatch } from '../../src/daemon/clock-watch.ts';
import { VirtualClock } from './support/virtual-clock.ts';

function watched() {
  const clock = new VirtualClock();
  return { clock, watch: new ClockWatch(clock) };
}

describe('clock watch', () => {
  it('sees no jump while both clocks go on together', async () => {
    const { clock, watch } = watched();
    await clock.advance(86_400_000);
    expect(watch.jumpedMs()).toBe(0);
  });

  it.each([5_000, -5_000, 3_600_000, -86_400_000])('tells a jump of %i ms once', async (byMs) => {
    const { clock, watch } = watched();
    await clock.advance(1_000);
    clock.jump(byMs);
    await clock.advance(1_000);
    expect(watch.jumpedMs()).toBe(byMs);
    expect(watch.jumpedMs()).toBe(0);
  });

  it('takes small steps for NTP, however many', () => {
    const { clock, watch } = watched();
    for (let step = 0; step < 100; step += 1) {
      clock.jump(4_999);
      expect(watch.jumpedMs()).toBe(0);
    }
  });
});
