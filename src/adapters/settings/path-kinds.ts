import type { Kind, Misfit } from './kinds.ts';

/** The placeholder for the account id in a path or name. */
export const ACCOUNT_PLACEHOLDER = '{account}';

/** A file that is read, or `-` for standard input. */
export function inputPath(): Kind<string> {
  return { ...pathKind('FILE'), read: (text) => nulByte(text) ?? { value: text } };
}

/** A file of this machine. */
export function filePath(): Kind<string> {
  return { ...pathKind('FILE'), read: (text) => nulByte(text) ?? dash(text) ?? { value: text } };
}

/** A directory of this machine. */
export function directoryPath(): Kind<string> {
  return { ...filePath(), placeholder: 'DIR' };
}

/** A file whose path may contain `{account}`, and nothing else in braces: a misspelt one would be one file for all accounts. */
export function fileOfAccount(): Kind<string> {
  return {
    ...pathKind('FILE'),
    read: (text) => nulByte(text) ?? dash(text) ?? unknownBraces(text) ?? { value: text },
  };
}

function pathKind(placeholder: string) {
  return { placeholder, isPath: true, schema: { type: 'string', minLength: 1 } } as const;
}

function nulByte(text: string): Misfit | null {
  if (text !== '' && !text.includes('\0')) return null;
  return { misfit: text === '' ? 'is empty' : 'contains a NUL byte', remedy: 'write a path' };
}

function dash(text: string): Misfit | null {
  if (text !== '-') return null;
  return { misfit: 'is -, which is not a file here', remedy: 'write a path; a file with this name is ./-' };
}

function unknownBraces(text: string): Misfit | null {
  if (!/[{}]/.test(text.replaceAll(ACCOUNT_PLACEHOLDER, ''))) return null;
  return {
    misfit: 'contains braces without a meaning',
    remedy: `the only word in braces is ${ACCOUNT_PLACEHOLDER}, for the account's id`,
  };
}
