import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { DocumentNode, MapEntry } from './document-node.ts';

/**
 * Recognises an unknown key that is none: in `{resource:account}` no space follows the colon, and in
 * `{resource: project:Mobile, iOS}` a comma has split a text. Both leave a key without a value.
 */
export function flowTrap(entry: MapEntry, map: DocumentNode, keys: readonly string[]): Problem | null {
  const { key, keyAt, value } = entry;
  if (entry.quoted || value.kind !== 'scalar' || value.source !== '') return null;
  const colon = key.indexOf(':');
  if (colon > 0 && keys.includes(key.slice(0, colon))) {
    return errorAt(
      keyAt,
      'colon-needs-space',
      `no space follows the colon, so \`${key}\` is read as a key without a value`,
      `write ${key.slice(0, colon)}: ${key.slice(colon + 1)}`,
    );
  }
  if (map.kind !== 'map' || !map.flow || map.entries[0] === entry) return null;
  return errorAt(
    keyAt,
    'comma-splits-text',
    `the comma before \`${key}\` ends a value, so \`${key}\` is read as a key`,
    'if the comma belongs to the text, quote the whole text; else give the key a value',
  );
}
