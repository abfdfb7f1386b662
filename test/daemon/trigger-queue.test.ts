import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/core/domain/run/daemon-event.ts';
import { TriggerQueue, Wakeup } from '../../src/daemon/trigger-queue.ts';
import { settled, VirtualClock } from './support/virtual-clock.ts';

const never = new AbortController().signal;
const DAY_MS = 86_400_000;

/** A queue with somebody who takes once, and what they took. */
function taking(earliestMs = 0, signal = never) {
  const clock = new VirtualClock();
  const queue = new TriggerQueue(clock);
  const taken: (Trigger | null)[] = [];
  const take = (earliest = earliestMs) =>
    queue.take(earliest, signal).then((trigger) => {
      taken.push(trigger);
    });
  void take();
  return { clock, queue, taken, take };
}

describe('queue', () => {
  it('hands out what comes at once', async () => {
    const { queue, taken } = taking();
    await settled();
    expect(taken).toEqual([]);
    queue.add('file');
    await settled();
    expect(taken).toEqual(['file']);
  });

  it('keeps what comes while nobody takes', async () => {
    const { queue, taken, take } = taking();
    queue.add('file');
    await settled();
    queue.add('request');
    await settled();
    expect(taken).toEqual(['file']);
    await take();
    expect(taken).toEqual(['file', 'request']);
  });

  it('answers many with one run, which the newest names', async () => {
    const { clock, queue, taken, take } = taking(1_000);
    for (const trigger of ['schedule', 'file', 'request', 'signal'] as const) queue.add(trigger);
    await clock.advance(1_000);
    expect(taken).toEqual(['signal']);
    void take();
    await clock.advance(DAY_MS);
    expect(taken).toEqual(['signal']);
  });

  it('begins when the most impatient would, whoever came first', async () => {
    for (const order of [
      ['schedule', 'request'],
      ['request', 'schedule'],
    ] as const) {
      const { clock, queue, taken } = taking(5);
      for (const trigger of order) queue.add(trigger, trigger === 'schedule' ? 10_000 : 0);
      await clock.advance(4);
      expect(taken).toEqual([]);
      await clock.advance(1);
      expect(taken).toEqual([order[1]]);
    }
  });

  it('waits out the jitter of what comes alone', async () => {
    const { clock, queue, taken } = taking();
    queue.add('schedule', 10_000);
    await clock.advance(9_999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(['schedule']);
  });

  it('an old wait does not hold back what comes after it was taken', async () => {
    const { clock, queue, taken, take } = taking();
    queue.add('schedule', 10_000);
    await clock.advance(10_000);
    void take();
    queue.add('file', 3);
    await clock.advance(3);
    expect(taken).toEqual(['schedule', 'file']);
  });

  it('hands nothing out before the least interval is over', async () => {
    const { clock, queue, taken } = taking(60_000);
    queue.add('request');
    await clock.advance(59_999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(['request']);
  });

  it('waits for ever without a timer that overflows', async () => {
    const { clock, queue, taken } = taking(60 * DAY_MS);
    queue.add('request');
    await clock.advance(60 * DAY_MS - 1);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(['request']);
  });

  it('hands out nothing once it is stopped, not even what lies in it', async () => {
    const stop = new AbortController();
    const { clock, queue, taken, take } = taking(1_000, stop.signal);
    queue.add('request');
    await settled();
    stop.abort();
    await settled();
    expect(taken).toEqual([null]);
    await take(0);
    expect(taken).toEqual([null, null]);
    expect(clock.sleeping).toBe(0);
  });
});

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
