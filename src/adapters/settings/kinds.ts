import { isLoopback } from '../../platform/http/is-loopback.ts';

/** The result of reading one written value: the value, or why it is wrong and what to write. */
export type ReadValue<T> = { readonly value: T } | Misfit;

/** What is wrong with a written value, as in `concurrency ${misfit}`, and what to write. */
export interface Misfit {
  readonly misfit: string;
  readonly remedy: string;
}

/** The values that a setting accepts: how they are read, and the same as a JSON schema. */
export interface Kind<T> {
  readonly read: (text: string) => ReadValue<T>;
  readonly schema: Readonly<Record<string, unknown>>;
  /** The placeholder for the value in help texts. */
  readonly placeholder: string;
  /** True if the value is a path, which a settings file gives relative to its own directory. */
  readonly isPath?: true;
  /** A check that needs a package that is slow to load, for values that `read` accepts. Null if nothing is wrong. */
  examine?(text: string): Promise<Misfit | null>;
}

/** One of a few words. */
export function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return {
    placeholder: values.join('|'),
    schema: { type: 'string', enum: values },
    read: (text) => {
      const value = values.find((candidate) => candidate === text);
      if (value !== undefined) return { value };
      return { misfit: `${shown(text)} is not one of its values`, remedy: `write ${orList(values)}` };
    },
  };
}

/** A whole number from `least` to `most`, in digits only. */
export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    placeholder: 'N',
    schema: { type: 'integer', minimum: least, maximum: most },
    read: (text) => {
      const value = Number(text);
      if (/^[0-9]{1,9}$/.test(text) && value >= least && value <= most) return { value };
      return {
        misfit: `${shown(text)} is not a whole number from ${least} to ${most}`,
        remedy: `write a number from ${least} to ${most}, in digits only`,
      };
    },
  };
}

/** An address that a token may be sent to: https, or http on loopback; no credentials, query or fragment. Problems never show it. */
export function apiAddress(example = 'https://mailtrap.io'): Kind<string> {
  return {
    placeholder: 'URL',
    schema: { type: 'string', pattern: '^https?://' },
    read: (text) => {
      if (!URL.canParse(text)) return { misfit: 'is not a URL', remedy: `write an address, for example ${example}` };
      const url = new URL(text);
      const misfit = addressMisfit(url);
      if (misfit === null) return { value: text };
      const isPlain = misfit === NOT_HTTPS && url.protocol === 'http:';
      return {
        misfit,
        remedy: isPlain ? 'write https:// instead of http://' : `write an address, for example ${example}`,
      };
    },
  };
}

function addressMisfit(url: URL): string | null {
  if (url.username !== '' || url.password !== '')
    return 'contains credentials, and grantd never sends a token in an address';
  if (url.search !== '' || url.hash !== '') return 'contains a query or a fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return null;
  return NOT_HTTPS;
}

const NOT_HTTPS = 'is not https, and http would send the token unencrypted (allowed on loopback only)';

function orList(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].join(' or ');
}

/** A wrong value as a problem may quote it: only short ones, because a long one may be a secret in the wrong place. */
export function shown(text: string): string {
  return text.length <= 20 ? `'${text}'` : `this value (${text.length} characters)`;
}
