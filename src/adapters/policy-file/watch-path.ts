import type { PolicyWatch, WatchListener, WatchMode } from '../../core/domain/run/daemon-ports.ts';
import { type PathWalk, walkPath } from './walk-path.ts';
import { type PlacesWatch, watchPlaces } from './watch-places.ts';

/** `auto` watches by events, and polls only where that fails. */
export type WatchBy = 'auto' | 'polling';

export interface WatchOptions {
  readonly mode: WatchBy;
  /** How often to look where events are not to be had. Default: 1 s. */
  readonly lookIntervalMs?: number;
  /** How long polling goes on before events are tried again. Default: 10 minutes. */
  readonly retryEventsMs?: number;
}

export interface PathWatch extends PolicyWatch {
  /** Makes sure that it still watches what the path leads through: for whoever comes by. */
  refresh(): void;
}

const LOOK_INTERVAL_MS = 1_000;
const RETRY_EVENTS_MS = 600_000;

/** One save, or one swap, is several events: what comes within this time is one hint. */
const HINT_AFTER_MS = 50;

/** A path that leads elsewhere all the time must not keep the process busy. */
const REBUILD_SPACING_MS = 50;

/**
 * Hints whenever a path may show another file or another text, however it is delivered: everything that the path leads
 * through is watched, and what is watched follows the path. A hint proves nothing; whoever reads finds out. It does not
 * keep the process alive, where the system is Linux. See docs/delivery.md.
 */
export function watchPath(path: string, listener: WatchListener, options: WatchOptions): PathWatch {
  return new FollowingWatch(path, listener, options);
}

class FollowingWatch implements PathWatch {
  readonly #path: string;
  readonly #listener: WatchListener;
  readonly #options: WatchOptions;
  #events: PlacesWatch | null = null;
  /** What `#events` watches. */
  #watched = '';
  #poll: PathPoll | null = null;
  #told = '';
  /** Why events are not to be had any more, until the next turn has seen to it. */
  #failure: string | null = null;
  #mustRebuild = true;
  #mustLook = false;
  #turns: Promise<void> | null = null;
  #isClosed = false;
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

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#hintTimer);
    clearTimeout(this.#retryTimer);
    this.#poll?.close();
    await this.#turns;
    await this.#events?.close();
  }

  /** Until the watch is on what the path leads through at that moment. */
  async #turn(): Promise<void> {
    while (this.#mustLook && !this.#isClosed) {
      this.#mustLook = false;
      if (this.#failure !== null) await this.#fallBack(this.#failure);
      const isPolling = this.#poll !== null && !this.#mustRebuild;
      if (isPolling) return;
      const walk = await walkPath(this.#path);
      if (!this.#mustRebuild && keyOf(walk) === this.#watched) continue;
      await this.#rebuild(walk);
      await pause(REBUILD_SPACING_MS);
    }
  }

  /** The old watch goes on until the new one is up, and the hint has the path walked again: nothing falls in between. */
  async #rebuild(walk: PathWalk): Promise<void> {
    this.#mustRebuild = false;
    const old = this.#events;
    try {
      this.#events = await watchPlaces(walk.places, {
        onEvent: (isPlace) => this.#onEvent(isPlace),
        onFailure: (error) => this.#onFailure(error),
      });
    } catch (error) {
      await this.#fallBack(reasonOf(error));
      return;
    }
    this.#watched = keyOf(walk);
    await old?.close();
    this.#poll?.close();
    this.#poll = null;
    this.#tell('inotify', null);
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
    this.#poll ??= pollPath(this.#path, this.#options.lookIntervalMs ?? LOOK_INTERVAL_MS, () => this.#hint());
    this.#tell('polling', reason);
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

  #tell(mode: WatchMode, reason: string | null): void {
    const told = `${mode} ${reason}`;
    if (told === this.#told || this.#isClosed) return;
    this.#told = told;
    this.#listener.onMode(mode, reason);
  }
}

function keyOf({ places }: PathWalk): string {
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
