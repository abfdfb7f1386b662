import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { TextPlaces } from './source-text.ts';

/** The largest text that grantd reads, in bytes of UTF-8. No real account needs more. */
export const MAX_TEXT_BYTES = 1_048_576;

/** The most bad characters that are reported. Further ones would only repeat the message. */
const MAX_SHOWN = 10;

/**
 * Characters that a reviewer cannot see, or that display the text in another order than it is read: controls (except the
 * tab and line breaks), a lone CR, line breaks of YAML 1.1, lone surrogates, bidirectional overrides, zero-width spaces.
 */
const INVISIBLE =
  /[^\P{Cc}\t\n\r]|\r(?!\n)|[\u00ad\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069]|\p{Cs}|(?!^)\ufeff/gu;

/**
 * A space where YAML wants a plain one, and that is another character, such as the no-break space U+00A0: in the indentation, after
 * a dash, or after the colon of a key. YAML takes it for a letter. Elsewhere it may be part of a name.
 */
const ODD_SPACE = /^[ \t]*(?:-[ \t]+)*(?:-|["']?[\w.@-]+["']?[ \t]*:)?(?! )\p{Zs}/gmu;

/** Checks the text before any parser sees it. After any problem, the text may differ from what an editor shows. */
export function checkText(places: TextPlaces): readonly Problem[] {
  const { text } = places.source;
  const size = utf8Length(text);
  if (size > MAX_TEXT_BYTES) return [tooLarge(places, size)];
  const nul = text.indexOf('\0');
  if (nul >= 0) return [binary(places, nul)];
  return [
    ...offsetsOf(text, /\ufffd/g).map((offset) => notUtf8(places, offset)),
    ...offsetsOf(text, INVISIBLE).map((offset) => invisible(places, offset)),
    ...firstMatches(text, ODD_SPACE).map(({ 0: { length }, index }) => oddSpace(places, index + length - 1)),
  ];
}

function tooLarge(places: TextPlaces, size: number): Problem {
  return errorAt(
    places.at(0, 0),
    'file-too-large',
    `the file has ${size} bytes; grantd reads at most ${MAX_TEXT_BYTES} (1 MiB)`,
    'check that it is the right file; use groups, roles and patterns instead of many single entries',
  );
}

function binary(places: TextPlaces, offset: number): Problem {
  return errorAt(
    places.at(offset, offset + 1),
    'binary-file',
    'the file contains a NUL byte, so it is not text',
    'check that it is the right file, and that it is saved as UTF-8 (UTF-16 text is full of NUL bytes)',
  );
}

function notUtf8(places: TextPlaces, offset: number): Problem {
  return errorAt(
    places.at(offset, offset + 1),
    'not-utf8',
    'this is not UTF-8, or it is the replacement character U+FFFD that an earlier conversion left behind',
    'save the file as UTF-8 and type the character again',
  );
}

function invisible(places: TextPlaces, offset: number): Problem {
  const code = places.source.text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  const at = places.at(offset, offset + 1);
  if (code === '000D') {
    const message = 'this is a carriage return without a line feed; tools disagree on whether it ends the line';
    return errorAt(at, 'control-character', message, 'save the file with LF or CRLF line endings');
  }
  return errorAt(
    at,
    'control-character',
    `this is the invisible character U+${code}; the text may differ from what you see`,
    'delete it; if the name of a resource really contains it, name the resource by id, as in "project:#4001"',
  );
}

function oddSpace(places: TextPlaces, offset: number): Problem {
  const code = places.source.text.charCodeAt(offset).toString(16);
  return errorAt(
    places.at(offset, offset + 1),
    'control-character',
    `this is the character \\u{${code}}, which looks like a space; YAML takes it for a letter`,
    'delete it and type a space',
  );
}

function offsetsOf(text: string, pattern: RegExp): readonly number[] {
  return firstMatches(text, pattern).map(({ index }) => index);
}

function firstMatches(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  for (const match of text.matchAll(pattern)) {
    matches.push(match);
    if (matches.length === MAX_SHOWN) break;
  }
  return matches;
}

/** The number of bytes of `text` in UTF-8. A lone surrogate counts as the three bytes that replace it. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
