import { type ActualState, adminEmails } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import { holdsWritable } from '../domain/plan/desired-state.ts';
import type { ImportedPolicy } from '../domain/policy/imported-policy.ts';

/** Bounds of how many may lose something in one run, whatever the size of the account. */
const PRINCIPALS_LEAST = 3;
const PRINCIPALS_MOST = 25;

/** One in so many: a team's worth of changes passes, a mistake that concerns everybody does not. */
const ONE_IN = 20;

/** Account admins and owners of whom so many must remain, so that no single absence locks everybody out. */
const ADMINS_LEAST = 2;

/** The limits that fit an account of this size. */
export function inferLimits({ account, accesses, tree }: ActualState): ImportedPolicy['limits'] {
  const everything = { ignored: new Set<never>(), managed: null, frozen: new Map<never, never>() };
  const holders = new Set(
    accesses
      .filter((access) => holdsWritable(access, tree, everything))
      .map(({ principal }) => principalNameText(nameOf(principal))),
  );
  const share = Math.ceil(holders.size / ONE_IN);
  return {
    principals: Math.min(PRINCIPALS_MOST, Math.max(PRINCIPALS_LEAST, share)),
    percent: 20,
    admins: Math.max(1, Math.min(ADMINS_LEAST, adminEmails(account, accesses).size)),
    newAdmins: 1,
  };
}
