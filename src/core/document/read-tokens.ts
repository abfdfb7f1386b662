import { type CST, Lexer, Parser } from 'yaml';

/** Far deeper than any document that is read on, and far from what closing it would take of the stack. */
const OPEN_MOST = 256;

/**
 * The tokens of a text, up to where more lists and maps stand open inside one another than are ever read: the parser
 * recurses where many of them are closed at once, as deep as the text nests.
 */
export function readTokens(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > OPEN_MOST) break;
  }
  tokens.push(...parser.end());
  return tokens;
}
