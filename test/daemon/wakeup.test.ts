import { describe, expect, it } from 'vitest';
import { Wakeup } from '../../src/daemon/trigger-queue.ts';
import { settled, VirtualClock } from './support/virtual-clock.ts';

function waiting(signal = new AbortController().signal) {
  const clock = new VirtualClock();
  const wakeup = new Wakeup(clock);
  const ends: boolean[] = [];
  const wait = () =>
    wakeup.wait(1_000, signal).then((wasRung) => {
      ends.push(wasRung);
    });
  return { clock, wakeup, ends, wait };
}

describe('wakeup', () => {
  it('says false when the time is over', async () => {
    const { clock, ends, wait } = waiting();
    void wait();
    await clock.advance(999);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toEqual([false]);
  });

  it('says true when it is rung, and leaves no timer behind', async () => {
    const { clock, wakeup, ends, wait } = waiting();
    void wait();
    await settled();
    wakeup.ring();
    await settled();
    expect(ends).toEqual([true]);
    expect(clock.sleeping).toBe(0);
  });

  it('keeps one ring for whoever waits next, however often it rang', async () => {
    const { clock, wakeup, ends, wait } = waiting();
    wakeup.ring();
    wakeup.ring();
    await wait();
    expect(ends).toEqual([true]);
    void wait();
    await clock.advance(1_000);
    expect(ends).toEqual([true, false]);
  });

  it('says false when it is nudged, and a nudge that nobody waits for is forgotten', async () => {
    const { clock, wakeup, ends, wait } = waiting();
    wakeup.nudge();
    void wait();
    await settled();
    expect(ends).toEqual([]);
    wakeup.nudge();
    await settled();
    expect(ends).toEqual([false]);
    expect(clock.sleeping).toBe(0);
  });

  it('says false when it is called off, before or meanwhile', async () => {
    const stop = new AbortController();
    const { clock, ends, wait } = waiting(stop.signal);
    void wait();
    await settled();
    stop.abort();
    await settled();
    expect(ends).toEqual([false]);
    await wait();
    expect(ends).toEqual([false, false]);
    expect(clock.sleeping).toBe(0);
  });
});
