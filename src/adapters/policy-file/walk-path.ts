import type { BigIntStats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { isAbsolute, join, parse, sep } from 'node:path';
import { systemCode } from '../../platform/system-code.ts';

/** A directory on the path to a file, and its entries that decide where the path leads. */
export interface WatchedPlace {
  readonly directory: string;
  /** Identifies the directory. It changes if another directory replaces this one. */
  readonly identity: string;
  readonly names: ReadonlySet<string>;
}

/** The result of following a path. */
export interface PathWalk {
  /**
   * The directory of every symbolic link, and of the file. If the path does not exist, the last existing directory.
   * Watching these shows every change of where the path leads, and of the file.
   */
  readonly places: readonly WatchedPlace[];
  /** The targets of the symbolic links, in the order of the path. */
  readonly linkTargets: readonly string[];
  /** The path without links. Null if it does not exist. */
  readonly realPath: string | null;
  /** Whether it is a pipe or a device, which may never end. */
  readonly isSpecial: boolean;
  /** Identifies the links and directories of the path. It changes if one of them is replaced. */
  readonly way: string;
  /** Identifies the way and everything that `lstat` reports about the file. */
  readonly fingerprint: string;
}

/** The most links that Linux follows. */
const LINKS_MOST = 40;

/** Follows a path link by link, as opening it does. It never throws: a path that does not exist is a result too. */
export async function walkPath(path: string): Promise<PathWalk> {
  const absolute = absolutePath(path);
  const { root } = parse(absolute);
  const walk = new Walk(root, await statOf(root));
  const realPath = await follow(walk, absolute.slice(root.length).split(sep));
  return walk.result(realPath);
}

/** The absolute path. Unlike `path.resolve` it keeps `..`, which after a link means the parent of the link's target. */
export function absolutePath(path: string): string {
  return isAbsolute(path) ? path : process.cwd() + sep + path;
}

async function follow(walk: Walk, names: string[]): Promise<string | null> {
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      await walk.enter(join(walk.directory, '..'));
      continue;
    }
    const entry = join(walk.directory, name);
    const stats = await statOf(entry);
    if (typeof stats === 'string') return walk.breaksOff(name, stats);
    if (stats.isSymbolicLink()) {
      links += 1;
      const target = await readlink(entry).catch(() => null);
      if (target === null || links > LINKS_MOST) return walk.breaksOff(name, 'ELOOP');
      walk.passLink(name, target, stats);
      names.unshift(...target.split(sep));
      if (isAbsolute(target)) await walk.enter(parse(target).root);
    } else if (stats.isDirectory() && names.some((rest) => rest !== '' && rest !== '.')) {
      await walk.enter(entry, stats);
    } else if (names.length > 0 && !stats.isDirectory()) {
      return walk.breaksOff(name, 'ENOTDIR');
    } else {
      walk.arrive(name, stats);
      return entry;
    }
  }
  return walk.directory;
}

class Walk {
  directory: string;
  #identity: string;
  readonly #places = new Map<string, { identity: string; names: Set<string> }>();
  readonly #linkTargets: string[] = [];
  readonly #way: string[];
  #file = '';
  #isSpecial = false;

  constructor(root: string, stats: BigIntStats | string) {
    this.directory = root;
    this.#identity = identityOf(stats);
    this.#way = [this.#identity];
  }

  async enter(directory: string, known?: BigIntStats): Promise<void> {
    this.directory = directory;
    this.#identity = identityOf(known ?? (await statOf(directory)));
    this.#way.push(this.#identity);
  }

  passLink(name: string, target: string, stats: BigIntStats): void {
    this.#mark(name);
    this.#linkTargets.push(target);
    this.#way.push(`${identityOf(stats)} ${target}`);
  }

  arrive(name: string, stats: BigIntStats): void {
    this.#mark(name);
    this.#file = `${identityOf(stats)} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
    this.#isSpecial = !stats.isFile() && !stats.isDirectory();
  }

  breaksOff(name: string, code: string): null {
    this.#mark(name);
    this.#way.push(code);
    return null;
  }

  result(realPath: string | null): PathWalk {
    const places = [...this.#places].map(([directory, place]) => ({ directory, ...place }));
    const way = this.#way.join('\n');
    const fingerprint = `${way}\n${this.#file}`;
    return { places, linkTargets: this.#linkTargets, realPath, isSpecial: this.#isSpecial, way, fingerprint };
  }

  #mark(name: string): void {
    const place = this.#places.get(this.directory);
    if (place) place.names.add(name);
    else this.#places.set(this.directory, { identity: this.#identity, names: new Set([name]) });
  }
}

async function statOf(path: string): Promise<BigIntStats | string> {
  return lstat(path, { bigint: true }).catch(systemCode);
}

/** Includes the time of birth, because a directory that is removed and made again often gets the same inode number. */
function identityOf(stats: BigIntStats | string): string {
  return typeof stats === 'string' ? stats : `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}
