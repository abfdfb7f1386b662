import { type DocumentNode, type MapEntry, valueAt } from '../document/document-node.ts';
import type { DeclaredToken, End, GrantedResource, Group, Role } from '../domain/policy/policy.ts';
import type { PolicyReader } from './policy-reader.ts';
import { readGrantedResources } from './read-grants.ts';
import { readInstant } from './read-instant.ts';
import { isName, readEmail, readMember, surroundingSpace, whyNoName } from './read-principal.ts';

/** Reads `groups`. A group with unreadable members is still declared, so references to it are valid. */
export function readGroups(node: DocumentNode | undefined, reader: PolicyReader): readonly Group[] {
  return namedEntries(node, 'group', reader).map(({ key, keyAt, value }) => ({
    name: key,
    members: reader.itemsOf(value).flatMap((item) => readMember(item, reader) ?? []),
    at: keyAt,
  }));
}

/** Reads `roles`. */
export function readRoles(node: DocumentNode | undefined, reader: PolicyReader): readonly Role[] {
  return namedEntries(node, 'role', reader).map(({ key, keyAt, value }) => ({
    name: key,
    resources: reader.itemsOf(value).flatMap((item): readonly GrantedResource[] => readGrantedResources(item, reader)),
    at: keyAt,
  }));
}

/** Reads `tokens`. */
export function readDeclaredTokens(node: DocumentNode | undefined, reader: PolicyReader): readonly DeclaredToken[] {
  return namedEntries(node, 'token', reader).map(({ key, keyAt, value }) => ({
    name: key,
    access: reader.numberOf(valueAt(value, 'access')),
    tokenId: reader.numberOf(valueAt(value, 'token')),
    at: keyAt,
  }));
}

/** Reads `ends`. */
export function readEnds(node: DocumentNode | undefined, reader: PolicyReader): readonly End[] {
  return reader.entriesOf(node).flatMap((entry) => readEnd(entry, reader) ?? []);
}

function readEnd({ key, keyAt, value }: MapEntry, reader: PolicyReader): End | null {
  const email = readEmail({ text: key, at: keyAt }, reader);
  const end = readInstant(value, 'end', reader);
  if (email !== null) return end ? { ...email, end, at: keyAt } : reader.leaveOut();
  const isPattern = key.includes('*');
  return reader.error(
    keyAt,
    isPattern ? 'pattern-not-allowed' : 'bad-principal',
    isPattern ? `"${key}" contains a *, but this must be exactly one name` : `"${key}" is not an e-mail`,
    surroundingSpace(key) ?? 'write the e-mail of one person; for a token, use `until` on its grants',
  );
}

function namedEntries(node: DocumentNode | undefined, noun: string, reader: PolicyReader): readonly MapEntry[] {
  const entries = reader.entriesOf(node);
  for (const { key, keyAt } of entries) {
    if (isName(key)) continue;
    const [why, remedy] = whyNoName(key);
    reader.error(keyAt, 'bad-name', `"${key}" cannot be the name of a ${noun}${why}`, remedy);
  }
  return entries;
}
