import type { DocumentNode } from '../document/document-node.ts';
import { type EmailName, emailName, splitLabel, toEmailPattern } from '../domain/account/email.ts';
import { isEmailText, mixesScripts, type PrincipalName } from '../domain/account/principal.ts';
import { type NamePattern, toNamePattern } from '../domain/policy/name-pattern.ts';
import type { MemberRef, NeverWho } from '../domain/policy/policy.ts';
import { oddVisible } from '../domain/text/odd-characters.ts';
import type { PolicyReader } from './policy-reader.ts';
import { readFreeText, type WrittenText } from './read-text.ts';

/** The form of names of groups, roles and tokens. YAML and shells read such names literally. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The longest name of a group, role or token. */
export const NAME_CHARACTERS_MOST = 128;

const SECTIONS = { 'group:': 'groups', 'token:': 'tokens' } as const;

/** Reads one entry of `to` or of a group: an e-mail, group:NAME or token:NAME. */
export function readMember(node: DocumentNode, reader: PolicyReader): MemberRef | null {
  const written = readFreeText(node, reader);
  if (!written) return reader.leaveOut();
  const group = nameAfter('group:', written, reader);
  if (group !== undefined) return group === null ? null : { member: { group }, at: written.at };
  const member = toPrincipal(written, 'an e-mail, group:NAME or token:NAME', reader);
  return member && { member, at: written.at };
}

/** Reads an e-mail or token:NAME. */
export function readPrincipal(node: DocumentNode | undefined, reader: PolicyReader): PrincipalName | null {
  const written = readFreeText(node, reader);
  return written ? toPrincipal(written, 'an e-mail or token:NAME', reader) : reader.leaveOut();
}

/** Reads the `who` of a `never` rule: as in `to`, or a pattern of e-mails or tokens. */
export function readNeverWho(
  node: DocumentNode | undefined,
  reader: PolicyReader,
): { who: NeverWho; text: string } | null {
  const written = readFreeText(node, reader);
  if (!written) return reader.leaveOut();
  const { text } = written;
  if (text.includes('*') && text.startsWith('token:')) {
    return { who: { kind: 'tokens', pattern: toNamePattern(text.slice('token:'.length)) }, text };
  }
  if (text.includes('*') && text.includes('@')) {
    const pattern = toPattern(written, reader);
    return pattern && { who: { kind: 'emails', pattern }, text };
  }
  const group = nameAfter('group:', written, reader);
  if (group !== undefined) return group === null ? null : { who: { kind: 'group', group }, text };
  const name = toPrincipal(written, 'an e-mail, an e-mail pattern, group:NAME or token:NAME', reader);
  return name && { who: { kind: 'principal', name }, text };
}

/** The e-mail as a name, or null. The reader keeps the spelling, so that a check finds two spellings of one e-mail. */
export function readEmail({ text, at }: WrittenText, reader: PolicyReader): EmailName | null {
  if (!isEmailText(text)) return null;
  const name = emailName(text);
  reader.emails.push({ text, key: name.email, at });
  return name;
}

/** Reads an entry of a list of people: an e-mail or an e-mail pattern. Null, with a problem, if it is neither. */
export function readEmailPattern(written: WrittenText, reader: PolicyReader): NamePattern | null {
  const { text, at } = written;
  // A digit belongs to no alphabet, so a * may stand beside letters of any.
  const isEmail = text.includes('*') ? isEmailText(text.replaceAll('*', '0')) : readEmail(written, reader) !== null;
  if (isEmail) return toPattern(written, reader);
  const remedy = surroundingSpace(text) ?? 'write one address, or one pattern such as "*@contractor.example"';
  return reader.error(at, 'bad-principal', `"${text}" is neither an e-mail nor an e-mail pattern`, remedy);
}

function toPattern({ text, at }: WrittenText, reader: PolicyReader): NamePattern | null {
  const label = splitLabel(text);
  if (label === null) return toEmailPattern(text);
  return reader.error(
    at,
    'star-in-foreign-label',
    `"${label}" in "${text}" contains a * beside ${/xn--/i.test(label) ? 'xn--' : 'a character outside ASCII'}, so it is not clear which domains it means`,
    'let the * replace whole parts between dots, as in "*@*.example.com", or name each domain',
  );
}

/** Whether a text can be the name of a group, role or token. */
export function isName(text: string): boolean {
  return text.length <= NAME_CHARACTERS_MOST && NAME.test(text);
}

/** Why a text cannot be a name, as the end of a sentence, and what to do. */
export function whyNoName(text: string): readonly [why: string, remedy: string] {
  if (!NAME.test(text)) return ['', surroundingSpace(text) ?? NAME_REMEDY];
  return [`: it has ${text.length} characters; the limit is ${NAME_CHARACTERS_MOST}`, 'make it shorter'];
}

function toPrincipal(written: WrittenText, expected: string, reader: PolicyReader): PrincipalName | null {
  const token = nameAfter('token:', written, reader);
  if (token !== undefined) return token === null ? null : { token };
  const email = readEmail(written, reader);
  if (email !== null) return email;
  const { text, at } = written;
  if (text.includes('*')) {
    return reader.error(
      at,
      'pattern-not-allowed',
      `"${text}" contains a *, but this must be exactly one name`,
      'name everyone, or use a group',
    );
  }
  return reader.error(at, 'bad-principal', `"${text}" is not ${expected}`, principalRemedy(text));
}

/** The name after the prefix. Undefined without the prefix; null, with a problem, if the rest is not a name. */
function nameAfter(
  prefix: keyof typeof SECTIONS,
  { text, at }: WrittenText,
  reader: PolicyReader,
): string | null | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const name = text.slice(prefix.length);
  if (isName(name)) {
    reader.references.push({ section: SECTIONS[prefix], name, at });
    return name;
  }
  if (name.includes('*')) {
    return reader.error(
      at,
      'pattern-not-allowed',
      `"${text}" contains a *, but this must be exactly one name`,
      'name each of them',
    );
  }
  const [why, remedy] = whyNoName(name);
  return reader.error(at, 'bad-name', `"${name}" cannot be a name${why}`, remedy);
}

const NAME_REMEDY =
  'a name begins with a letter or digit and contains only letters, digits, dots, dashes and underscores';

function principalRemedy(text: string): string {
  return surroundingSpace(text) ?? otherRemedy(text);
}

function otherRemedy(text: string): string {
  if (text.startsWith('group:')) return 'name one person; the members of a group can have different access';
  if (mixesScripts(text)) return 'it mixes similar letters of two alphabets; type it again';
  const [first = '', second] = text.split(/[,;]\s*|\s+/);
  if (second !== undefined && first.includes('@'))
    return 'write one entry each, as a list: [ann@example.com, bob@example.com]';
  if (/^(?:group|token)s?\b/i.test(text))
    return `write ${/^group/i.test(text) ? 'group:NAME' : 'token:NAME'}, without spaces`;
  if (text.includes('@')) return 'write the address alone, as in ann@example.com';
  return isName(text)
    ? `if it is a group, write group:${text}; otherwise write the whole e-mail`
    : 'write the whole e-mail';
}

/** What to do about a name, an e-mail or an e-mail pattern with a space before or after it. Null if it is none of these, or has no such space. */
export function surroundingSpace(text: string): string | null {
  const alone = text.trim();
  if (alone === text || !(isEmailText(alone.replaceAll('*', '0')) || NAME.test(alone))) return null;
  const sides = [...(text.trimStart() === text ? [] : ['beginning']), ...(text.trimEnd() === text ? [] : ['end'])];
  return `delete the space at the ${sides.join(' and at the ')}: ${oddVisible(text)}`;
}
