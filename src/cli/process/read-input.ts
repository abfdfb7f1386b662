import { resolve } from 'node:path';
import { type LoadedText, readText } from '../../adapters/policy-file/read-text.ts';
import { type ErrorCode, GrantdError } from '../../core/domain/text/error.ts';
import type { CallContext } from '../line/command.ts';

/** A kind of file that a command reads: its noun, its size limit in bytes, and the code of its errors. */
export interface InputKind {
  readonly noun: string;
  readonly code: ErrorCode;
  readonly bytesMax: number;
  /** True for a seed, whose tokens are made up. Default: false, and grantd refuses an input that contains the token in use. */
  readonly mayHoldToken?: boolean;
}

/**
 * Reads a file that the user named, or standard input for `-`. It refuses a file that is a token or contains the one in
 * use, because error messages show parts of an input. `realPath` is where the file is, if not where its name says.
 */
export async function readInput(
  call: Pick<CallContext, 'io' | 'secrets'>,
  shownPath: string,
  kind: InputKind,
  realPath: string | null = null,
): Promise<LoadedText> {
  const { io, secrets } = call;
  const path = realPath ?? (shownPath === '-' ? '-' : resolve(io.cwd, shownPath));
  const loaded = await readText({ ...kind, path, shownPath: nameOfInput(shownPath), stdin: () => io.stdin.read() });
  if (kind.mayHoldToken !== true && secrets.isIn(loaded.text)) {
    throw new GrantdError(
      kind.code,
      `the ${kind.noun} ${nameOfInput(shownPath)} contains the API token, so grantd neither reads nor shows it`,
      'check that it is the right file; if it contains the token, remove it there and make a new token: everyone who can read the file knows the old one',
    );
  }
  if (isLikeSecret(loaded.text)) {
    throw new GrantdError(
      kind.code,
      `the ${kind.noun} ${nameOfInput(shownPath)} contains a single word, which may be a token, so grantd does not show it`,
      'check that it is the right file',
    );
  }
  return loaded;
}

/** The name of an input in messages and plans. */
export function nameOfInput(shownPath: string): string {
  return shownPath === '-' ? '(standard input)' : shownPath;
}

/** One word and nothing else: this is no policy, plan or snapshot, but it may be a token file. */
function isLikeSecret(text: string): boolean {
  return /^\s*[A-Za-z0-9_\-.~+/=]{16,4096}\s*$/.test(text);
}
