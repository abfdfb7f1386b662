import type { ProblemCode } from '../domain/text/problem-code.ts';
import { lineEnd } from './source-text.ts';

/** One error of the YAML library, with the text around it. `rest` is the line from the error on. */
export interface Seen {
  readonly text: string;
  readonly code: string;
  readonly said: string;
  readonly start: number;
  readonly rest: string;
  /** The offsets of brackets that are never closed. */
  readonly unclosed: readonly number[];
}

/** The explanation of a syntax error: what is wrong, the underlined range, and what to do. */
export interface SyntaxExplanation {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly remedy: string;
  readonly code?: ProblemCode;
  /** True if all later errors of the library are consequences. */
  readonly last?: boolean;
}

/** Explanations of syntax errors, from specific to general. The first one that recognizes the error is used. */
export const SYNTAX_CASES: readonly ((seen: Seen) => SyntaxExplanation | null)[] = [
  explainTab,
  explainUnclosedList,
  explainUnclosedQuote,
  explainMissingSpace,
  explainNestedValue,
  explainStart,
  explainEscape,
  explainBracket,
  explainRest,
  explainIndent,
];

function explainTab({ code, start }: Seen): SyntaxExplanation | null {
  if (code !== 'TAB_AS_INDENT') return null;
  return {
    start,
    end: start + 1,
    code: 'tab-indent',
    message: 'this line is indented with a tab',
    remedy: 'indent with spaces; YAML does not allow tabs',
  };
}

/** A list that is never closed. Usually a ` #` in it turned the rest of its line into a comment. */
function explainUnclosedList({ text, said, start, unclosed }: Seen): SyntaxExplanation | null {
  const open = Math.max(-1, ...unclosed.filter((offset) => offset < start));
  if (open < 0 || !/^Flow (?:sequence|map) .*must .*end with a/.test(said)) return null;
  const hash = /\s(#\S[^\r\n]*)/.exec(text.slice(open, start));
  if (hash?.[1]) {
    const from = open + hash.index + 1;
    return {
      start: from,
      end: from + hash[1].length,
      code: 'hash-cuts-text',
      message: 'everything after a space and # is a comment, so the list is never closed',
      remedy: 'quote the text that contains the #, as in "project:Team #1"',
      last: true,
    };
  }
  const close = text[open] === '{' ? '}' : ']';
  return {
    start: open,
    end: open + 1,
    message: `this ${text[open]} is never closed`,
    remedy: `write ${close} at its end, and indent its later lines`,
    last: true,
  };
}

function explainUnclosedQuote({ text, said, start }: Seen): SyntaxExplanation | null {
  const quote = /^Missing closing (["'])/.exec(said)?.[1];
  if (!quote) return null;
  const open = Math.max(0, text.lastIndexOf(quote, start - 1));
  return {
    start: open,
    end: lineEnd(text, open),
    message: `the text that begins with ${quote} is never closed`,
    remedy: `write ${quote} at its end`,
    last: true,
  };
}

function explainMissingSpace({ code, start, rest }: Seen): SyntaxExplanation | null {
  if (code !== 'MULTILINE_IMPLICIT_KEY' && code !== 'MISSING_CHAR') return null;
  const word = /^([A-Za-z]+):(\S+)/.exec(rest);
  if (!word) return null;
  return {
    start,
    end: start + word[0].length,
    code: 'colon-needs-space',
    message: `no space follows the colon, so YAML reads ${word[0]} as one word, not as a key with a value`,
    remedy: `write ${word[1]}: ${word[2]}`,
  };
}

function explainNestedValue({ text, code, start, rest }: Seen): SyntaxExplanation | null {
  if (code !== 'BLOCK_AS_IMPLICIT_KEY' || rest.trimStart().startsWith('-')) return null;
  if (!/:(?:\s|$)/.test(rest)) return explainDeeperLine(text, start + rest.length);
  return {
    start,
    end: start + rest.length,
    message: 'a value may not contain a colon followed by a space unless it is quoted',
    remedy: 'quote the whole value; if it is meant as a map, begin it on a line of its own',
  };
}

/** A value that has ended continues on the next line, because that line is indented deeper. */
function explainDeeperLine(text: string, end: number): SyntaxExplanation {
  const start = end + text.slice(end).search(/\S|$/);
  return {
    start,
    end: lineEnd(text, start),
    message: 'this line is indented deeper than the entry above, so YAML reads it as part of that entry',
    remedy: 'give all entries of one list or map the same number of spaces',
    last: true,
  };
}

function explainStart({ code, start, rest }: Seen): SyntaxExplanation | null {
  if (code !== 'BAD_SCALAR_START') return null;
  return {
    start,
    end: start + 1,
    message: `a text may not begin with ${rest[0]} unless it is quoted`,
    remedy: 'quote the whole text',
  };
}

function explainEscape({ code, said, start }: Seen): SyntaxExplanation | null {
  if (code !== 'BAD_DQ_ESCAPE') return null;
  return {
    start,
    end: start + 2,
    message: `${said.replace('Invalid escape sequence ', '')} is not an escape sequence in "…"`,
    remedy: 'use \'…\' instead of "…": there a backslash is only a backslash',
  };
}

function explainBracket({ code, said, start, rest }: Seen): SyntaxExplanation | null {
  if (said.startsWith('Missing , or :') || code === 'BLOCK_IN_FLOW') {
    return {
      start,
      end: start + 1,
      message: 'a comma is missing here, or a text that contains brackets or colons is not quoted',
      remedy: 'separate the items with commas; quote names that contain [ ] { } , or a colon and a space',
    };
  }
  if (!/^Unexpected (?:,|flow-)/.test(said)) return null;
  const character = rest.charAt(0);
  const isOpening = character === '[' || character === '{';
  return {
    start,
    end: start + 1,
    message: isOpening
      ? `this ${character} ends the text before it`
      : `there is nothing for this ${character} to close or separate`,
    remedy: isOpening ? 'quote the whole text' : 'delete it, or quote the text that it belongs to',
    last: true,
  };
}

function explainRest({ text, code, said, start, rest }: Seen): SyntaxExplanation | null {
  if (code !== 'UNEXPECTED_TOKEN') return null;
  if (text[start - 1] === "'") return explainApostrophe(start, rest);
  const isHeader = said.startsWith('Block scalar header');
  return {
    start: isHeader ? Math.max(text.lastIndexOf('>', start), text.lastIndexOf('|', start)) : start,
    end: start + Math.max(1, rest.length),
    message: isHeader
      ? 'a text may not begin with > or | unless it is quoted'
      : 'this follows a value that has already ended',
    remedy: 'quote the whole value, or begin a new line',
  };
}

function explainApostrophe(start: number, rest: string): SyntaxExplanation {
  return {
    start: start - 1,
    end: start + rest.length,
    message: "this ' ends the text, and more follows",
    remedy: "if it belongs to the text, write it twice ('it''s'), or quote the text with \"…\"",
  };
}

function explainIndent({ code, said, start, rest }: Seen): SyntaxExplanation | null {
  if (code === 'BAD_INDENT' || /^(?:A block sequence|Sequence item)/.test(said)) {
    const indent = rest.length - rest.trimStart().length;
    return {
      start: start + indent,
      end: start + Math.max(indent + 1, rest.length),
      message: 'the indentation of this line does not match any line above',
      remedy: 'give all entries of one list or map the same number of spaces',
    };
  }
  if (!said.startsWith('Implicit')) return null;
  return {
    start,
    end: start + Math.max(1, rest.length),
    message: 'this is neither a key with a value nor an item of the list above',
    remedy: 'write key: value, or - and a space before an item; check the indentation',
  };
}
