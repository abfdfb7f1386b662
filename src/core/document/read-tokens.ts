import { type CST, Lexer, Parser } from 'yaml';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { TextPlaces } from './source-text.ts';

/** The most words and marks of a text: keys, values, and marks such as `-`, `,` and `:`. Large real policies have some ten thousand. */
export const MAX_WORDS = 200_000;

/** The most tokens of a text: words, marks, spaces, comments and line ends. */
export const MAX_TOKENS = 400_000;

/** Far deeper than `MAX_DEPTH`, and far from exhausting the stack when the parser closes that many levels. */
const OPEN_MOST = 256;

/** The lexer puts this before each plain or block text. */
const TEXT_BEGINS = '\u001f';

/** A mark, or what a quoted text, an alias, an anchor or a tag begins with. */
const WORD_OR_MARK = /^(?:[-,:?[\]{}]$|["'*&!|>])/;

/** What a text has more of than grantd reads, and the offset of the first one too many. */
export interface Overflow {
  readonly what: 'words' | 'tokens';
  readonly offset: number;
}

/**
 * The tokens of a text. Each takes many times the memory of its characters, so it stops at the first one too many, before a
 * tree is made. It also stops where more than `OPEN_MOST` lists and maps are open, because the parser recurses to close them.
 */
export function readTokens(text: string): {
  readonly tokens: readonly CST.Token[];
  readonly overflow: Overflow | null;
} {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let before = '';
  let count = 0;
  let words = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (lexeme === TEXT_BEGINS || (before !== TEXT_BEGINS && WORD_OR_MARK.test(lexeme))) words += 1;
    if (words > MAX_WORDS) return { tokens, overflow: { what: 'words', offset: parser.offset } };
    if (count > MAX_TOKENS) return { tokens, overflow: { what: 'tokens', offset: parser.offset } };
    tokens.push(...parser.next(lexeme));
    before = lexeme;
    if (parser.stack.length > OPEN_MOST) break;
  }
  tokens.push(...parser.end());
  return { tokens, overflow: null };
}

/** The problem of a text that has too many tokens. */
export function tooManyTokens({ what, offset }: Overflow, places: TextPlaces): Problem {
  const counted =
    what === 'words'
      ? `${MAX_WORDS.toLocaleString('en')} words and marks`
      : `${MAX_TOKENS.toLocaleString('en')} words, marks, spaces, comments and line ends`;
  return errorAt(
    places.at(offset, offset + 1),
    'too-many-values',
    `the file has more than ${counted}; grantd reads no more`,
    'check that it is the right file; use groups, roles and patterns instead of many single entries',
  );
}
