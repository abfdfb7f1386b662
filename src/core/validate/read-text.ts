import type { DocumentNode } from '../document/document-node.ts';
import type { Place } from '../domain/text/problem.ts';
import type { PolicyReader } from './policy-reader.ts';

/** A text and its place. */
export interface WrittenText {
  readonly text: string;
  readonly at: Place;
}

/** Reads a text that may contain spaces. YAML may have cut it at a `#`; then it reports a problem and returns null. */
export function readFreeText(node: DocumentNode | undefined, reader: PolicyReader): WrittenText | null {
  const scalar = reader.textOf(node);
  if (!scalar) return null;
  const { value, comment, plain, at } = scalar;
  if (plain && comment && /^#\S/.test(comment.text)) {
    const full = `${value} ${comment.text}`;
    return reader.error(
      comment.at,
      'hash-cuts-text',
      `YAML reads only "${value}"; everything from the # on is a comment`,
      `if the # belongs to it, quote it: "${full}"; if it is a comment, write a space after the #`,
    );
  }
  return { text: value, at };
}

/** As `readFreeText`, for a name. It must not continue on the next line either. */
export function readNameText(node: DocumentNode | undefined, reader: PolicyReader): WrittenText | null {
  const written = readFreeText(node, reader);
  if (!written || !(node?.kind === 'scalar')) return null;
  // In a block scalar (| or >) the author joined the lines on purpose.
  if (!/^[^|>].*[\r\n]/.test(node.source)) return written;
  return reader.error(
    written.at,
    'text-over-lines',
    `YAML reads the lines from here on as one text: "${written.text.replace(/\s+/g, ' ').trim()}"`,
    'indent the next entry like this one, or write the text on one line',
  );
}
