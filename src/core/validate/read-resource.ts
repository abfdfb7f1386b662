import type { DocumentNode } from '../document/document-node.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { parseSelector, startsLikeResource } from './parse-selector.ts';
import type { PolicyReader } from './policy-reader.ts';
import { readNameText } from './read-text.ts';

/** Reads one resource. Null where there is none to read. */
export function readResource(node: DocumentNode | undefined, reader: PolicyReader): ResourceRef | null {
  const written = readNameText(node, reader);
  if (!written) return reader.skip();
  const selector = parseSelector(written, reader);
  return selector && { text: written.text, selector, at: written.at };
}

/** Reads a resource or a list of them; none where the key is not there. */
export function readResources(node: DocumentNode | undefined, reader: PolicyReader): readonly ResourceRef[] {
  const items = reader.oneOrMore(node);
  return items.flatMap((item, index) => {
    if (reportSplit(node, item, items[index - 1], reader)) return [];
    return readResource(item, reader) ?? [];
  });
}

/**
 * Whether a comma has split a name in two, as in `[project:Mobile, iOS]`: the item says no resource, and the one before
 * it is a name that is not quoted. Reports it where so.
 */
export function reportSplit(
  list: DocumentNode | undefined,
  item: DocumentNode,
  before: DocumentNode | undefined,
  reader: PolicyReader,
): boolean {
  if (list?.kind !== 'list' || !list.flow || before?.kind !== 'scalar' || item.kind !== 'scalar') return false;
  const isSplit =
    before.plain &&
    item.plain &&
    /^\w+:./.test(before.source) &&
    !/[:@]/.test(item.source) &&
    !startsLikeResource(item.source);
  if (!isSplit) return false;
  reader.error(
    item.at,
    'comma-splits-text',
    `the comma makes ${item.source} an item of its own, and it is no resource`,
    `if the comma belongs to the name, quote it: "${before.source}, ${item.source}"`,
  );
  return true;
}
