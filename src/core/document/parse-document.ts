import { Composer, type CST, type Document } from 'yaml';
import { FoundProblems } from '../domain/text/found-problems.ts';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import { checkText } from './check-text.ts';
import type { DocumentNode } from './document-node.ts';
import { explainSyntax } from './explain-syntax.ts';
import { fatal, inspectTokens, type TokenFindings } from './inspect-tokens.ts';
import { NodeReader } from './read-node.ts';
import { readTokens, tooManyTokens } from './read-tokens.ts';
import { type SourceText, TextPlaces } from './source-text.ts';

/** The most error tokens that are composed. Fewer than these are ever explained. */
const MAX_ERROR_TOKENS = 100;

/** A text as data with places, as far as it is readable. `root` is null if nothing is known about its content. */
export interface ParsedDocument {
  readonly root: DocumentNode | null;
  readonly problems: FoundProblems;
}

/**
 * Reads one YAML 1.2 document, more strictly than YAML itself. It accepts any text, never throws, and its time grows
 * linearly with the text. The size, the number of tokens and the depth are checked before anything recurses or compares keys.
 */
export function parseDocument(source: SourceText): ParsedDocument {
  const places = new TextPlaces(source);
  const textProblems = checkText(places);
  if (textProblems.length > 0) return unreadable(textProblems);
  const { documents, found } = readDocuments(places);
  return read(documents, found, places);
}

function unreadable(found: readonly Problem[]): ParsedDocument {
  const problems = new FoundProblems();
  problems.pushAll(found);
  return { root: null, problems };
}

/** The composed documents, without the tokens, which take more memory than all that is made of them. */
function readDocuments(places: TextPlaces): {
  readonly documents: readonly Document.Parsed[];
  readonly found: TokenFindings;
} {
  const { text } = places.source;
  const { tokens, overflow } = readTokens(text);
  const found = overflow === null ? inspectTokens(tokens, places) : fatal(tooManyTokens(overflow, places));
  if (found.fatal) return { documents: [], found };
  return { documents: [...composerOf().compose(upToSecond(withFewErrors(tokens)), true, text.length)], found };
}

/** After a syntax error the data would be guesswork, so the document has no root. */
function read(documents: readonly Document.Parsed[], found: TokenFindings, places: TextPlaces): ParsedDocument {
  const { problems } = found;
  const syntax = explainSyntax(
    documents.flatMap((document) => document.errors),
    found.unclosed,
    places,
  );
  problems.pushAll(syntax);
  const [first] = documents;
  if (syntax.length > 0 || !first) return { root: null, problems };
  const reader = new NodeReader(places);
  const root = reader.read(first.contents, places.at(0, 0));
  const isEmpty = root.kind === 'scalar' && root.source === '';
  if (isEmpty) return problems.kept.length > 0 ? { root: null, problems } : unreadable([emptyFile(places)]);
  problems.absorb(reader.problems);
  return { root, problems };
}

/** Each error token becomes an error with a stack. Without a bound, a megabyte of brackets would take seconds. */
function withFewErrors(tokens: readonly CST.Token[]): readonly CST.Token[] {
  let errors = 0;
  return tokens.filter(({ type }) => type !== 'error' || errors++ < MAX_ERROR_TOKENS);
}

/** The tokens up to the second document. That there is one is a problem already, and each costs as much as a whole file. */
function upToSecond(tokens: readonly CST.Token[]): readonly CST.Token[] {
  const [, second] = tokens.filter(({ type }) => type === 'document');
  return second ? tokens.slice(0, tokens.indexOf(second) + 1) : tokens;
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
