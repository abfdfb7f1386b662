import { isLoopback } from '../../platform/http/is-loopback.ts';

/** What one spelling of a setting comes to: its value, or why it is none and what to write. */
export type ReadValue<T> = { readonly value: T } | Misfit;

/** What is wrong with a spelling, as in `concurrency ${misfit}`, and what to write. */
export interface Misfit {
  readonly misfit: string;
  readonly remedy: string;
}

/** What values a setting takes: how a spelling is read, and the same said as JSON schema. */
export interface Kind<T> {
  readonly read: (text: string) => ReadValue<T>;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Stands for the value in help texts. */
  readonly placeholder: string;
  /** True where a settings file means it from where that file is. */
  readonly isPath?: true;
  /** What only a package that is slow to load can judge; asked for spellings that `read` accepts. Null: nothing wrong. */
  examine?(text: string): Promise<Misfit | null>;
}

export function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return {
    placeholder: values.join('|'),
    schema: { type: 'string', enum: values },
    read: (text) => {
      const value = values.find((candidate) => candidate === text);
      if (value !== undefined) return { value };
      return { misfit: `${shown(text)} is none of its values`, remedy: `write ${orList(values)}` };
    },
  };
}

export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    placeholder: 'N',
    schema: { type: 'integer', minimum: least, maximum: most },
    read: (text) => {
      const value = Number(text);
      if (/^[0-9]{1,9}$/.test(text) && value >= least && value <= most) return { value };
      return {
        misfit: `${shown(text)} is no whole number from ${least} to ${most}`,
        remedy: `write a number from ${least} to ${most}, in digits only`,
      };
    },
  };
}

/** An address that a token may be sent to: https, or http on loopback; no credentials, query or fragment. Never shown. */
export function apiAddress(example = 'https://mailtrap.io'): Kind<string> {
  return {
    placeholder: 'URL',
    schema: { type: 'string', pattern: '^https?://' },
    read: (text) => {
      const misfit = URL.canParse(text) ? addressMisfit(new URL(text)) : 'is not a URL';
      return misfit === null ? { value: text } : { misfit, remedy: `write an address such as ${example}` };
    },
  };
}

function addressMisfit(url: URL): string | null {
  if (url.username !== '' || url.password !== '') return 'holds credentials, and the token is never sent in an address';
  if (url.search !== '' || url.hash !== '') return 'holds a query or a fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return null;
  return 'is not https, and http would send the token in the clear (allowed on loopback only)';
}

function orList(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].join(' or ');
}

/** A wrong value as it may be repeated: short, since a long one may be a secret that was put in the wrong place. */
export function shown(text: string): string {
  return text.length <= 20 ? `'${text}'` : `what is written (${text.length} characters)`;
}
