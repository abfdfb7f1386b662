/**
 * Runs the jobs in order, at most so many at a time, and waits for all of them. If one rejects, which is a bug, no further one
 * begins, and it waits for the running ones before it rejects: nothing goes on writing behind an error.
 */
export async function runBounded<T>(
  items: readonly T[],
  concurrency: number,
  job: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let hasFailed = false;
  async function work(): Promise<void> {
    for (const item of queue) {
      if (hasFailed) return;
      try {
        await job(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  const workers = Array.from({ length: Math.max(1, Math.min(concurrency, items.length)) }, work);
  for (const end of await Promise.allSettled(workers)) if (end.status === 'rejected') throw end.reason;
}
