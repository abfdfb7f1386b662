import { Composer, type CST, Lexer, Parser } from 'yaml';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import { checkText } from './check-text.ts';
import type { DocumentNode } from './document-node.ts';
import { explainSyntax } from './explain-syntax.ts';
import { inspectTokens, type TokenFindings } from './inspect-tokens.ts';
import { NodeReader } from './read-node.ts';
import { type SourceText, TextPlaces } from './source-text.ts';

/** The most error tokens that are composed. Fewer than these are ever explained. */
const MAX_ERROR_TOKENS = 100;

/** A text as data with places, as far as it is readable. `root` is null if nothing is known about its content. */
export interface ParsedDocument {
  readonly root: DocumentNode | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads one YAML 1.2 document, more strictly than YAML itself. It accepts any text, never throws, and its time grows
 * linearly with the text. The size and the depth are checked before anything recurses or compares keys.
 */
export function parseDocument(source: SourceText): ParsedDocument {
  const places = new TextPlaces(source);
  const textProblems = checkText(places);
  if (textProblems.length > 0) return { root: null, problems: textProblems };
  const tokens = readTokens(source.text);
  const found = inspectTokens(tokens, places);
  if (found.fatal) return { root: null, problems: found.problems };
  return compose(tokens, found, places);
}

/** After a syntax error the data would be guesswork, so the document has no root. */
function compose(tokens: readonly CST.Token[], found: TokenFindings, places: TextPlaces): ParsedDocument {
  const documents = [...composerOf().compose(withFewErrors(tokens), true, places.source.text.length)];
  const syntax = explainSyntax(
    documents.flatMap((document) => document.errors),
    found.unclosed,
    places,
  );
  const problems = [...found.problems, ...syntax];
  const [first] = documents;
  if (syntax.length > 0 || !first) return { root: null, problems };
  const reader = new NodeReader(places);
  const root = reader.read(first.contents, places.at(0, 0));
  const isEmpty = root.kind === 'scalar' && root.source === '';
  if (isEmpty) return { root: null, problems: problems.length > 0 ? problems : [emptyFile(places)] };
  return { root, problems: [...problems, ...reader.problems] };
}

/** Each error token becomes an error with a stack. Without a bound, a megabyte of brackets would take seconds. */
function withFewErrors(tokens: readonly CST.Token[]): readonly CST.Token[] {
  let errors = 0;
  return tokens.filter(({ type }) => type !== 'error' || errors++ < MAX_ERROR_TOKENS);
}

/** `uniqueKeys` is off, because its time grows with the square of the number of keys. The reader checks them in one pass. */
function composerOf(): Composer {
  return new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    intAsBigInt: true,
    logLevel: 'silent',
    prettyErrors: false,
  });
}

function emptyFile(places: TextPlaces): Problem {
  return errorAt(
    places.at(0, 0),
    'empty-file',
    'the file contains nothing but comments or spaces',
    'check that it is the right file and that it was saved',
  );
}

/** Far deeper than `MAX_DEPTH`, and far from exhausting the stack when the parser closes that many levels. */
const OPEN_MOST = 256;

/**
 * The tokens of a text, up to the point where more than `OPEN_MOST` nested lists and maps are open. The parser recurses
 * when it closes many of them at once, as deep as the text nests.
 */
function readTokens(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > OPEN_MOST) break;
  }
  tokens.push(...parser.end());
  return tokens;
}
