import { Composer, type CST, Lexer, Parser } from 'yaml';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import { checkText } from './check-text.ts';
import type { DocumentNode } from './document-node.ts';
import { explainSyntax } from './explain-syntax.ts';
import { inspectTokens, type TokenFindings } from './inspect-tokens.ts';
import { NodeReader } from './read-node.ts';
import { type SourceText, TextPlaces } from './source-text.ts';

/** How many unreadable tokens are handed on: more than are ever explained. */
const MAX_ERROR_TOKENS = 100;

/** A text as data with places, as far as it could be read. `root` is null where nothing can be said about its content. */
export interface ParsedDocument {
  readonly root: DocumentNode | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads one YAML 1.2 document, more strictly than YAML itself. Takes any text whatever, never throws, and takes time
 * that grows with the text: its size and its depth are bounded before anything that recurses or compares keys.
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

/** With a syntax error the rest of the data is guesswork, so nothing further is said about it. */
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

/** Each token that is no YAML becomes an error with a stack: a megabyte of brackets would take seconds and say nothing more. */
function withFewErrors(tokens: readonly CST.Token[]): readonly CST.Token[] {
  let errors = 0;
  return tokens.filter(({ type }) => type !== 'error' || errors++ < MAX_ERROR_TOKENS);
}

/** Comparing each key with all others takes time that grows with the square of their number; the reader does it in one pass. */
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
    'the file holds nothing but comments or spaces',
    'check that it is the right file and that it was saved',
  );
}

/** Far deeper than any document that is read on, and far from what closing it would take of the stack. */
const OPEN_MOST = 256;

/**
 * The tokens of a text, up to where more lists and maps stand open inside one another than are ever read: the parser
 * recurses where many of them are closed at once, as deep as the text nests.
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
