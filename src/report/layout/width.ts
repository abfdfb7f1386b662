/** A colour of the terminal, which takes no room. */
const COLOUR = new RegExp(`${String.fromCharCode(0x1b)}\\[([\\d;]*)m`, 'g');

/** The width in terminal columns: East Asian and emoji characters take two, combining marks and colours none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(COLOUR, '')) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

const NONE = /[\p{M}\u200d]/u;

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;

/** The colours that are on at the end of a text. */
export function coloursAfter(text: string): string {
  let on: readonly string[] = [];
  for (const [sequence, code] of text.matchAll(COLOUR)) {
    const ends = ENDED_BY.get(`${code}`);
    on = ends === undefined ? [...on, sequence] : on.filter((one) => !ends.test(one));
  }
  return on.join('');
}

/** What each code that ends something ends: all, bold and faint, or the colour. */
const ENDED_BY: ReadonlyMap<string, RegExp> = new Map([
  ['0', /./],
  ['22', /\[[12]m/],
  ['39', /\[[39]\dm/],
]);
