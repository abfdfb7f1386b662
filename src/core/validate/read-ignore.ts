import type { DocumentNode } from '../document/document-node.ts';
import { isEmailText } from '../domain/policy/email-text.ts';
import { type NamePattern, toNamePattern } from '../domain/policy/name-pattern.ts';
import type { Ignore } from '../domain/policy/policy.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Place } from '../domain/text/problem.ts';
import { foldAscii } from '../domain/text/text.ts';
import { startsLikeResource } from './parse-selector.ts';
import { readEmail } from './read-principal.ts';
import { readResource, reportSplit } from './read-resource.ts';
import type { Reading } from './reading.ts';

/** Reads a list of e-mails, e-mail patterns and resources. What holds an @ and begins with no type is an e-mail. */
export function readIgnore(node: DocumentNode | undefined, reading: Reading): Ignore {
  const people: { readonly pattern: NamePattern; readonly at: Place }[] = [];
  const resources: ResourceRef[] = [];
  const items = reading.itemsOf(node);
  for (const [index, item] of items.entries()) {
    if (reportSplit(node, item, items[index - 1], reading)) continue;
    const text = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : '';
    if (text.includes('@') && !startsLikeResource(text)) {
      const pattern = readEmailPattern(text, item.at, reading);
      if (pattern) people.push({ pattern, at: item.at });
    } else {
      const resource = readResource(item, reading);
      if (resource) resources.push(resource);
    }
  }
  return { people, resources };
}

function readEmailPattern(text: string, at: Place, reading: Reading): NamePattern | null {
  const isEmail = text.includes('*')
    ? isEmailText(text.replaceAll('*', 'x'))
    : readEmail({ text, at }, reading) !== null;
  if (isEmail) return toNamePattern(foldAscii(text));
  const remedy = 'write one address, or one pattern such as "*@contractor.example"';
  return reading.error(at, 'bad-principal', `"${text}" is neither an e-mail nor a pattern of e-mails`, remedy);
}
