import { dirname } from 'node:path';
import { watch } from 'chokidar';

/** One save is several events; what comes within this time is one hint. */
const SETTLE_MS = 100;

export interface FileWatch {
  readonly close: () => Promise<void>;
}

/**
 * Calls `onHint` when something near the file changed: whether the file did is for whoever reads it to find out. Its
 * directory is watched, since a watch on a file ends when an editor replaces it. Where watching fails, no hint ever comes.
 */
export function watchFile(path: string, onHint: () => void): FileWatch {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), { depth: 0, followSymlinks: false, ignoreInitial: true });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onHint, SETTLE_MS);
  });
  // No inotify instance left, say. Without a listener it would be thrown; the demo looks every few seconds anyway.
  watcher.on('error', () => {});
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
