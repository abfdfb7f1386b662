/**
 * Folds A to Z only. E-mails and domains compare by this: any further folding (Turkish i, Kelvin sign) could make two
 * different people equal.
 */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Total order of strings by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes text of unknown origin safe to print: control characters, terminal escapes and the marks that reorder text are
 * shown as `\u{…}`. Names from the API or a policy must never act on somebody's terminal or hide what they say.
 */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A word as a shell takes it for itself: quoted where it must be, and without anything that a terminal would act on. */
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
