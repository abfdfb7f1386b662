import { resolve } from 'node:path';
import { type LoadedText, readText } from '../../adapters/policy-file/read-text.ts';
import { type ErrorCode, GrantdError } from '../../core/domain/text/error.ts';
import type { CallContext } from '../line/command.ts';

/** A file that a command reads: what it is called, how large it may be, and the code of what goes wrong. */
export interface InputKind {
  readonly noun: string;
  readonly code: ErrorCode;
  readonly bytesMax: number;
  /** True for a seed, whose tokens are made up. Default: false, and an input that holds the token in use is refused. */
  readonly mayHoldToken?: boolean;
}

/**
 * Reads a file that the user named, or standard input for `-`. What is a token, or holds the one in use, is refused: parts
 * of an input are shown when something is wrong with it.
 */
export async function readInput(
  call: Pick<CallContext, 'io' | 'secrets'>,
  shownPath: string,
  kind: InputKind,
): Promise<LoadedText> {
  const { io, secrets } = call;
  const path = shownPath === '-' ? '-' : resolve(io.cwd, shownPath);
  const loaded = await readText({ ...kind, path, shownPath: nameOfInput(shownPath), stdin: () => io.stdin.read() });
  if (kind.mayHoldToken !== true && secrets.isIn(loaded.text)) {
    throw new GrantdError(
      kind.code,
      `the ${kind.noun} ${nameOfInput(shownPath)} holds the API token, so nothing of it is read or shown`,
      'check that it is the right file; if the token stands in it, take it out and make a new one: it is known to whoever reads the file',
    );
  }
  if (isLikeSecret(loaded.text)) {
    throw new GrantdError(
      kind.code,
      `the ${kind.noun} ${nameOfInput(shownPath)} holds one single word, which may be a token, so it is not shown`,
      'check that it is the right file',
    );
  }
  return loaded;
}

/** How messages and plans call an input. */
export function nameOfInput(shownPath: string): string {
  return shownPath === '-' ? '(standard input)' : shownPath;
}

/** One word and nothing else: no policy, plan or snapshot, but what a token file holds. */
function isLikeSecret(text: string): boolean {
  return /^\s*[A-Za-z0-9_\-.~+/=]{16,4096}\s*$/.test(text);
}
