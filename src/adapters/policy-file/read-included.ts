import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import type { IncludedText, PolicyTexts, SourceText } from '../../core/document/source-text.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { includedPaths } from '../../core/validate/read-include.ts';
import { systemCode } from '../../platform/system-code.ts';
import type { LoadedText } from './read-text.ts';

/** The most bytes that the files of one policy have together. */
export const SET_BYTES_MOST = 4 * 1_048_576;

/** The files that a policy includes, and what identifies their version. */
interface IncludedFiles {
  readonly included: readonly IncludedText[];
  /** By path in the order of the text, the SHA-256 of the content, or why it could not be read. */
  readonly versions: readonly (readonly [path: string, version: string])[];
  /** When the youngest of them was modified, in epoch ms. 0 if there is none. */
  readonly modifiedAt: Instant;
}

/** Reads one file: by its real path, and with the name for messages. Throws `policy-unreadable`. */
type ReadFile = (path: string, shownPath: string) => Promise<LoadedText>;

/** The text of a policy, and its version. */
export interface LoadedPolicy {
  readonly source: PolicyTexts;
  /** Of the root file alone if it includes none; otherwise of the path and the content of each. */
  readonly sha256: string;
  /** When the youngest of its files was modified, in epoch ms. */
  readonly modifiedAt: Instant;
  /** Where the included files are, or should be. */
  readonly places: readonly string[];
}

/** Adds to a root file the files that it includes. `realPath` is null if the root file has no directory. */
export async function withIncluded(
  root: LoadedText,
  shownPath: string,
  realPath: string | null,
  readFile: ReadFile,
): Promise<LoadedPolicy> {
  const source = { file: shownPath, text: root.text };
  const { included, versions, modifiedAt } = await readIncluded(source, realPath, readFile);
  const youngest = Math.max(root.modifiedAt ?? 0, modifiedAt);
  if (included.length === 0) return { source, sha256: root.sha256, modifiedAt: youngest, places: [] };
  const sha256 = createHash('sha256')
    .update(JSON.stringify([root.sha256, ...versions]))
    .digest('hex');
  const places = realPath === null ? [] : included.map(({ path }) => join(dirname(realPath), path));
  return { source: { ...source, included }, sha256, modifiedAt: youngest, places };
}

/**
 * Reads the files that a root file includes. All are inside its real directory, so that one replacement of a link gives a whole new
 * set. A file that cannot be read is no error: the policy has a problem then. `realPath` is null if the root file has no directory.
 */
async function readIncluded(root: SourceText, realPath: string | null, readFile: ReadFile): Promise<IncludedFiles> {
  const paths = includedPaths(root);
  const included: IncludedText[] = [];
  const versions: [string, string][] = [];
  let modifiedAt = 0;
  let bytesLeft = SET_BYTES_MOST - Buffer.byteLength(root.text);
  const seen = new Map<string, string>([[realPath ?? '', root.file]]);
  for (const path of paths) {
    const shownPath = shownBeside(root.file, path);
    const read = await readOne(realPath === null ? null : dirname(realPath), path, shownPath, { seen, readFile });
    if (typeof read !== 'string') bytesLeft -= Buffer.byteLength(read.text);
    const found = typeof read !== 'string' && bytesLeft < 0 ? TOO_LARGE : read;
    if (typeof found === 'string') {
      included.push({ path, failure: found });
      versions.push([path, found]);
      continue;
    }
    included.push({ path, source: { file: shownPath, text: found.text } });
    versions.push([path, found.sha256]);
    modifiedAt = Math.max(modifiedAt, found.modifiedAt ?? 0);
  }
  return { included, versions, modifiedAt };
}

const TOO_LARGE = 'the files of the policy have more than 4 MiB together';

/** How messages name a file that another file includes. */
function shownBeside(file: string, path: string): string {
  return posix.join(posix.dirname(file), path);
}

interface Reading {
  /** By real path, the file that was read there. */
  readonly seen: Map<string, string>;
  readonly readFile: ReadFile;
}

/** The text, or why there is none. */
async function readOne(
  directory: string | null,
  path: string,
  shownPath: string,
  { seen, readFile }: Reading,
): Promise<LoadedText | string> {
  if (directory === null) return 'the policy comes from standard input or a pipe, which has no directory';
  try {
    const real = await realpath(join(directory, path));
    if (!real.startsWith(directory.endsWith(sep) ? directory : directory + sep))
      return 'a link leads out of the directory of the root file';
    if (!(await stat(real)).isFile()) return 'it is no file';
    const same = seen.get(real);
    if (same !== undefined) return `it is the same file as ${same}`;
    seen.set(real, shownPath);
    return await readFile(real, shownPath);
  } catch (error) {
    if (error instanceof GrantdError) return error.message;
    return REASONS.get(systemCode(error)) ?? systemCode(error);
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EACCES', 'grantd may not read it'],
  ['ELOOP', 'its links lead in a circle'],
]);
