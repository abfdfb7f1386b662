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
