import { basename } from 'node:path';
import { type PathWalk, walkPath } from './walk-path.ts';

/** A link that is swapped while the file is read makes one more try necessary. */
const TRIES_MOST = 6;

/**
 * Reads a file, and the commit that its path leads through. Both belong together: where the path leads somewhere else
 * after reading than before, it is read again. `read` is told where the path leads. Null where it never stays the same.
 */
export async function readWithCommit<T>(
  path: string,
  read: (walk: PathWalk) => Promise<T>,
): Promise<{ readonly read: T; readonly commit: string | null } | null> {
  for (let tries = 1; tries <= TRIES_MOST; tries += 1) {
    const before = await walkPath(path);
    const found = await read(before);
    const after = await walkPath(path);
    // A pipe can be read once and belongs to no commit; one that a shell made does not even show where it leads.
    const isNoFile = before.isSpecial || (before.realPath === null && after.realPath === null);
    if (isNoFile) return { read: found, commit: null };
    if (before.way === after.way) return { read: found, commit: commitOf(after.linkTargets) };
  }
  return null;
}

/** A SHA-1 or a SHA-256, as git writes the id of a commit. */
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The git commit that a path leads through, or null. git-sync promises that its link points to a directory named by the
 * commit; of several such links the last one met counts.
 */
export function commitOf(linkTargets: readonly string[]): string | null {
  return linkTargets.map((target) => basename(target)).findLast((name) => COMMIT.test(name)) ?? null;
}
