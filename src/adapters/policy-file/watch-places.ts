import { basename, dirname, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { WatchedPlace } from './walk-path.ts';

export interface PlacesWatch {
  close(): Promise<void>;
}

export interface PlacesListener {
  /** `isPlace`: it may be about a watched directory itself, whose watch then sees nothing any more. */
  onEvent(isPlace: boolean): void;
  /** After the start: something is not watched any more. */
  onFailure(error: unknown): void;
}

/** Listing a few directories takes milliseconds; one that hangs must not hold up the fallback for ever. */
const READY_WITHIN_MS = 10_000;

/**
 * Watches directories by events of the file system, without their subdirectories. What happens to other names in them is
 * not told. Rejects where the system does not watch, having closed everything again.
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
      // By default what looks like an editor's temporary file is left out, and deletions are told late.
      atomic: false,
      // Watches that keep the process alive are shared by path within the process, so one on a directory that was deleted
      // and made anew lives on, deaf, while anybody else uses it. Those that do not are one's own. Only on Linux is it sure
      // that they never fail later without being asked, which would end the process.
      persistent: process.platform !== 'linux',
    },
  );
  let fail: (error: unknown) => void = () => {};
  const isUp = new Promise<void>((resolve, reject) => {
    fail = reject;
    // It says ready even where nothing is watched: the errors before it count.
    watcher.on('ready', resolve);
  });
  watcher.on('error', (error) => fail(error));
  // Raw events, since the others pass a throttle that drops the second of two changes in quick succession.
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
  // It forgets its listeners first, and an error that nobody listens for would end the process.
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
