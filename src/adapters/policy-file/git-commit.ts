import { basename } from 'node:path';

/** A SHA-1 or a SHA-256, as git writes the id of a commit. */
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The git commit that a path leads through, or null. git-sync promises that its link points to a directory named by the
 * commit; of several such links the last one met counts.
 */
export function commitOf(linkTargets: readonly string[]): string | null {
  return linkTargets.map((target) => basename(target)).findLast((name) => COMMIT.test(name)) ?? null;
}
