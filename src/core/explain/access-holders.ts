import type { AccessRow, AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import {
  comparePrincipals,
  holderKey,
  nameOf,
  type Principal,
  principalNameText,
} from '../domain/account/principal.ts';
import type { HolderStatus } from '../domain/answer/explanation.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';

/** A principal of the account, from the list of accesses, from `tokens` of the policy, or from the list of API tokens. */
export interface AccessHolder {
  readonly principal: Principal;
  /** Null for a token whose account access id is unknown. */
  readonly access: number | null;
  readonly rows: readonly AccessRow[];
  readonly subject: Subject | null;
}

/** Every principal of the account once, whether the policy names them or not. */
export function accessHolders(desired: DesiredState, actual: ActualState): readonly AccessHolder[] {
  const holders = new Map<string, AccessHolder>();
  for (const subject of desired.subjects) add(holders, toHolder(subject.access, subject));
  for (const access of actual.accesses) add(holders, toHolder(access, null));
  for (const { tokenId, name, rows } of actual.apiTokens ?? [])
    add(holders, { principal: { kind: 'token', name, tokenId }, access: null, rows, subject: null });
  return [...holders.values()].sort((a, b) => comparePrincipals(a.principal, b.principal));
}

function toHolder({ principal, access, rows }: AccountAccess, subject: Subject | null): AccessHolder {
  return { principal, access, rows, subject };
}

/** The first entry for a principal stays, because it knows the most. The token id identifies a token, the access a person. */
function add(holders: Map<string, AccessHolder>, holder: AccessHolder): void {
  const key = holderKey(holder.principal, holder.access);
  if (!holders.has(key)) holders.set(key, holder);
}

/** Returns a function that finds the status of a principal in the policy. */
export function holderStatuses({ others, upcoming }: DesiredState): (holder: AccessHolder) => HolderStatus {
  const exempt = new Set(others.filter((other) => other.isExempt).map(({ access }) => access.access));
  const ahead = new Set(upcoming.map(({ name }) => principalNameText(name)));
  return ({ subject, principal, access }) => {
    if (subject) return 'named';
    if (ahead.has(principalNameText(nameOf(principal)))) return 'upcoming';
    return access !== null && exempt.has(access) ? 'exempt' : 'not-in-policy';
  };
}
