import { nameOf, principalNameText } from '../domain/account/principal.ts';
import type { HolderStatus } from '../domain/answer/explanation.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { AccessHolder } from './access-holders.ts';

/** How somebody stands in the policy, by what it says of all. */
export function standings({ others, upcoming }: DesiredState): (holder: AccessHolder) => HolderStatus {
  const exempt = new Set(others.filter((other) => other.isExempt).map(({ access }) => access.access));
  const ahead = new Set(upcoming.map(({ name }) => principalNameText(name)));
  return ({ subject, principal, access }) => {
    if (subject) return 'named';
    if (ahead.has(principalNameText(nameOf(principal)))) return 'upcoming';
    return access !== null && exempt.has(access) ? 'exempt' : 'not-in-policy';
  };
}
