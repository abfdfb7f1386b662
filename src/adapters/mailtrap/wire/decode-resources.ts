import type { ListedResource } from '../../../core/domain/account/resource-tree.ts';
import { MAILTRAP_LIMITS } from '../transport/limits.ts';
import { decodeResourceType, type WireWords } from './resource-types.ts';
import { at, decodeList, fieldsOf, integerOf, textOf, WireMisfit, wordOf } from './shape.ts';

/**
 * Turns the answer of getResources (contract) into the listed resources, in the order of the API.
 * `access_level` there is the calling token's own level (contract). A node without `resources` has none below it, and a
 * null among them is no node (contract: the items are nullable).
 */
export function decodeResources(
  body: unknown,
  _callingToken = '',
  words: WireWords = new Set(),
): readonly ListedResource[] {
  return decodeNodes(body, { depth: 1, count: { nodes: 0 }, words });
}

interface Position {
  readonly depth: number;
  /** One counter for the whole tree. */
  readonly count: { nodes: number };
  readonly words: WireWords;
}

function decodeNodes(value: unknown, position: Position): readonly ListedResource[] {
  const nodes = decodeList(value, (item) => (item === null ? null : decodeNode(item, position)));
  return nodes.filter((node) => node !== null);
}

function decodeNode(value: unknown, { depth, count, words }: Position): ListedResource {
  if (depth > MAILTRAP_LIMITS.treeDepthMax)
    throw new WireMisfit('', `more than ${MAILTRAP_LIMITS.treeDepthMax} levels deep`);
  count.nodes += 1;
  if (count.nodes > MAILTRAP_LIMITS.treeNodesMax)
    throw new WireMisfit('', `more than ${MAILTRAP_LIMITS.treeNodesMax} resources`);
  const fields = fieldsOf(value);
  return {
    type: decodeResourceType(wordOf(fields['type'], '.type'), words),
    id: integerOf(fields['id'], '.id'),
    name: textOf(fields['name'], '.name'),
    tokenLevel: integerOf(fields['access_level'], '.access_level'),
    children: at(fields, 'resources', (below) => decodeNodes(below ?? [], { depth: depth + 1, count, words })),
  };
}
