import type { PolicyWatch, WatchListener, WatchMode } from '../../core/domain/run/daemon-ports.ts';
import { type WatchedPlace, walkPath } from './walk-path.ts';
import { type PlacesWatch, watchPlaces } from './watch-places.ts';

/** `auto` watches by file system events, and polls only if that fails. */
export type WatchBy = 'auto' | 'polling';

/** How to watch a path. */
export interface WatchOptions {
  readonly mode: WatchBy;
  /** How often to poll without events, in ms. Default: 1000. */
  readonly lookIntervalMs?: number;
  /** How long to poll before trying events again, in ms. Default: 10 minutes. */
  readonly retryEventsMs?: number;
}

/** A watch that follows its path. */
export interface PathWatch extends PolicyWatch {
  /** Checks that the watch is still on the directories of the path, and repairs it if not. */
  refresh(): void;
  /** Watches these paths as well, in place of those of the last call. The next refresh takes them up. */
  watchBeside(paths: readonly string[]): void;
}

const LOOK_INTERVAL_MS = 1_000;
const RETRY_EVENTS_MS = 600_000;

/** One save, or one replacement of a link, causes several events. Events within this time are one hint. */
const HINT_AFTER_MS = 50;

/** The shortest time between two rebuilds, so that a path that keeps changing does not keep the process busy. */
const REBUILD_SPACING_MS = 50;

/**
 * Calls `onHint` whenever a path may show another file or another text, with any delivery. It watches every directory
 * along the path, and follows the path when it changes. A hint proves nothing; only a read shows the text. On Linux the
 * watch does not keep the process alive. See docs/delivery.md.
 */
export function watchPath(path: string, listener: WatchListener, options: WatchOptions): PathWatch {
  return new FollowingWatch(path, listener, options);
}

class FollowingWatch implements PathWatch {
  readonly #path: string;
  readonly #listener: WatchListener;
  readonly #options: WatchOptions;
  #events: PlacesWatch | null = null;
  /** The places that `#events` watches, as a key. */
  #watched = '';
  #poll: PathPoll | null = null;
  #reportedMode = '';
  /** Why events stopped. The next turn handles it. */
  #failure: string | null = null;
  #mustRebuild = true;
  #mustLook = false;
  #turns: Promise<void> | null = null;
  #isClosed = false;
  #beside: readonly string[] = [];
  #hintTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(path: string, listener: WatchListener, options: WatchOptions) {
    this.#path = path;
    this.#listener = listener;
    this.#options = options;
    if (options.mode === 'polling') this.#startPolling('the settings say so');
    else this.refresh();
  }

  refresh(): void {
    if (this.#isClosed || this.#options.mode === 'polling') return;
    this.#mustLook = true;
    this.#turns ??= this.#turn().finally(() => {
      this.#turns = null;
    });
  }

  watchBeside(paths: readonly string[]): void {
    this.#beside = paths;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#hintTimer);
    clearTimeout(this.#retryTimer);
    this.#poll?.close();
    await this.#turns;
    await this.#events?.close();
  }

  #paths(): readonly string[] {
    return [this.#path, ...this.#beside];
  }

  /** Repeats until the watch is on the directories that the path has at that moment. */
  async #turn(): Promise<void> {
    while (this.#mustLook && !this.#isClosed) {
      this.#mustLook = false;
      if (this.#failure !== null) await this.#fallBack(this.#failure);
      const isPolling = this.#poll !== null && !this.#mustRebuild;
      if (isPolling) return;
      const places = await placesOf(this.#paths());
      if (!this.#mustRebuild && keyOf(places) === this.#watched) continue;
      await this.#rebuild(places);
      await pause(REBUILD_SPACING_MS);
    }
  }

  /** The old watch stays until the new one works, and the hint makes a turn walk the paths again. So no change is missed. */
  async #rebuild(places: readonly WatchedPlace[]): Promise<void> {
    this.#mustRebuild = false;
    const old = this.#events;
    try {
      this.#events = await watchPlaces(places, {
        onEvent: (isPlace) => this.#onEvent(isPlace),
        onFailure: (error) => this.#onFailure(error),
      });
    } catch (error) {
      await this.#fallBack(reasonOf(error));
      return;
    }
    this.#watched = keyOf(places);
    await old?.close();
    this.#poll?.close();
    this.#poll = null;
    this.#reportMode('inotify', null);
    this.#hint();
  }

  async #fallBack(reason: string): Promise<void> {
    this.#failure = null;
    await this.#events?.close();
    this.#events = null;
    this.#startPolling(reason);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      this.#mustRebuild = true;
      this.refresh();
    }, this.#options.retryEventsMs ?? RETRY_EVENTS_MS).unref();
  }

  #startPolling(reason: string): void {
    if (this.#isClosed) return;
    this.#poll ??= pollPaths(
      () => this.#paths(),
      this.#options.lookIntervalMs ?? LOOK_INTERVAL_MS,
      () => this.#hint(),
    );
    this.#reportMode('polling', reason);
  }

  #onEvent(isPlace: boolean): void {
    if (isPlace) this.#mustRebuild = true;
    this.#hint();
  }

  #onFailure(error: unknown): void {
    this.#failure = reasonOf(error);
    this.refresh();
  }

  #hint(): void {
    if (this.#isClosed) return;
    this.#hintTimer ??= setTimeout(() => {
      this.#hintTimer = undefined;
      this.#listener.onHint();
      this.refresh();
    }, HINT_AFTER_MS).unref();
  }

  #reportMode(mode: WatchMode, reason: string | null): void {
    const current = `${mode} ${reason}`;
    if (current === this.#reportedMode || this.#isClosed) return;
    this.#reportedMode = current;
    this.#listener.onMode(mode, reason);
  }
}

/** The places of all paths, each directory once. */
async function placesOf(paths: readonly string[]): Promise<readonly WatchedPlace[]> {
  const byDirectory = new Map<string, WatchedPlace>();
  for (const path of paths) {
    const { places } = await walkPath(path);
    for (const place of places) {
      const names = new Set([...(byDirectory.get(place.directory)?.names ?? []), ...place.names]);
      byDirectory.set(place.directory, { ...place, names });
    }
  }
  return [...byDirectory.values()];
}

function keyOf(places: readonly WatchedPlace[]): string {
  return places.map(({ directory, identity, names }) => [directory, identity, ...names].join('\0')).join('\n');
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = REASONS.get(code);
  if (known !== undefined) return `${known} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EMFILE', 'no inotify instance is left: raise fs.inotify.max_user_instances on the node'],
  ['ENOSPC', 'no inotify watch is left: raise fs.inotify.max_user_watches on the node'],
  ['ENOSYS', 'this system has no inotify'],
  ['EINVAL', 'this file system has no inotify'],
  ['EACCES', 'this user may not list a directory of the path'],
]);

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** Paths that are being polled. */
export interface PathPoll {
  close(): void;
}

/**
 * Compares the result of `lstat` along some paths at an interval, and calls `onChange` on every difference. The first call
 * comes at once, because the earlier state is unknown. Each poll is a few calls of `lstat` and reads no file. This is not
 * chokidar's polling, which only compares modification times and so misses a file of the same size with an older time.
 */
export function pollPaths(paths: () => readonly string[], intervalMs: number, onChange: () => void): PathPoll {
  let seen: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const look = async (): Promise<void> => {
    const walks = await Promise.all(paths().map(walkPath));
    const fingerprint = walks.map((walk) => walk.fingerprint).join('\0');
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
