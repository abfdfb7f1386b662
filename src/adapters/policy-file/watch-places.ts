import { basename, dirname, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { WatchedPlace } from './walk-path.ts';

/** A watch on several directories. */
export interface PlacesWatch {
  close(): Promise<void>;
}

/** Receives the events of watched directories. */
export interface PlacesListener {
  /** `isPlace`: the event may be about a watched directory itself. Its watch may then no longer work. */
  onEvent(isPlace: boolean): void;
  /** Called after the start if something is no longer watched. */
  onFailure(error: unknown): void;
}

/** Listing a few directories takes milliseconds. One that hangs must not delay polling forever. */
const READY_WITHIN_MS = 10_000;

/**
 * Watches directories, without their subdirectories, by file system events. It ignores events of other names in them. If
 * the system cannot watch, it closes everything and rejects.
 */
export async function watchPlaces(places: readonly WatchedPlace[], listener: PlacesListener): Promise<PlacesWatch> {
  const names = new Map(places.map((place) => [place.directory, place.names]));
  const isRelevant = (path: string) => names.has(path) || names.get(dirname(path))?.has(basename(path)) === true;
  const watcher = watch(
    places.map(({ directory }) => directory),
    {
      depth: 0,
      followSymlinks: false,
      ignoreInitial: true,
      ignored: (path) => !isRelevant(path),
      // By default chokidar ignores files that look like an editor's temporary files, and reports deletions late.
      atomic: false,
      // A process shares persistent watches by path. If a directory is deleted and made again, such a watch stays in use
      // and no longer works. A watch that is not persistent is not shared. Only on Linux is it certain that such a watch
      // never fails later with an unhandled error, which would end the process.
      persistent: process.platform !== 'linux',
    },
  );
  let fail: (error: unknown) => void = () => {};
  const isUp = new Promise<void>((resolve, reject) => {
    fail = reject;
    // `ready` comes even if nothing is watched, so earlier errors decide.
    watcher.on('ready', resolve);
  });
  watcher.on('error', (error) => fail(error));
  // Raw events, because chokidar throttles the others and drops the second of two quick changes.
  watcher.on('raw', (_, name: string | null, details) => {
    const watched = String(Object(details).watchedPath);
    if (!names.has(watched)) listener.onEvent(false);
    else if (name === null || name === basename(watched)) listener.onEvent(true);
    else if (isRelevant(join(watched, name))) listener.onEvent(false);
  });
  try {
    await within(isUp, READY_WITHIN_MS);
    if (watcher.options.usePolling) throw new Error('CHOKIDAR_USEPOLLING is set');
  } catch (error) {
    await close(watcher);
    throw error;
  }
  fail = (error) => listener.onFailure(error);
  return { close: () => close(watcher) };
}

async function close(watcher: FSWatcher): Promise<void> {
  const closed = watcher.close();
  // chokidar removes its listeners first, and an error without a listener would end the process.
  watcher.on('error', () => {});
  await closed;
}

async function within(promise: Promise<void>, durationMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the directories could not be listed in time')), durationMs);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
