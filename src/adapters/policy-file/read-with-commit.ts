import { basename } from 'node:path';
import { type PathWalk, walkPath } from './walk-path.ts';

/** Each replacement of a link during a read makes one more try necessary. */
const TRIES_MOST = 6;

/**
 * Reads a file together with the commit of its path. If the path leads elsewhere after the read than before, it reads
 * again. `read` gets the walk along the path. Null if the path never stays the same.
 */
export async function readWithCommit<T>(
  path: string,
  read: (walk: PathWalk) => Promise<T>,
): Promise<{ readonly read: T; readonly commit: string | null } | null> {
  for (let tries = 1; tries <= TRIES_MOST; tries += 1) {
    const before = await walkPath(path);
    const found = await read(before);
    const after = await walkPath(path);
    // A pipe can be read only once and belongs to no commit. A pipe from a shell does not even have a real path.
    const isNoFile = before.isSpecial || (before.realPath === null && after.realPath === null);
    if (isNoFile) return { read: found, commit: null };
    if (before.way === after.way) return { read: found, commit: commitOf(after.linkTargets) };
  }
  return null;
}

/** The id of a git commit: a SHA-1 or a SHA-256. */
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The git commit of a path, or null. git-sync documents that its link points to a directory named by the commit. If the
 * path has several such links, the last one counts.
 */
export function commitOf(linkTargets: readonly string[]): string | null {
  return linkTargets.map((target) => basename(target)).findLast((name) => COMMIT.test(name)) ?? null;
}
