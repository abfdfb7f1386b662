import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { limitRun } from '../../src/daemon/run-limits.ts';
import { settled, VirtualClock } from './support/virtual-clock.ts';

function limited() {
  const clock = new VirtualClock();
  const daemon = { stop: new AbortController(), abort: new AbortController() };
  let deadlines = 0;
  const begin = () =>
    limitRun(
      clock,
      { runTimeoutMs: 10_000, runGraceMs: 5_000 },
      { stop: daemon.stop.signal, abort: daemon.abort.signal },
      () => {
        deadlines += 1;
      },
    );
  return { clock, daemon, begin, limits: begin(), deadlines: () => deadlines };
}

/** `-`, `stop` or `stop abort` */
function stateOf({ stop, abort }: { stop: AbortSignal; abort: AbortSignal }): string {
  return [stop.aborted && 'stop', abort.aborted && 'abort'].filter(Boolean).join(' ') || '-';
}

describe('the limits of a run', () => {
  it('after its deadline it begins nothing further, and after a grace it is cut off with the reason', async () => {
    const { clock, limits, deadlines } = limited();
    await clock.advance(9_999);
    expect(stateOf(limits)).toBe('-');
    await clock.advance(1);
    expect(stateOf(limits)).toBe('stop');
    expect(deadlines()).toBe(1);
    await clock.advance(4_999);
    expect(stateOf(limits)).toBe('stop');
    await clock.advance(1);
    expect(stateOf(limits)).toBe('stop abort');
    expect(limits.abort.reason).toMatchObject({ name: 'GrantdError', code: 'run-timeout' });
    expect(deadlines()).toBe(1);
  });

  it('a run that ended has no deadline any more', async () => {
    for (const afterMs of [0, 9_999, 10_000]) {
      const { clock, limits, deadlines } = limited();
      await clock.advance(afterMs);
      limits.end();
      await settled();
      expect(clock.sleeping).toBe(0);
      await clock.advance(60_000);
      expect(limits.abort.aborted).toBe(false);
      expect(deadlines()).toBe(afterMs === 10_000 ? 1 : 0);
    }
  });

  it('a superseded run begins nothing further, and is not cut off', async () => {
    const { limits } = limited();
    limits.supersede();
    await settled();
    expect(stateOf(limits)).toBe('stop');
  });

  it('the signals of the daemon are those of the run, before it or meanwhile', async () => {
    const { daemon, limits, begin } = limited();
    daemon.stop.abort();
    expect(stateOf(limits)).toBe('stop');
    const reason = new Error('the second signal');
    daemon.abort.abort(reason);
    expect(stateOf(limits)).toBe('stop abort');
    expect(limits.abort.reason).toBe(reason);
    expect(stateOf(begin())).toBe('stop abort');
  });

  it('says whether the daemon or a newer policy called it off, or its own deadline', async () => {
    const overdue = limited();
    await overdue.clock.advance(10_000);
    expect(overdue.limits.isCalledOff).toBe(false);
    const superseded = limited();
    expect(superseded.limits.isCalledOff).toBe(false);
    superseded.limits.supersede();
    expect(superseded.limits.isCalledOff).toBe(true);
    const stopped = limited();
    stopped.daemon.stop.abort();
    expect(stopped.limits.isCalledOff).toBe(true);
  });

  it('leaves nothing behind on the signals of the daemon, which outlive every run', () => {
    const { daemon, limits } = limited();
    const listening = () => [daemon.stop, daemon.abort].map(({ signal }) => getEventListeners(signal, 'abort').length);
    expect(listening()).toEqual([1, 1]);
    limits.end();
    expect(listening()).toEqual([0, 0]);
  });
});
