import { type DocumentNode, type MapEntry, valueAt } from '../document/document-node.ts';
import type { DeclaredToken, End, Group, Role, Want } from '../domain/policy/policy.ts';
import { readWants } from './read-grants.ts';
import { readInstant } from './read-instant.ts';
import { isName, NAME_REMEDY, readEmail, readMember } from './read-principal.ts';
import type { Reading } from './reading.ts';

/** Reads `groups`. A group whose members cannot be read is still declared, so references to it are no problem. */
export function readGroups(node: DocumentNode | undefined, reading: Reading): readonly Group[] {
  return namedEntries(node, 'group', reading).map(({ key, keyAt, value }) => ({
    name: key,
    members: reading.itemsOf(value).flatMap((item) => readMember(item, reading) ?? []),
    at: keyAt,
  }));
}

/** Reads `roles`. */
export function readRoles(node: DocumentNode | undefined, reading: Reading): readonly Role[] {
  return namedEntries(node, 'role', reading).map(({ key, keyAt, value }) => ({
    name: key,
    wants: reading.itemsOf(value).flatMap((item): readonly Want[] => readWants(item, reading)),
    at: keyAt,
  }));
}

/** Reads `tokens`. */
export function readTokens(node: DocumentNode | undefined, reading: Reading): readonly DeclaredToken[] {
  return namedEntries(node, 'token', reading).map(({ key, keyAt, value }) => ({
    name: key,
    access: reading.numberOf(valueAt(value, 'access')),
    tokenId: reading.numberOf(valueAt(value, 'token')),
    at: keyAt,
  }));
}

/** Reads `ends`. */
export function readEnds(node: DocumentNode | undefined, reading: Reading): readonly End[] {
  return reading.entriesOf(node).flatMap((entry) => readEnd(entry, reading) ?? []);
}

function readEnd({ key, keyAt, value }: MapEntry, reading: Reading): End | null {
  const email = readEmail({ text: key, at: keyAt }, reading);
  const end = readInstant(value, 'end', reading);
  if (email !== null) return end ? { email, end, at: keyAt } : reading.skip();
  const isPattern = key.includes('*');
  return reading.error(
    keyAt,
    isPattern ? 'pattern-not-allowed' : 'bad-principal',
    isPattern ? `"${key}" holds a *, and only one name may stand here` : `"${key}" is not an e-mail`,
    'write the e-mail of one person; a token ends by the `until` of its grants',
  );
}

function namedEntries(node: DocumentNode | undefined, noun: string, reading: Reading): readonly MapEntry[] {
  const entries = reading.entriesOf(node);
  for (const { key, keyAt } of entries) {
    if (!isName(key)) reading.error(keyAt, 'bad-name', `"${key}" cannot be the name of a ${noun}`, NAME_REMEDY);
  }
  return entries;
}
