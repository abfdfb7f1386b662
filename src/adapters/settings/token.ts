import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { shellWord } from '../../core/domain/text/text.ts';
import { systemCode } from '../../platform/system-code.ts';
import type { Environment } from './environment.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** The variable with the API token. */
export const TOKEN_VARIABLE = 'MAILTRAP_API_TOKEN';
/** The variable with the path of a file that contains the API token. */
export const TOKEN_FILE_VARIABLE = 'MAILTRAP_API_TOKEN_FILE';

const HOW_TO_SET = `set ${TOKEN_VARIABLE}, or ${TOKEN_FILE_VARIABLE} to the path of a file that contains it`;

/** Longer than any token. A longer text is some other file. */
const TOKEN_CHARACTERS_MAX = 4096;

/** How much is read at most: a whole token, and enough to see that more than line breaks follow. */
const TOKEN_BYTES_READ = TOKEN_CHARACTERS_MAX + 1024;

/** A token that can be read, or why there is none. */
export type FoundToken =
  | { readonly ok: true; readonly token: () => string; readonly warnings: readonly SettingsProblem[] }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/** Gets why the last good secret of a file goes on, once until the file has a good one again. */
type OnKept = (problem: SettingsProblem) => void;

/**
 * Finds the API token of the environment. `token()` returns the present token: it reads a file each time, so that a rotated
 * token is used at once. While the file is unreadable, empty or half written, it returns the last good one, and `onKept` gets
 * the reason once. No problem shows any part of a token.
 */
export function findToken(env: Environment, cwd: string, onKept: OnKept = () => {}): FoundToken {
  const direct = env[TOKEN_VARIABLE];
  const file = env[TOKEN_FILE_VARIABLE];
  if (direct !== undefined && file !== undefined) {
    return refused(
      `${TOKEN_VARIABLE} and ${TOKEN_FILE_VARIABLE}`,
      'both are set, and they may differ',
      'unset one of them',
    );
  }
  if (direct !== undefined) {
    return checked({ where: TOKEN_VARIABLE, noun: 'token', remedy: HOW_TO_SET }, direct, () => direct.trimEnd());
  }
  if (file === undefined) return refused(TOKEN_VARIABLE, 'there is no API token', HOW_TO_SET);
  if (file === '') return refused(TOKEN_FILE_VARIABLE, 'it is set and empty', HOW_TO_SET);
  const where = `${TOKEN_FILE_VARIABLE} (${file})`;
  return fromFile(resolve(cwd, file), { where, noun: 'token', remedy: HOW_TO_SET }, onKept);
}

/**
 * The secret in a file: a token, or an address that contains one. It is read each time and kept as `findToken` says. `path`
 * is absolute; `where` is the name of the file in problems.
 */
export function fileToken(path: string, where: string, noun = 'token', onKept: OnKept = () => {}): FoundToken {
  return fromFile(path, { where, noun, remedy: `write the ${noun} into the file, and nothing else` }, onKept);
}

/** The words for a secret in its problems. */
interface Words {
  readonly where: string;
  readonly noun: string;
  readonly remedy: string;
}

function fromFile(path: string, words: Words, onKept: OnKept): FoundToken {
  const { where } = words;
  try {
    const first = readStart(path);
    const found = checked(words, first, rereading(path, first.trimEnd(), words, onKept));
    return found.ok && (statSync(path).mode & 0o004) !== 0 ? { ...found, warnings: [openToAll(words, path)] } : found;
  } catch (error) {
    return refused(where, unreadable(error), 'fix the path, or let this user read the file');
  }
}

/** Reads the secret again at each call. */
function rereading(path: string, first: string, { where, noun }: Words, onKept: OnKept): () => string {
  let last = first;
  let isKept = false;
  return () => {
    const { token, misfit } = reread(path, noun);
    last = token ?? last;
    if (misfit !== null && !isKept) {
      onKept({
        where,
        message: `${misfit}: grantd goes on with the last ${noun} that it held`,
        remedy: `write the ${noun} into it; grantd reads it again each time`,
      });
    }
    isKept = misfit !== null;
    return last;
  };
}

/** What the file has now. Both are null for a pipe: it gave its secret the first time, and would wait for another writer. */
function reread(path: string, noun: string): { readonly token: string | null; readonly misfit: string | null } {
  try {
    if (!statSync(path).isFile()) return { token: null, misfit: null };
    const token = readStart(path).trimEnd();
    const misfit = token === '' ? 'the file is empty' : misfitOf(token, noun);
    return { token: misfit === null ? token : null, misfit };
  } catch (error) {
    return { token: null, misfit: unreadable(error) };
  }
}

function unreadable(error: unknown): string {
  return `grantd cannot read the file (${systemCode(error)})`;
}

/** Reads only the start of the file, because a wrong path may lead to a file without an end. */
function readStart(path: string): string {
  const bytes = Buffer.alloc(TOKEN_BYTES_READ);
  const file = openSync(path, 'r');
  try {
    let size = 0;
    for (;;) {
      const read = readSync(file, bytes, size, bytes.length - size, null);
      size += read;
      if (read === 0 || size === bytes.length) return bytes.toString('utf8', 0, size);
    }
  } finally {
    closeSync(file);
  }
}

function checked({ where, noun, remedy }: Words, text: string, token: () => string): FoundToken {
  const misfit = misfitOf(text.trimEnd(), noun);
  return misfit === null ? { ok: true, token, warnings: [] } : refused(where, misfit, remedy);
}

function misfitOf(token: string, noun: string): string | null {
  if (token === '') return 'it is set and empty';
  if (token.length > TOKEN_CHARACTERS_MAX) return `it is far longer than a ${noun}`;
  const isPlain = /^[\x21-\x7e]+$/.test(token);
  return isPlain ? null : `it contains a space, a line break or another character that no ${noun} has`;
}

function refused(where: string, message: string, remedy: string): FoundToken {
  return { ok: false, problems: [{ where, message, remedy }] };
}

function openToAll({ where, noun }: Words, path: string): SettingsProblem {
  return { where, message: `every user of this machine can read the ${noun}`, remedy: `chmod o-r ${shellWord(path)}` };
}
