import { compareText, visibleText } from '../text/text.ts';
import { type EmailName, emailKey, emailName } from './email.ts';

/** A principal as the account shows it. The e-mail keeps the account's spelling; compare it by `emailKey`. */
export type Principal =
  | { readonly kind: 'user'; readonly email: string }
  | { readonly kind: 'invite'; readonly email: string }
  /** `name` is the policy's name for the token if there is one, otherwise the account's. */
  | { readonly kind: 'token'; readonly name: string; readonly tokenId: number };

/** A principal as a policy names it. Two spellings of one e-mail are one name. */
export type PrincipalName = EmailName | { readonly token: string };

/** `ann@example.com` or `token:ci`. Equal for all spellings of one e-mail, so names compare and sort by it. */
export function principalNameText(name: PrincipalName): string {
  return 'email' in name ? name.email : `token:${name.token}`;
}

/** A name as outputs show it: an e-mail as somebody wrote it. A policy can contain this text. */
export function writtenName(name: PrincipalName): string {
  return 'email' in name ? (name.written ?? name.email) : `token:${name.token}`;
}

/** The name in an entry of `ends`. */
export function nameOfEnd({ email, written }: EmailName): PrincipalName {
  return written === undefined ? { email } : { email, written };
}

/** The name that a policy would use for an observed principal. */
export function nameOf(principal: Principal): PrincipalName {
  return principal.kind === 'token' ? { token: principal.name } : emailName(principal.email);
}

/** The spelling of an observed principal in outputs. An invite is marked `(invited)`. */
export function principalText(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return principal.email;
    case 'invite':
      return `${principal.email} (invited)`;
    case 'token':
      return `token:${principal.name}`;
  }
}

/**
 * A key for the principal of an access. The id of the access identifies a person, and its own id a token: a declared token may have the
 * access id of someone else.
 */
export function holderKey(principal: Principal, access: number | null): string {
  return principal.kind === 'token' ? `token ${principal.tokenId}` : `person ${access}`;
}

/** Sorts people by e-mail, a user before an invite with the same e-mail, and tokens last. */
export function comparePrincipals(a: Principal, b: Principal): number {
  return compareText(sortKey(a), sortKey(b));
}

function sortKey(principal: Principal): string {
  if (principal.kind === 'token') return `1 ${principal.name} ${principal.tokenId}`;
  return `0 ${emailKey(principal.email)} ${principal.kind === 'user' ? 0 : 1} ${principal.email}`;
}

/** One @, and no separator or invisible character. Stricter than the mail standards; no account shows other addresses. */
const EMAIL = /^[^@,;:<>()[\]"`\\*\p{C}\p{Z}\p{Pi}\p{Pf}]+@[^@,;:<>()[\]"`\\*\p{C}\p{Z}\p{Pi}\p{Pf}]+$/u;

/** Whether a policy can name this address. */
export function isEmailText(text: string): boolean {
  return EMAIL.test(text) && visibleText(text) === text && !mixesScripts(text);
}

/** Whether a part of an address mixes Latin with Cyrillic or Greek letters. Such an address looks like another one. */
export function mixesScripts(text: string): boolean {
  return text
    .split(/[@.]/)
    .some((part) => /\p{Script=Latin}/u.test(part) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(part));
}
