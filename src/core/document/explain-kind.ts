import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { ListNode, MapNode, ReadableNode, ScalarNode } from './document-node.ts';

const KIND_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map of keys and values'],
  ['null', 'empty'],
]);

/** Explains a value of the wrong type. If YAML misread an unquoted text, the problem says so and how to quote it. */
export function explainKind(
  node: ReadableNode,
  label: string,
  expected: readonly string[],
  keys: readonly string[],
): Problem {
  const trap = expected.includes('string')
    ? textTrap(node, label)
    : expected.includes('object')
      ? keyTrap(node, keys)
      : null;
  if (trap) return trap;
  const words = expected.map((kind) => KIND_WORDS.get(kind)).join(' or ');
  if (node.kind === 'scalar' && node.value === null) {
    return errorAt(node.at, 'wrong-type', `${label} is empty; it must be ${words}`, 'fill it in, or delete the key');
  }
  return errorAt(
    node.at,
    'wrong-type',
    `${label} must be ${words}, not ${kindOf(node)}`,
    remedy(node, expected, words),
  );
}

/** The schema needs a text, and YAML read the value as something else. */
function textTrap(node: ReadableNode, label: string): Problem | null {
  if (node.kind === 'list') return listTrap(node, label);
  if (node.kind === 'map') return mapTrap(node, label);
  // Only an unquoted scalar can be anything but a text.
  if (node.source !== '') {
    const remedy =
      node.value === null
        ? `fill it in; if it is meant as text, quote it: "${node.source}"`
        : `quote it: "${node.source}"`;
    return errorAt(
      node.at,
      'unquoted-text',
      `${label} must be a text, but YAML reads ${node.source} as ${kindOf(node)}`,
      remedy,
    );
  }
  const { comment } = node;
  if (!comment || !/^#\S/.test(comment.text)) return null;
  return errorAt(
    comment.at,
    'hash-empties-value',
    `${label} is empty, because everything from # on is a comment`,
    `quote it: "${comment.text}"`,
  );
}

function listTrap(node: ListNode, label: string): Problem | null {
  if (!node.flow || label.startsWith('item ')) return null;
  return errorAt(
    node.at,
    'unquoted-text',
    `${label} must be a text, but YAML reads ${node.source} as a list`,
    `quote it: "${node.source.replaceAll('"', "'")}"`,
  );
}

function mapTrap(node: MapNode, label: string): Problem | null {
  const [entry, second] = node.entries;
  if (!entry || second || entry.quoted || entry.value.kind !== 'scalar' || !node.source.includes(':')) return null;
  const value = entry.value.source + (entry.value.source === '' && entry.value.comment ? entry.value.comment.text : '');
  return errorAt(
    node.at,
    'space-after-colon',
    `${label} must be a text, but the space after the colon makes it a map`,
    `delete the space and quote it: "${entry.key}:${value}"`,
  );
}

/** The schema needs a map, and the value is a text whose colon has no space after it. */
function keyTrap(node: ReadableNode, keys: readonly string[]): Problem | null {
  if (node.kind !== 'scalar' || !node.plain || typeof node.value !== 'string') return null;
  const [, key, rest] = /^(\w+):(\S.*)$/.exec(node.value) ?? [];
  if (key === undefined || !keys.includes(key)) return null;
  return errorAt(
    node.at,
    'colon-needs-space',
    `no space follows the colon, so YAML reads ${node.value} as a text, not as a key with a value`,
    `write ${key}: ${rest}`,
  );
}

function remedy(node: ReadableNode, expected: readonly string[], words: string): string {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const isNumber = /^[0-9]+$/.test(node.value) && (expected.includes('integer') || expected.includes('number'));
    if (isNumber || (/^(?:true|false)$/.test(node.value) && expected.includes('boolean'))) return 'delete the quotes';
    if (expected.includes('boolean')) return 'write true or false';
  }
  if (words === KIND_WORDS.get('array')) return 'write a list: put - and a space before each item';
  if (words === KIND_WORDS.get('object')) return 'write a map: put key: value on each line, without - before it';
  return `write ${words}`;
}

function kindOf(node: ReadableNode): string {
  switch (node.kind) {
    case 'list':
      return 'a list';
    case 'map':
      return 'a map of keys and values';
    case 'scalar':
      return scalarKind(node);
  }
}

function scalarKind({ value, source }: ScalarNode): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return `the text ${source.length > 40 ? `${source.slice(0, 40)}…` : source}`;
  return typeof value === 'number' ? `the number ${source}` : source;
}
