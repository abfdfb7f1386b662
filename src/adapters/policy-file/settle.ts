import type { Clock } from '../../core/domain/run/ports.ts';

/** What one look found. Two looks with the same key found the same. */
export interface Look<T> {
  readonly key: string;
  readonly found: T;
}

export interface Settling {
  readonly clock: Clock;
  /** How long what was found must stay. */
  readonly settleMs: number;
  /** What is known to have stayed already: to find it again takes one look. */
  readonly knownKey: string | null;
  readonly signal: AbortSignal;
}

/** With the default settling time: five seconds. */
const LOOKS_MOST = 25;

/**
 * Looks until two looks in a row, `settleMs` apart, find the same; null where that never happens. A writer that is not done
 * yet is waited for; one that pauses for longer than `settleMs` is not noticed here. Rejects with the signal's reason.
 */
export async function settle<T>(look: () => Promise<Look<T>>, settling: Settling): Promise<Look<T> | null> {
  const { clock, settleMs, knownKey, signal } = settling;
  signal.throwIfAborted();
  let last = await look();
  if (last.key === knownKey) return last;
  for (let looks = 2; looks <= LOOKS_MOST; looks += 1) {
    await clock.sleep(settleMs, signal);
    const next = await look();
    if (next.key === last.key) return next;
    last = next;
  }
  return null;
}
