import { compareText, foldAscii } from '../text/text.ts';

/** Who holds access, as observed. An e-mail is kept as the account shows it and compared by `foldAscii`. */
export type Principal =
  | { readonly kind: 'user'; readonly email: string }
  | { readonly kind: 'invite'; readonly email: string }
  /** `name` is the policy's name for the token where it has one, else the account's. */
  | { readonly kind: 'token'; readonly name: string; readonly tokenId: number };

/** Who holds access, as a policy names it. E-mails are folded, so two spellings are one name. */
export type PrincipalName = { readonly email: string } | { readonly token: string };

/** `ann@example.com` or `token:ci`: the spelling that `to`, `explain` and every output use. */
export function principalNameText(name: PrincipalName): string {
  return 'email' in name ? name.email : `token:${name.token}`;
}

/** The name a policy would use for somebody observed: e-mails folded. */
export function nameOf(principal: Principal): PrincipalName {
  return principal.kind === 'token' ? { token: principal.name } : { email: foldAscii(principal.email) };
}

/** As `principalNameText`, and says where the e-mail is only invited yet. */
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

/** People by e-mail, a user before an invite of the same e-mail, tokens last. */
export function comparePrincipals(a: Principal, b: Principal): number {
  return compareText(sortKey(a), sortKey(b));
}

function sortKey(principal: Principal): string {
  if (principal.kind === 'token') return `1 ${principal.name} ${principal.tokenId}`;
  return `0 ${foldAscii(principal.email)} ${principal.kind === 'user' ? 0 : 1} ${principal.email}`;
}

/** One @, and nothing that separates or hides: stricter than mail itself, and no account shows another. */
const EMAIL = /^[^@,;:<>()[\]"`\\*\p{C}\p{Z}\p{Pi}\p{Pf}]+@[^@,;:<>()[\]"`\\*\p{C}\p{Z}\p{Pi}\p{Pf}]+$/u;

/** Whether a policy can name this address. */
export function isEmailText(text: string): boolean {
  return EMAIL.test(text) && !mixesScripts(text);
}

/** A Cyrillic or Greek letter among Latin ones, in one part of an address, looks like one of them, and is another address. */
export function mixesScripts(text: string): boolean {
  return text
    .split(/[@.]/)
    .some((part) => /\p{Script=Latin}/u.test(part) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(part));
}
