import { isWritableType, type ResourceId, type ResourceType, resourceKey } from '../../core/domain/account/resource.ts';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceTree,
} from '../../core/domain/account/resource-tree.ts';
import type { JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';

/** The depth limit of resources below the account. Mailtrap's resources are at most three levels deep. */
const DEPTH_MAX = 32;

/** The parts of a snapshot that make up the tree. */
export interface TreeParts {
  readonly account: number;
  readonly root: unknown;
  readonly resources: unknown;
}

interface Growing extends ListedResource {
  readonly children: Growing[];
}

interface Grown {
  readonly node: Growing;
  readonly depth: number;
}

/** Builds the tree from the lines of the snapshot; null after it reported why there is none. */
export function readTree(reader: JsonReader, { account, root, resources }: TreeParts): ResourceTree | null {
  const top: Growing[] = [];
  const grown = new Map<string, Grown>();
  reader.list(resources, 'resources', (item, place) => addResource({ reader, top, grown }, item, place));
  const read =
    root === null ? null : reader.object(root ?? {}, 'root', root === undefined ? [] : ['name', 'tokenLevel']);
  const rootNode = read && {
    type: 'account' as const,
    id: account,
    name: reader.text(read['name'], 'root.name'),
    tokenLevel: reader.integer(read['tokenLevel'], 'root.tokenLevel'),
    children: top,
  };
  const tree = buildResourceTree(account, rootNode ? [rootNode] : top);
  if (!isTreeFault(tree)) return tree;
  reader.report(
    'resources',
    tree.kind === 'listed-twice'
      ? `${resourceKey(tree.resource)} is listed twice`
      : 'the account itself is listed here',
  );
  return null;
}

interface Growth {
  readonly reader: JsonReader;
  readonly top: Growing[];
  readonly grown: Map<string, Grown>;
}

function addResource({ reader, top, grown }: Growth, item: unknown, place: string): void {
  const read = reader.object(item, place, ['type', 'id', 'name', 'tokenLevel', 'parent']);
  const node: Growing = {
    ...readResourceId(reader, read, place),
    name: reader.text(read['name'], `${place}.name`),
    tokenLevel: reader.integer(read['tokenLevel'], `${place}.tokenLevel`),
    children: [],
  };
  const parent = readParent(reader, read['parent'], `${place}.parent`);
  const above = parent && grown.get(resourceKey(parent));
  if (parent && !above) reader.report(`${place}.parent`, `${resourceKey(parent)} is not listed before it`);
  const depth = (above?.depth ?? 0) + 1;
  if (depth > DEPTH_MAX) reader.report(place, `is more than ${DEPTH_MAX} levels below the account`);
  else (above?.node.children ?? top).push(node);
  grown.set(resourceKey(node), { node, depth });
}

function readParent(reader: JsonReader, value: unknown, place: string): ResourceId | null {
  if (value === null || value === undefined) return null;
  return readResourceId(reader, reader.object(value, place, ['type', 'id']), place);
}

/** Reads the type and id of a resource from an object that was read already. */
export function readResourceId(reader: JsonReader, read: JsonObject, place: string): ResourceId {
  return {
    type: readType(reader, read['type'], `${place}.type`),
    id: reader.integer(read['id'], `${place}.id`),
  };
}

function readType(reader: JsonReader, value: unknown, place: string): ResourceType {
  const text = reader.text(value, place);
  if (isResourceType(text)) return text;
  if (typeof value === 'string') reader.report(place, `${JSON.stringify(text)} is not a type of resource`);
  return 'other/';
}

function isResourceType(text: string): text is ResourceType {
  return (
    isWritableType(text as ResourceType) || text === 'organization' || text === 'templates' || text.startsWith('other/')
  );
}
