import { describe, expect, it } from 'vitest';
import { createLimiter, LimiterFull, type Slot } from '../../../src/adapters/mailtrap/transport/limiter.ts';
import { FakeStillClock, settle } from './support/clocks.ts';
import { anySignal } from './support/new-client.ts';

/** Who was let in, in order, and their slots. */
function entering(limiter: ReturnType<typeof createLimiter>, names: readonly string[], signal = anySignal()) {
  const entered: string[] = [];
  const slots = new Map<string, Slot>();
  const failed: unknown[] = [];
  for (const name of names) {
    limiter.enter(signal).then(
      (slot) => {
        entered.push(name);
        slots.set(name, slot);
      },
      (error) => failed.push(error),
    );
  }
  return { entered, slots, failed };
}

describe('createLimiter', () => {
  it('lets in so many at once, and the next a whole window after the first ended', async () => {
    const clock = new FakeStillClock();
    const { entered, slots } = entering(createLimiter({ clock, requestsMax: 2 }), ['a', 'b', 'c', 'd']);
    await clock.advance(5_000);
    expect(entered).toEqual(['a', 'b']);
    slots.get('a')?.leave();
    await clock.advance(9_999);
    expect(entered).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(entered).toEqual(['a', 'b', 'c']);
    await clock.advance(60_000);
    expect(entered).toEqual(['a', 'b', 'c']);
  });

  it('never shows more than its number to any window of the other side, whenever that counts them', async () => {
    const clock = new FakeStillClock();
    const limiter = createLimiter({ clock, requestsMax: 5, windowMs: 100, waitingMax: 1000 });
    const random = seeded(7);
    const counted: number[] = [];
    const requests = Array.from({ length: 200 }, async () => {
      const slot = await limiter.enter(anySignal());
      await clock.sleep(Math.floor(random() * 150), anySignal());
      counted.push(clock.now());
      await clock.sleep(Math.floor(random() * 50), anySignal());
      slot.leave();
    });
    await clock.advance(60_000);
    await Promise.all(requests);
    expect(counted).toHaveLength(200);
    expect(Math.max(...counted.map((start) => counted.filter((at) => at >= start && at < start + 100).length))).toBe(5);
  });

  it('wastes nothing: with instant answers a window passes as many as it may', async () => {
    const clock = new FakeStillClock();
    const limiter = createLimiter({ clock, requestsMax: 10, windowMs: 1000 });
    let passed = 0;
    for (let index = 0; index < 30; index += 1) {
      limiter.enter(anySignal()).then((slot) => {
        passed += 1;
        slot.leave();
      });
    }
    await clock.advance(0);
    expect(passed).toBe(10);
    await clock.advance(1000);
    expect(passed).toBe(20);
    await clock.advance(1000);
    expect(passed).toBe(30);
  });

  it('admits no request while it pauses, a minute at most', async () => {
    const clock = new FakeStillClock();
    const limiter = createLimiter({ clock });
    limiter.pause(3_600_000);
    const { entered } = entering(limiter, ['a']);
    await clock.advance(59_999);
    expect(entered).toEqual([]);
    await clock.advance(1);
    expect(entered).toEqual(['a']);
  });

  it('lets a waiter go who is stopped, keeps the order of the others, and leaves no timer behind', async () => {
    const clock = new FakeStillClock();
    const limiter = createLimiter({ clock, requestsMax: 1 });
    const first = entering(limiter, ['a']);
    const stopping = new AbortController();
    const stopped = entering(limiter, ['b'], stopping.signal);
    const last = entering(limiter, ['c']);
    await settle();
    first.slots.get('a')?.leave();
    stopping.abort(new Error('stop'));
    await settle();
    expect(stopped.failed).toEqual([new Error('stop')]);
    await clock.advance(10_000);
    expect(last.entered).toEqual(['c']);
    expect(clock.sleeping).toBe(0);
  });

  it('calls its timer off with the last waiter', async () => {
    const clock = new FakeStillClock();
    const limiter = createLimiter({ clock });
    limiter.pause(10_000);
    const stopping = new AbortController();
    const { failed } = entering(limiter, ['a', 'b'], stopping.signal);
    await settle();
    expect(clock.sleeping).toBe(1);
    stopping.abort(new Error('stop'));
    await settle();
    expect(failed).toHaveLength(2);
    expect(clock.sleeping).toBe(0);
  });

  it('rejects at once for a signal that is aborted already', async () => {
    const limiter = createLimiter({ clock: new FakeStillClock() });
    await expect(limiter.enter(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });

  it('turns away who would be one too many in the queue', async () => {
    const limiter = createLimiter({ clock: new FakeStillClock(), requestsMax: 1, waitingMax: 2 });
    const { failed } = entering(limiter, ['a', 'b', 'c', 'd']);
    await settle();
    expect(failed).toEqual([new LimiterFull(2)]);
  });

  it('counts a slot that is given back twice once', async () => {
    const clock = new FakeStillClock();
    const { entered, slots } = entering(createLimiter({ clock, requestsMax: 2 }), ['a', 'b', 'c', 'd']);
    await settle();
    slots.get('a')?.leave();
    slots.get('a')?.leave();
    await clock.advance(30_000);
    expect(entered).toEqual(['a', 'b', 'c']);
  });

  it('waits no longer than a window and a pause when the clock is set back', async () => {
    const clock = new FakeStillClock();
    clock.set(10_000_000);
    const limiter = createLimiter({ clock, requestsMax: 1 });
    const { slots } = entering(limiter, ['a']);
    await settle();
    slots.get('a')?.leave();
    limiter.pause(5_000);
    clock.set(0);
    const { entered } = entering(limiter, ['b']);
    await clock.advance(60_000);
    expect(entered).toEqual(['b']);
  });
});

/** A small generator of numbers from 0 up to 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
