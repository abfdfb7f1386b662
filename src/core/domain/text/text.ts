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
 * Makes text of unknown origin safe to print. Characters that a reader cannot see appear as `\u{…}`: control characters,
 * terminal escapes, marks that reorder text, and letters and spaces that show nothing or look like a plain space. A name from
 * the API or from a policy must never control a terminal, hide its real content or look like another one.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** What joins two pictures, or makes a picture of a sign: such a sequence is one picture that a reader sees. */
const JOINS_PICTURES =
  /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})|(?<=(?!\p{Emoji_Presentation})\p{Extended_Pictographic})\ufe0f/u;

/** U+2800 is a letter of Braille without any dot. */
const UNSEEN = new RegExp(
  `(?! )\\p{Z}|(?!${JOINS_PICTURES.source})[\\p{C}\\p{Default_Ignorable_Code_Point}\\u2800]`,
  'gu',
);

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
