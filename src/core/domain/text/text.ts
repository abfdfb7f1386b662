/**
 * Lowercases A to Z only. Domains compare this way. Any further folding (Turkish i, Kelvin sign) could make two different
 * names equal. E-mails have a form of their own, see `emailKey`.
 */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (capital) => capital.toLowerCase());
}

/** Sorts strings by UTF-16 code unit, which gives the same order on every machine, regardless of its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes text of unknown origin safe to print. Control characters, terminal escapes and marks that reorder text appear as
 * `\u{…}`. A name from the API or from a policy must never control a terminal or hide its real content.
 */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A word quoted for a shell if necessary, without characters that would control a terminal. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${visibleText(word).replaceAll("'", "'\\''")}'`;
}

/** `1 change`, `2 changes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * The first `charactersMost` UTF-16 code units of a text, and an ellipsis if there is more. Names and sentences come from
 * policies and from the API, and may have any length.
 */
export function boundedText(text: string, charactersMost: number): string {
  if (text.length <= charactersMost) return text;
  // Half of a pair of surrogates is not a character.
  return `${text.slice(0, charactersMost).replace(/[\ud800-\udbff]$/, '')}…`;
}
