import type { DocumentNode } from '../document/document-node.ts';
import type { ResourceRef, ResourceSelector } from '../domain/policy/resource-ref.ts';
import { parseSelector, startsLikeResource } from './parse-selector.ts';
import type { PolicyReader } from './policy-reader.ts';
import { readNameText } from './read-text.ts';

/** Reads one resource. Null if the node is not a valid one. */
export function readResource(node: DocumentNode | undefined, reader: PolicyReader): ResourceRef | null {
  const written = readNameText(node, reader);
  if (!written) return reader.leaveOut();
  const selector = parseSelector(written, reader);
  return selector && { text: written.text, selector, at: written.at, ...commentBehind(node, selector) };
}

function commentBehind(node: DocumentNode | undefined, selector: ResourceSelector): Pick<ResourceRef, 'comment'> {
  if (node?.kind !== 'scalar' || node.comment === null || !('id' in selector)) return {};
  return { comment: node.comment.text.replace(/^#+/, '').trim() };
}

/** Reads a resource or a list of resources. Empty if the key is absent. */
export function readResources(node: DocumentNode | undefined, reader: PolicyReader): readonly ResourceRef[] {
  const items = reader.oneOrMore(node);
  return items.flatMap((item, index) => {
    if (reportSplit(node, item, items[index - 1], reader)) return [];
    return readResource(item, reader) ?? [];
  });
}

/**
 * Whether a comma splits a name in two, as in `[project:Mobile, iOS]`: the item is not a resource, and the item before it
 * is an unquoted name. If so, it also reports the problem.
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
    `the comma makes ${item.source} a separate item, which is not a resource`,
    `if the comma belongs to the name, quote it: "${before.source}, ${item.source}"`,
  );
  return true;
}
