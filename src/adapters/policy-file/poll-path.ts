import { walkPath } from './walk-path.ts';

export interface PathPoll {
  close(): void;
}

/**
 * Looks every so often at what `lstat` says along a path, and calls `onChange` when it says something else; the first time
 * at once, since what came before is unknown. Some calls of `lstat` each time, and nothing is read. Polling of our own
 * rather than chokidar's, which compares times of modification of directories and of what stands in them, so that a file
 * of the same size with an older time is passed over.
 */
export function pollPath(path: string, intervalMs: number, onChange: () => void): PathPoll {
  let seen: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const look = async (): Promise<void> => {
    const { fingerprint } = await walkPath(path);
    if (isClosed) return;
    timer = setTimeout(look, intervalMs).unref();
    if (fingerprint === seen) return;
    seen = fingerprint;
    onChange();
  };
  void look();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
