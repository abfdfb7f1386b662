import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
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

/** One mount, as a line of `/proc/self/mountinfo` tells it. */
export interface Mount {
  /** What of the mounted file system is shown there. The kernel adds `//deleted` once that is gone. */
  readonly root: string;
  /** Where it is mounted. */
  readonly point: string;
}

/** The mounts of `/proc/self/mountinfo`, in its order: a later one hides an earlier one at the same point. */
export function parseMountInfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, , , root, point] = line.split(' ');
    return root === undefined || point === undefined ? [] : [{ root: unescaped(root), point: unescaped(point) }];
  });
}

/** The mount that shows what stands at a path without links. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  const holders = mounts.filter(({ point }) => isAtOrBelow(path, point));
  const deepest = Math.max(...holders.map(({ point }) => point.length));
  return holders.findLast(({ point }) => point.length === deepest) ?? null;
}

function isAtOrBelow(path: string, point: string): boolean {
  return path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
}

/** The kernel writes blanks, tabs, line breaks and backslashes as three octal digits, so that a line can be split. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
