import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../src/core/domain/run/daemon-event.ts';
import { Mailbox } from '../../src/daemon/mailbox.ts';
import { settled, VirtualClock } from './support/virtual-clock.ts';

const never = new AbortController().signal;
const DAY_MS = 86_400_000;

/** A mailbox with somebody who takes once, and what they took. */
function taking(earliestMs = 0, signal = never) {
  const clock = new VirtualClock();
  const mailbox = new Mailbox(clock);
  const taken: (Trigger | null)[] = [];
  const take = (earliest = earliestMs) =>
    mailbox.take(earliest, signal).then((trigger) => {
      taken.push(trigger);
    });
  void take();
  return { clock, mailbox, taken, take };
}

describe('mailbox', () => {
  it('hands out what comes at once', async () => {
    const { mailbox, taken } = taking();
    await settled();
    expect(taken).toEqual([]);
    mailbox.add('file');
    await settled();
    expect(taken).toEqual(['file']);
  });

  it('keeps what comes while nobody takes', async () => {
    const { mailbox, taken, take } = taking();
    mailbox.add('file');
    await settled();
    mailbox.add('request');
    await settled();
    expect(taken).toEqual(['file']);
    await take();
    expect(taken).toEqual(['file', 'request']);
  });

  it('answers many with one run, which the newest names', async () => {
    const { clock, mailbox, taken, take } = taking(1_000);
    for (const trigger of ['schedule', 'file', 'request', 'signal'] as const) mailbox.add(trigger);
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
      const { clock, mailbox, taken } = taking(5);
      for (const trigger of order) mailbox.add(trigger, trigger === 'schedule' ? 10_000 : 0);
      await clock.advance(4);
      expect(taken).toEqual([]);
      await clock.advance(1);
      expect(taken).toEqual([order[1]]);
    }
  });

  it('waits out the jitter of what comes alone', async () => {
    const { clock, mailbox, taken } = taking();
    mailbox.add('schedule', 10_000);
    await clock.advance(9_999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(['schedule']);
  });

  it('an old wait does not hold back what comes after it was taken', async () => {
    const { clock, mailbox, taken, take } = taking();
    mailbox.add('schedule', 10_000);
    await clock.advance(10_000);
    void take();
    mailbox.add('file', 3);
    await clock.advance(3);
    expect(taken).toEqual(['schedule', 'file']);
  });

  it('hands nothing out before the least interval is over', async () => {
    const { clock, mailbox, taken } = taking(60_000);
    mailbox.add('request');
    await clock.advance(59_999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(['request']);
  });

  it('waits for ever without a timer that overflows', async () => {
    const { clock, mailbox, taken } = taking(60 * DAY_MS);
    mailbox.add('request');
    await clock.advance(60 * DAY_MS - 1);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(['request']);
  });

  it('hands out nothing once it is stopped, not even what lies in it', async () => {
    const stop = new AbortController();
    const { clock, mailbox, taken, take } = taking(1_000, stop.signal);
    mailbox.add('request');
    await settled();
    stop.abort();
    await settled();
    expect(taken).toEqual([null]);
    await take(0);
    expect(taken).toEqual([null, null]);
    expect(clock.sleeping).toBe(0);
  });
});
