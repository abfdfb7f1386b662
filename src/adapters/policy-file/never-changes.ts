import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { absolutePath, walkPath } from './walk-path.ts';

const MOUNTS_FILE = '/proc/self/mountinfo';

/** The kubelet's name for the directory with one version of a ConfigMap or Secret. */
const ONE_VERSION = /(?:^|\/)\.\.\d{4}_\d{2}_\d{2}_[^/]*(?:\/|$)/;

const REMEDY = 'mount the directory that contains it instead, without subPath';

/** Why the mounts of this process can never show a newer policy file, with the remedy. Null if they can. */
export async function neverChanges(path: string, shownPath: string): Promise<string | null> {
  const text = await readFile(MOUNTS_FILE, 'utf8').catch(() => null);
  if (text === null) return null;
  const { realPath } = await walkPath(path);
  const configured = resolve(absolutePath(path));
  return frozenBy(parseMountInfo(text), realPath === null ? [configured] : [realPath, configured], shownPath);
}

/** As `neverChanges`, for given mounts and the paths of the file. */
export function frozenBy(mounts: readonly Mount[], paths: readonly string[], shownPath: string): string | null {
  if (mounts.some(({ point }) => paths.includes(point))) {
    return `${shownPath} is mounted by itself (a subPath, or a single file given to docker -v): grantd never sees a new file in its place; ${REMEDY}`;
  }
  const root = mountOf(mounts, paths[0] ?? '/')?.root ?? '/';
  if (ONE_VERSION.test(root)) {
    return `${shownPath} is in a subPath mount of one version of a ConfigMap or Secret: grantd never sees a later version; ${REMEDY}`;
  }
  if (root.endsWith('//deleted')) {
    return `${shownPath} is in a mounted directory whose source was deleted: grantd never sees its replacement; restart grantd, and mount the directory above it`;
  }
  return null;
}

/** One mount: a line of `/proc/self/mountinfo`. */
export interface Mount {
  /** The mounted directory, as a path of its own file system. The kernel adds `//deleted` after it was deleted. */
  readonly root: string;
  /** The mount point. */
  readonly point: string;
}

/** The mounts of `/proc/self/mountinfo`, in its order. A later one hides an earlier one at the same point. */
export function parseMountInfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, , , root, point] = line.split(' ');
    return root === undefined || point === undefined ? [] : [{ root: unescaped(root), point: unescaped(point) }];
  });
}

/** The mount of a path without links. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | null {
  const holders = mounts.filter(({ point }) => isAtOrBelow(path, point));
  const deepest = Math.max(...holders.map(({ point }) => point.length));
  return holders.findLast(({ point }) => point.length === deepest) ?? null;
}

function isAtOrBelow(path: string, point: string): boolean {
  return path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
}

/** The kernel writes spaces, tabs, line breaks and backslashes as three octal digits, so that lines are easy to split. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
