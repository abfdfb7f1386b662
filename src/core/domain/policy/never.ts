import { type PrincipalName, principalNameText } from '../account/principal.ts';
import { matchesName } from './name-pattern.ts';
import type { NeverWho } from './policy.ts';

/** Whether a `never` rule names this principal. `members` lists the principals in each group, nested groups included. */
export function neverNames(
  who: NeverWho,
  name: PrincipalName,
  members: ReadonlyMap<string, readonly PrincipalName[]>,
): boolean {
  switch (who.kind) {
    case 'principal':
      return isSameName(who.name, name);
    case 'group':
      return members.get(who.group)?.some((member) => isSameName(member, name)) ?? false;
    case 'emails':
      return 'email' in name && matchesName(who.pattern, name.email);
    case 'tokens':
      return 'token' in name && matchesName(who.pattern, name.token);
  }
}

function isSameName(a: PrincipalName, b: PrincipalName): boolean {
  return principalNameText(a) === principalNameText(b);
}
