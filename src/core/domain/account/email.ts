import { domainToASCII, domainToUnicode } from 'node:url';
import type { NamePattern } from '../policy/name-pattern.ts';
import { foldAscii } from '../text/text.ts';

/** An e-mail as a policy or an account names a person. */
export interface EmailName {
  /** The form that compares: two spellings of one address have the same. Made by `emailKey`. */
  readonly email: string;
  /** The text to show, if `email` is more than this text in lower case. */
  readonly written?: string;
}

/** Reads an e-mail as a name. */
export function emailName(text: string): EmailName {
  const email = emailKey(text);
  return email === text || email === foldAscii(text) ? { email } : { email, written: text };
}

/** Reads an e-mail pattern. It matches the `email` of a name, and never the text as somebody spells it. */
export function toEmailPattern(text: string): NamePattern {
  const { email, written } = emailName(text);
  return { text: email, parts: email.split('*'), ...(written === undefined ? {} : { written }) };
}

/** Printable ASCII. Nearly all addresses consist of it, and need no more than lower case, unless a label begins with xn--. */
const PLAIN = /^[ -~]*$/;

/** The dots that end a label. Beside `.`, UTS 46 knows the ideographic, the full-width and the half-width one. */
const DOTS = /[.\u3002\uff0e\uff61]/;

/** The longest domain and the longest label of the DNS. Nobody receives mail at a longer one, so it is not converted. */
const DOMAIN_MAX = 253;
const TOO_LONG_LABEL = /[^.]{64}/;

/**
 * The one form of all spellings of an address: equal forms mean one person. The local part is in NFC, without the case of A to Z.
 * A domain is in lower case, and an international label in its Unicode letters, whether it was written in them or as `xn--…`.
 * It never throws, whatever the text is.
 */
export function emailKey(text: string): string {
  if (isPlain(text)) return text.toLowerCase();
  const at = text.lastIndexOf('@');
  const local = foldAscii((at < 0 ? text : text.slice(0, at)).normalize('NFC')).normalize('NFC');
  return at < 0 ? local : `${local}@${domainKey(text.slice(at + 1).normalize('NFC'))}`;
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !/xn--/i.test(text);
}

function domainKey(domain: string): string {
  if (isPlain(domain) || domain.length > DOMAIN_MAX) return inLowerCase(domain);
  return domain.split(DOTS).map(labelKey).join('.');
}

/**
 * A label in the Unicode form of UTS 46 without transitional mappings; in lower case if UTS 46 does not allow it, or allows signs
 * that no host name has. It begins with lower case, because Unicode before 15.1 mapped the capital of sharp s to ss.
 */
function labelKey(label: string): string {
  const lower = inLowerCase(label);
  if (isPlain(lower)) return lower;
  const known = CONVERTED.get(lower);
  if (known !== undefined) return known;
  const key = toUnicodeLabel(lower) ?? lower;
  if (CONVERTED.size === CONVERTED_MOST) CONVERTED.clear();
  CONVERTED.set(lower, key);
  return key;
}

/** The labels converted last, because everybody of an account tends to be at the same few domains. A function of the label alone. */
const CONVERTED = new Map<string, string>();
const CONVERTED_MOST = 1_000;

/** In ASCII only letters, digits and hyphens. The rest of ASCII has a meaning in URLs, and `domainToASCII` reads it so. */
const HOST_LABEL = /^(?:[a-z0-9-]|\P{ASCII})*$/u;

/** Behind each label, so that a number is no IPv4 address. */
const ENDING = '.a';

function toUnicodeLabel(label: string): string | null {
  if (!HOST_LABEL.test(label)) return null;
  const ascii = domainToASCII(label + ENDING);
  if (!/^[a-z0-9.-]+\.a$/.test(ascii) || TOO_LONG_LABEL.test(ascii)) return null;
  const unicode = domainToUnicode(ascii);
  // Only a form that leads back is the form of this label alone.
  return domainToASCII(unicode) === ascii ? unicode.slice(0, -ENDING.length) : null;
}

/** Each character alone, because the last sigma of a word would become another letter than the rest. */
function inLowerCase(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return Array.from(text, (character) => character.toLowerCase())
    .join('')
    .normalize('NFC');
}

/**
 * A label of an e-mail pattern that contains `*` beside a letter outside ASCII, or beside `xn--`. A part of a label has no form of
 * its own, so nobody can say what it matches. Null if there is none.
 */
export function splitLabel(pattern: string): string | null {
  const labels = pattern.slice(pattern.lastIndexOf('@') + 1).split(DOTS);
  return labels.find((label) => label.includes('*') && !isPlain(label)) ?? null;
}

/** Spellings of one address, so that a reader sees how they differ even where they look the same. */
export function spellingsOf(texts: readonly string[]): readonly string[] {
  const lookAlike = new Set(texts.map((text) => text.normalize('NFC'))).size < texts.length;
  if (!lookAlike) return texts;
  return texts.map((text) =>
    text.replace(/\P{ASCII}/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`),
  );
}
