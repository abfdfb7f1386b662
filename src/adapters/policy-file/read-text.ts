import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { NAMED_PIPE, openToRead } from '../../platform/open-to-read.ts';
import { systemCode } from '../../platform/system-code.ts';

/** A file to read, or standard input. */
export interface TextSource {
  /** The path to read; `-` means `stdin`. */
  readonly path: string;
  /** The path as the user wrote it, for messages. */
  readonly shownPath: string;
  /** What the file is, for messages: `policy file`. */
  readonly noun: string;
  /** The code of every error. */
  readonly code: ErrorCode;
  readonly bytesMax: number;
  /** Called for `-`. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
}

/** A text, its hash and its time of modification. */
export interface LoadedText {
  readonly text: string;
  /** The SHA-256 of the bytes, in hex. */
  readonly sha256: string;
  /** When the file was last modified, in epoch ms. Null for standard input. */
  readonly modifiedAt: Instant | null;
}

interface ReadBytes {
  readonly bytes: Buffer;
  readonly modifiedAt: Instant | null;
}

/** While a link is replaced (git-sync, a ConfigMap), it leads nowhere for a moment. */
const TRIES_MOST = 6;
const RETRY_AFTER_MS = 20;

/** Codes that may be temporary, during the replacement of a link or a save. */
const PASSING = new Set(['ENOENT', 'ENOTDIR', 'ESTALE', 'CHANGED']);

/**
 * Reads a whole text through the given path, so that it follows links at the moment of reading. If the file changes during
 * the read, it reads again. It never reads more than `bytesMax`. Throws `source.code`.
 */
export async function readText(source: TextSource): Promise<LoadedText> {
  const { bytes, modifiedAt } = source.path === '-' ? await readStdin(source) : await readFileStable(source);
  return { text: bytes.toString('utf8'), sha256: createHash('sha256').update(bytes).digest('hex'), modifiedAt };
}

async function readStdin(source: TextSource): Promise<ReadBytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source.stdin()) {
    size += chunk.byteLength;
    if (size > source.bytesMax) throw tooLarge(source);
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), modifiedAt: null };
}

async function readFileStable(source: TextSource): Promise<ReadBytes> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readFileOnce(source);
    } catch (error) {
      if (error instanceof GrantdError) throw error;
      const code = systemCode(error);
      if (!PASSING.has(code) || tries === TRIES_MOST) throw unreadable(source, code, error);
      await sleep(RETRY_AFTER_MS);
    }
  }
}

async function readFileOnce(source: TextSource): Promise<ReadBytes> {
  const handle = await openToRead(source.path);
  try {
    const before = await handle.stat();
    if (before.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    if (before.size > source.bytesMax) throw tooLarge(source);
    const bytes = await readUpTo(handle, source);
    const after = await handle.stat();
    const isSame = before.mtimeMs === after.mtimeMs && before.size === after.size;
    if (before.isFile() && !isSame) throw Object.assign(new Error('it changes'), { code: 'CHANGED' });
    return { bytes, modifiedAt: Math.trunc(after.mtimeMs) };
  } finally {
    await handle.close();
  }
}

async function readUpTo(handle: FileHandle, source: TextSource): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > source.bytesMax) throw tooLarge(source);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

function tooLarge({ code, noun, shownPath, bytesMax }: TextSource): GrantdError {
  return new GrantdError(
    code,
    `the ${noun} ${shownPath} has more than ${bytesMax} bytes, the most that grantd reads`,
    'check that it is the right file',
  );
}

function unreadable(source: TextSource, code: string, cause: unknown): GrantdError {
  const { noun, shownPath } = source;
  const [what, remedy] = EXPLAINED.get(code) ?? [`cannot be read (${code})`, 'check the file and its disk'];
  return new GrantdError(source.code, `the ${noun} ${shownPath} ${what}`, remedy, cause);
}

const EXPLAINED: ReadonlyMap<string, readonly [what: string, remedy: string]> = new Map([
  ['ENOENT', ['does not exist', 'check the path, or the directory in which you start grantd']],
  ['ENOTDIR', ['does not exist: a part of its path is a file', 'check the path']],
  ['EISDIR', ['is a directory', 'name a file in it']],
  [NAMED_PIPE, ['is a named pipe', 'name an ordinary file, or - to read standard input']],
  ['EACCES', ['is not readable by this user', 'give this user the right to read it, and to enter its directories']],
  ['EPERM', ['is not readable by this user', 'give this user the right to read it']],
  ['ELOOP', ['is a symbolic link that leads in a circle', 'fix the link']],
  ['ENAMETOOLONG', ['has a name that is too long', 'check the path']],
  ['CHANGED', ['keeps changing while grantd reads it', 'wait until the writer is done, then try again']],
]);
