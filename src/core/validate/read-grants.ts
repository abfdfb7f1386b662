import { type DocumentNode, entryOf, type MapNode, valueAt } from '../document/document-node.ts';
import type { GrantLevel } from '../domain/account/access-level.ts';
import type { Grant, GrantedResource } from '../domain/policy/policy.ts';
import type { PolicyReader } from './policy-reader.ts';
import { readInstant } from './read-instant.ts';
import { readMember } from './read-principal.ts';
import { readResources } from './read-resource.ts';
import { readFreeText } from './read-text.ts';

/** The levels that a policy can name. */
export const LEVELS = ['viewer', 'admin'] as const satisfies readonly GrantLevel[];

/** Reads `grants`. */
export function readGrants(node: DocumentNode | undefined, reader: PolicyReader): readonly Grant[] {
  return reader.itemsOf(node).flatMap((item) => {
    if (item.kind === 'map') return readGrant(item, reader);
    reader.leaveOut();
    return [];
  });
}

/** Reads `resource` and `level`, as one value for each resource. */
export function readGrantedResources(node: DocumentNode, reader: PolicyReader): readonly GrantedResource[] {
  const level = reader.wordOf(valueAt(node, 'level'), LEVELS);
  const resources = readResources(valueAt(node, 'resource'), reader);
  if (resources.length === 0) reader.leaveOut();
  return resources.map((resource) => ({ resource, level }));
}

function readGrant(item: MapNode, reader: PolicyReader): Grant {
  const to = reader.oneOrMore(valueAt(item, 'to')).flatMap((member) => readMember(member, reader) ?? []);
  if (to.length === 0) reader.leaveOut();
  const reason = valueAt(item, 'reason');
  return {
    to,
    gives: readGives(item, reader),
    except: readResources(valueAt(item, 'except'), reader),
    from: readInstant(valueAt(item, 'from'), 'begin', reader),
    until: readInstant(valueAt(item, 'until'), 'end', reader),
    reason: reason ? (readFreeText(reason, reader)?.text ?? null) : null,
    team: null,
    at: item.at,
  };
}

function readGives(item: MapNode, reader: PolicyReader): Grant['gives'] {
  const role = entryOf(item, 'role');
  const beside = item.entries.filter(({ key }) => key === 'resource' || key === 'level');
  if (!role) {
    if (beside.length === 0 && item.entries.every(({ key }) => KEYS.has(key)))
      reader.error(item.at, 'role-or-resource', NEITHER, 'write a `role`, or a `resource` and a `level`');
    return { resources: readGrantedResources(item, reader) };
  }
  for (const { key, keyAt } of beside) {
    const message = `\`${key}\` cannot be combined with \`role\`: a role has its own resources and levels`;
    reader.error(keyAt, 'role-or-resource', message, `delete \`${key}\` here, or write a second grant for it`);
  }
  const name = readFreeText(role.value, reader);
  if (!name) return { resources: [] };
  reader.references.push({ section: 'roles', name: name.text, at: name.at });
  return { role: name.text, at: name.at };
}

/** The other keys of a grant. With any further key, the author may have meant that one to be `role` or `resource`. */
const KEYS: ReadonlySet<string> = new Set(['to', 'except', 'reason', 'from', 'until']);

const NEITHER = 'this grant has neither a role nor a resource with a level';
