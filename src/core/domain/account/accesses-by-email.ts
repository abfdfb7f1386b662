import { foldAscii } from '../text/text.ts';
import type { AccountAccess } from './actual-state.ts';

/** The accesses of people by folded e-mail: a person may have two, as a user and as a pending invite. In the order of their ids. */
export function accessesByEmail(accesses: readonly AccountAccess[]): ReadonlyMap<string, readonly AccountAccess[]> {
  const groups = new Map<string, AccountAccess[]>();
  for (const access of accesses) {
    if (access.principal.kind === 'token') continue;
    const email = foldAscii(access.principal.email);
    const group = groups.get(email);
    if (group) group.push(access);
    else groups.set(email, [access]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.access - b.access);
  return groups;
}
