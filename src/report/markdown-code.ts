import { visibleText } from '../core/domain/text/text.ts';

/** How much of one name or sentence a comment shows. */
const CHARACTERS_MOST = 300;

/**
 * Text of unknown origin as inline code for a Markdown comment or table cell: there it cannot mention anybody, link, open
 * a tag or end the cell. A `|` would end the cell even in a code span, so it is written as a character reference.
 */
export function inlineCode(text: string): string {
  const characters = [...visibleText(text)];
  const isCut = characters.length > CHARACTERS_MOST;
  const shown = characters.slice(0, CHARACTERS_MOST).join('') + (isCut ? '…' : '');
  if (shown.trim() === '' || shown.includes('|'))
    return `<code>${shown.replace(SPECIAL, (character) => `&#${character.codePointAt(0)};`)}</code>`;
  if (!shown.includes('`')) return `\`${shown}\``;
  const longest = Math.max(...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${shown} ${fence}`;
}

/** All but what is plain text to every reader of Markdown. */
const SPECIAL = /[^\p{L}\p{N} (),'/→-]/gu;
