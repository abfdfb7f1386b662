import { type DocumentNode, valueAt } from '../document/document-node.ts';
import { toNamePattern } from '../domain/policy/name-pattern.ts';
import type { Requirement } from '../domain/policy/policy.ts';
import type { PolicyReader } from './policy-reader.ts';
import { LEVELS } from './read-grants.ts';
import { readNeverWho } from './read-principal.ts';
import { readResource } from './read-resource.ts';
import { readFreeText } from './read-text.ts';

/** Reads `require`. */
export function readRequirements(node: DocumentNode | undefined, reader: PolicyReader): readonly Requirement[] {
  return reader.itemsOf(node).flatMap((item) => readRequirement(item, reader) ?? []);
}

function readRequirement(item: DocumentNode, reader: PolicyReader): Requirement | null {
  if (item.kind !== 'map') return reader.leaveOut();
  const meant = valueAt(item, 'for');
  const [whoNode, resourceNode, levelNode] = ['who', 'resource', 'level'].map((key) => valueAt(meant, key));
  const who = whoNode ? readNeverWho(whoNode, reader) : null;
  const resource = resourceNode ? readResource(resourceNode, reader) : null;
  const level = levelNode ? reader.wordOf(levelNode, LEVELS) : 'viewer';
  const [reasonNode, daysNode] = [valueAt(item, 'reason'), valueAt(item, 'maxDays')];
  if (!reasonNode && !daysNode) {
    const remedy = 'add a `reason` pattern such as "OPS-*", or `maxDays`';
    reader.error(item.at, 'requires-nothing', 'this entry of `require` asks for nothing', remedy);
  }
  const reason = reasonNode ? readFreeText(reasonNode, reader) : null;
  if (!meant || (whoNode && !who) || (resourceNode && !resource)) return reader.leaveOut();
  const on = resource === null ? '' : ` on ${resource.text}`;
  return {
    who: who?.who ?? null,
    resource,
    level,
    reason: reason && toNamePattern(reason.text),
    maxDays: daysNode ? reader.numberOf(daysNode) : null,
    text: `${level}${on}${who === null ? '' : ` for ${who.text}`}`,
    at: item.at,
  };
}
