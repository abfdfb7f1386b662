import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Mount, mountOf, parseMountInfo } from './mount-info.ts';
import { absolutePath, walkPath } from './walk-path.ts';

const MOUNTS_FILE = '/proc/self/mountinfo';

/** How the kubelet names the directory that holds one version of a ConfigMap or Secret. */
const ONE_VERSION = /(?:^|\/)\.\.\d{4}_\d{2}_\d{2}_[^/]*(?:\/|$)/;

const REMEDY = 'mount the directory that holds it instead, without subPath';

/** Why the mounts of this process keep showing the same policy file whatever is published, with the remedy; or null. */
export async function neverChanges(path: string, shownPath: string): Promise<string | null> {
  const text = await readFile(MOUNTS_FILE, 'utf8').catch(() => null);
  if (text === null) return null;
  const { realPath } = await walkPath(path);
  const configured = resolve(absolutePath(path));
  return frozenBy(parseMountInfo(text), realPath === null ? [configured] : [realPath, configured], shownPath);
}

/** The same of given mounts, for the paths under which the file is known. */
export function frozenBy(mounts: readonly Mount[], paths: readonly string[], shownPath: string): string | null {
  if (mounts.some(({ point }) => paths.includes(point))) {
    return `${shownPath} is mounted by itself (a subPath, or a single file given to docker -v): a new file in its place is never seen; ${REMEDY}`;
  }
  const root = mountOf(mounts, paths[0] ?? '/')?.root ?? '/';
  if (ONE_VERSION.test(root)) {
    return `${shownPath} lies in a subPath mount of one version of a ConfigMap or Secret: a later version is never seen; ${REMEDY}`;
  }
  if (root.endsWith('//deleted')) {
    return `${shownPath} lies in a mounted directory that was deleted where it came from: what replaced it is never seen; start grantd again, and mount the directory above it`;
  }
  return null;
}
