import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from './environment.ts';
import type { SettingsProblem } from './settings-problem.ts';

export const TOKEN_VARIABLE = 'MAILTRAP_API_TOKEN';
export const TOKEN_FILE_VARIABLE = 'MAILTRAP_API_TOKEN_FILE';

const HOW_TO_SET = `set ${TOKEN_VARIABLE}, or ${TOKEN_FILE_VARIABLE} to the path of a file that holds it`;

/** Longer than any token; what is longer is another file. */
const TOKEN_CHARACTERS_MAX = 4096;

export type FoundToken =
  | { readonly ok: true; readonly token: () => string; readonly warnings: readonly SettingsProblem[] }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * Finds the API token. `token()` gives it as it is now: a file is read anew each time, so that a rotated token is used at
 * once; while the file cannot be read, or is being written, the last good one stands in. No problem ever shows a part of it.
 */
export function findToken(env: Environment, cwd: string): FoundToken {
  const direct = env[TOKEN_VARIABLE];
  const file = env[TOKEN_FILE_VARIABLE];
  if (direct !== undefined && file !== undefined) {
    return refused(
      `${TOKEN_VARIABLE} and ${TOKEN_FILE_VARIABLE}`,
      'both are set, and they may differ',
      'unset one of them',
    );
  }
  if (direct !== undefined) return checked(TOKEN_VARIABLE, direct, () => direct.trimEnd());
  if (file === undefined) return refused(TOKEN_VARIABLE, 'no API token is given', HOW_TO_SET);
  if (file === '') return refused(TOKEN_FILE_VARIABLE, 'it is set and empty', HOW_TO_SET);
  return fromFile(resolve(cwd, file), file);
}

function fromFile(path: string, shownPath: string): FoundToken {
  const where = `${TOKEN_FILE_VARIABLE} (${shownPath})`;
  try {
    const first = readFileSync(path, 'utf8');
    let last = first.trimEnd();
    const found = checked(where, first, () => {
      last = rereadToken(path) ?? last;
      return last;
    });
    return found.ok && (statSync(path).mode & 0o004) !== 0 ? { ...found, warnings: [openToAll(where, path)] } : found;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return refused(where, `the file cannot be read (${code})`, 'correct the path, or let this user read the file');
  }
}

function rereadToken(path: string): string | null {
  try {
    // A pipe gave its token the first time; to read it again would wait for a writer that never comes.
    if (!statSync(path).isFile()) return null;
    const token = readFileSync(path, 'utf8').trimEnd();
    return misfitOf(token) === null ? token : null;
  } catch {
    return null;
  }
}

function checked(where: string, text: string, token: () => string): FoundToken {
  const misfit = misfitOf(text.trimEnd());
  return misfit === null ? { ok: true, token, warnings: [] } : refused(where, misfit, HOW_TO_SET);
}

function misfitOf(token: string): string | null {
  if (token === '') return 'it is set and empty';
  if (token.length > TOKEN_CHARACTERS_MAX) return 'it is far longer than a token';
  return /^[\x21-\x7e]+$/.test(token) ? null : 'it holds a space, a line break or another character that no token has';
}

function refused(where: string, message: string, remedy: string): FoundToken {
  return { ok: false, problems: [{ where, message, remedy }] };
}

function openToAll(where: string, path: string): SettingsProblem {
  return { where, message: 'every user of this machine may read the token', remedy: `chmod o-r ${path}` };
}
