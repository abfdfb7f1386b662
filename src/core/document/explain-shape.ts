import type { ErrorObject } from 'ajv';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import {
  type DocumentNode,
  entryOf,
  lastPlace,
  type MapEntry,
  type MapNode,
  nodeAt,
  pointerSteps,
  type ReadableNode,
} from './document-node.ts';
import { explainKind } from './explain-kind.ts';
import { didYouMean, nearest } from './suggest.ts';

/** The most schema errors that are explained. Each is looked up by its path, so a bound keeps a bad file fast. */
const MAX_EXPLAINED = 1000;

/** The name of the whole document in messages. */
const WHOLE = 'the file';

/** One error of ajv, with everything that an explanation needs. */
export interface ShapeError {
  readonly node: ReadableNode;
  /** The node's name in messages: `limits.admins`, or `item 2 of to`. */
  readonly label: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The keys that the schema declares at the same place as the failed keyword. */
  readonly keys: readonly string[];
  readonly pointer: string;
  /** The schema's description of the node. */
  readonly description: unknown;
  readonly root: DocumentNode;
}

type Explain = (shape: ShapeError) => Problem | null;

/** The keywords with an explanation of their own. Any other keyword is a bad value. */
const EXPLANATIONS: ReadonlyMap<string, Explain> = new Map<string, Explain>([
  ['type', ({ node, label, params, keys }) => explainKind(node, label, [params['type']].flat().map(String), keys)],
  ['required', missingKey],
  ['additionalProperties', unknownKey],
  ['enum', notAllowed],
  ['const', notAllowed],
  ['false schema', misplacedKey],
  ['minimum', outOfBounds],
  ['maximum', outOfBounds],
  ['minLength', wrongSize('characters')],
  ['maxLength', wrongSize('characters')],
  ['minItems', wrongSize('items')],
  ['maxItems', wrongSize('items')],
  ['minProperties', wrongSize('keys')],
  ['maxProperties', wrongSize('keys')],
  // These only repeat that an inner schema failed, which has an error of its own.
  ['if', () => null],
  ['anyOf', () => null],
  ['oneOf', () => null],
  ['propertyNames', () => null],
]);

/** Turns the errors of ajv into problems at places of the document. It leaves out consequences of other problems. */
export function explainShape(root: DocumentNode, errors: readonly ErrorObject[]): readonly Problem[] {
  return withoutEchoes(errors.slice(0, MAX_EXPLAINED), root).flatMap((error) => explain(error, root) ?? []);
}

/** A value of the wrong type also fails `enum` or `const`. One error is enough: `enum`, unless the value is empty. */
function withoutEchoes(errors: readonly ErrorObject[], root: DocumentNode): readonly ErrorObject[] {
  const wrongKind = new Set(errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  const listed = new Set(
    errors
      .filter(({ keyword, instancePath }) => keyword === 'enum' && !isEmpty(nodeAt(root, instancePath)))
      .map(({ instancePath }) => instancePath),
  );
  return errors.filter(({ keyword, instancePath }) => {
    if (keyword === 'type') return !listed.has(instancePath);
    if (keyword !== 'enum' && keyword !== 'const') return true;
    return listed.has(instancePath) || !wrongKind.has(instancePath);
  });
}

function isEmpty(node: DocumentNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

/** A required key whose schema has a `$comment` is explained by a check of the policy, with a code of its own. */
function explain(error: ErrorObject, root: DocumentNode): Problem | null {
  // The path of an error always leads to a node, because ajv checked the data of these nodes.
  const node = nodeAt(root, error.instancePath) as DocumentNode;
  if (node.kind === 'broken') return null;
  const schema = error.parentSchema as Readonly<Record<string, unknown>>;
  if (error.keyword === 'required' && '$comment' in schema) return null;
  const keys = Object.keys(schema['properties'] ?? {});
  const label = labelOf(error.instancePath);
  const { description } = schema;
  const shape = { node, label, params: error.params, keys, pointer: error.instancePath, description, root };
  if (error.propertyName !== undefined) return badKeyName(error.propertyName, shape);
  const explanation = EXPLANATIONS.get(error.keyword);
  return explanation ? explanation(shape) : badValue(shape, error);
}

function missingKey({ node, params, keys, label }: ShapeError): Problem | null {
  const missing = String(params['missingProperty']);
  const unknown = (node as MapNode).entries.filter(({ key }) => !keys.includes(key));
  if (unknown.some(({ key }) => standsFor(key, missing))) return null;
  const isLast = label === WHOLE && (missing === 'paused' || missing === 'complete');
  return errorAt(
    isLast ? lastPlace(node) : node.at,
    'missing-key',
    `${label} has no \`${missing}\``,
    isLast
      ? `add \`${missing}:\` below this line, as the last key; if the file is cut off, restore its end`
      : label === WHOLE
        ? `add \`${missing}:\`; if the file is cut off, restore its end`
        : `add \`${missing}:\``,
  );
}

/** Whether the author most likely meant an unknown key to be the missing one. Then it is one problem, not two. */
function standsFor(key: string, missing: string): boolean {
  return key.startsWith(`${missing}:`) || nearest(key, [missing]) === missing;
}

function unknownKey({ node, label, params, keys }: ShapeError): Problem {
  const key = String(params['additionalProperty']);
  const entry = entryIn(node, key);
  return (
    flowTrap(entry, node, keys) ??
    errorAt(
      entry.keyAt,
      'unknown-key',
      `${label} has no key \`${key}\``,
      didYouMean(key, keys, keys.length > 0 ? `the keys are ${keys.join(', ')}` : 'delete it'),
    )
  );
}

function misplacedKey({ root, pointer }: ShapeError): Problem {
  const steps = pointerSteps(pointer);
  const key = String(steps.at(-1));
  const parent = nodeAt(root, pointer.slice(0, pointer.lastIndexOf('/'))) as DocumentNode;
  const message = `\`${key}\` cannot be combined with the other keys here`;
  return errorAt(entryIn(parent, key).keyAt, 'unknown-key', message, 'delete it, or delete the other keys');
}

function badKeyName(name: string, { node }: ShapeError): Problem {
  const { keyAt } = entryIn(node, name);
  return errorAt(
    keyAt,
    'bad-value',
    `\`${name}\` is not a valid name`,
    'use letters, digits, dots, dashes and underscores',
  );
}

function notAllowed({ node, label, params }: ShapeError): Problem {
  const allowed = [params['allowedValues'] ?? params['allowedValue']].flat().map(String);
  const said = node.kind === 'scalar' ? node.source : 'this';
  const words = allowed.length > 1 ? `one of ${allowed.join(', ')}` : String(allowed[0]);
  return errorAt(
    node.at,
    'bad-value',
    `${label} must be ${words}, not ${said}`,
    didYouMean(
      said.replace(/^["']|["']$/g, ''),
      allowed,
      allowed.length > 1 ? `write one of ${allowed.join(', ')}` : `write ${words}`,
    ),
  );
}

function outOfBounds({ node, label, params }: ShapeError): Problem {
  const isLow = params['comparison'] === '>=';
  const message = `${label} must be ${isLow ? 'at least' : 'at most'} ${params['limit']}`;
  return errorAt(
    node.at,
    'over-limit',
    message,
    `write ${params['limit']}, or a ${isLow ? 'larger' : 'smaller'} number`,
  );
}

function wrongSize(unit: string): Explain {
  return ({ node, label, params }) => {
    const limit = Number(params['limit']);
    const size = sizeOf(node);
    const word = limit === 1 ? unit.replace(/s$/, '') : unit;
    if (size < limit) {
      return errorAt(
        node.at,
        'over-limit',
        `${label} needs at least ${limit} ${word}`,
        'fill it in, or delete the key',
      );
    }
    const message = `${label} has ${size} ${unit}; at most ${limit} are allowed`;
    return errorAt(node.at, 'over-limit', message, 'make it shorter, or split it');
  };
}

function badValue({ node, label, description }: ShapeError, { keyword, message }: ErrorObject): Problem {
  const said = keyword === 'pattern' ? 'does not have the required form' : String(message);
  const remedy = typeof description === 'string' ? description : 'compare it with the documentation';
  return errorAt(node.at, 'bad-value', `${label} ${said}`, remedy);
}

function sizeOf(node: ReadableNode): number {
  if (node.kind === 'list') return node.items.length;
  if (node.kind === 'map') return node.entries.length;
  return [...String(node.value)].length;
}

function entryIn(node: DocumentNode, key: string): MapEntry {
  return entryOf(node as MapNode, key) as MapEntry;
}

/** The label of a node: the keys after the last list (`limits.revokes`), or the item itself (`item 2 of to`). */
function labelOf(pointer: string): string {
  const steps = pointerSteps(pointer);
  const last = steps.at(-1);
  if (last === undefined) return WHOLE;
  const isItem = /^[0-9]+$/.test(last) && steps.length > 1;
  if (isItem) return `item ${Number(last) + 1} of ${labelOf(pointer.slice(0, pointer.lastIndexOf('/')))}`;
  const since = steps.findLastIndex((step) => /^[0-9]+$/.test(step));
  return steps.slice(since + 1).join('.');
}

/**
 * Recognises an unknown key that was not meant as a key. In `{resource:account}` no space follows the colon; in
 * `{resource: project:Mobile, iOS}` a comma splits a text. Both leave a key without a value.
 */
export function flowTrap(entry: MapEntry, map: DocumentNode, keys: readonly string[]): Problem | null {
  const { key, keyAt, value } = entry;
  if (entry.quoted || value.kind !== 'scalar' || value.source !== '') return null;
  const colon = key.indexOf(':');
  if (colon > 0 && keys.includes(key.slice(0, colon))) {
    return errorAt(
      keyAt,
      'colon-needs-space',
      `no space follows the colon, so YAML reads \`${key}\` as a key without a value`,
      `write ${key.slice(0, colon)}: ${key.slice(colon + 1)}`,
    );
  }
  if (map.kind !== 'map' || !map.flow || map.entries[0] === entry) return null;
  return errorAt(
    keyAt,
    'comma-splits-text',
    `the comma before \`${key}\` ends a value, so YAML reads \`${key}\` as a key`,
    'if the comma belongs to the text, quote the whole text; otherwise give the key a value',
  );
}
