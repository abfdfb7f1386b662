import { type DocumentNode, entryOf, type MapNode, valueAt } from '../document/document-node.ts';
import type { GrantLevel } from '../domain/account/access-level.ts';
import type { Grant, Want } from '../domain/policy/policy.ts';
import { readInstant } from './read-instant.ts';
import { readMember } from './read-principal.ts';
import { readResources } from './read-resource.ts';
import { readFreeText } from './read-text.ts';
import type { Reading } from './reading.ts';

/** The levels that a policy may say. */
export const LEVELS = ['viewer', 'admin'] as const satisfies readonly GrantLevel[];

/** Reads `grants`. */
export function readGrants(node: DocumentNode | undefined, reading: Reading): readonly Grant[] {
  return reading.itemsOf(node).flatMap((item) => {
    if (item.kind === 'map') return readGrant(item, reading);
    reading.skip();
    return [];
  });
}

/** Reads `resource` and `level` as one want for each resource. */
export function readWants(node: DocumentNode, reading: Reading): readonly Want[] {
  const level = reading.wordOf(valueAt(node, 'level'), LEVELS);
  const resources = readResources(valueAt(node, 'resource'), reading);
  if (resources.length === 0) reading.skip();
  return resources.map((resource) => ({ resource, level }));
}

function readGrant(item: MapNode, reading: Reading): Grant {
  const to = reading.oneOrMore(valueAt(item, 'to')).flatMap((member) => readMember(member, reading) ?? []);
  if (to.length === 0) reading.skip();
  const reason = valueAt(item, 'reason');
  return {
    to,
    gives: readGives(item, reading),
    except: readResources(valueAt(item, 'except'), reading),
    from: readInstant(valueAt(item, 'from'), 'begin', reading),
    until: readInstant(valueAt(item, 'until'), 'end', reading),
    reason: reason ? (readFreeText(reason, reading)?.text ?? null) : null,
    at: item.at,
  };
}

function readGives(item: MapNode, reading: Reading): Grant['gives'] {
  const role = entryOf(item, 'role');
  const beside = item.entries.filter(({ key }) => key === 'resource' || key === 'level');
  if (!role) {
    if (beside.length === 0 && item.entries.every(({ key }) => KEYS.has(key)))
      reading.error(item.at, 'role-or-resource', NEITHER, 'write a `role`, or a `resource` and a `level`');
    return { wants: readWants(item, reading) };
  }
  for (const { key, keyAt } of beside) {
    const message = `\`${key}\` does not go with \`role\`: a role says resources and levels itself`;
    reading.error(keyAt, 'role-or-resource', message, `delete \`${key}\` here, or write a second grant for it`);
  }
  const name = readFreeText(role.value, reading);
  if (!name) return { wants: [] };
  reading.references.push({ section: 'roles', name: name.text, at: name.at });
  return { role: name.text, at: name.at };
}

/** Where another key stands, it may be the one that is meant. */
const KEYS: ReadonlySet<string> = new Set(['to', 'except', 'reason', 'from', 'until']);

const NEITHER = 'this grant says whom, and neither a role nor a resource with a level';
