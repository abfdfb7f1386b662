import type { Clock } from '../../core/domain/run/ports.ts';

/** The result of one look. Two looks with the same key found the same. */
export interface Look<T> {
  readonly key: string;
  readonly found: T;
  /** How long this must stay the same, in ms. */
  readonly settleMs: number;
}

/** How long to wait, and what is known already. */
export interface Settling {
  readonly clock: Clock;
  /** The key of the last settled result. Finding it again takes a single look. */
  readonly knownKey: string | null;
  readonly signal: AbortSignal;
}

/** Five seconds for one file, and 50 for a policy that includes files. */
const LOOKS_MOST = 25;

/**
 * Looks until two looks in a row, `settleMs` of the first one apart, find the same. Null if that never happens. It waits for a writer that
 * is not done, but does not notice one that pauses for longer than `settleMs`. Rejects with the signal's reason.
 */
export async function settle<T>(look: () => Promise<Look<T>>, settling: Settling): Promise<Look<T> | null> {
  const { clock, knownKey, signal } = settling;
  signal.throwIfAborted();
  let last = await look();
  if (last.key === knownKey) return last;
  for (let looks = 2; looks <= LOOKS_MOST; looks += 1) {
    await clock.sleep(last.settleMs, signal);
    const next = await look();
    if (next.key === last.key) return next;
    last = next;
  }
  return null;
}
