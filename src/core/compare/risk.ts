import { type AccessLevel, LEVEL } from '../domain/account/access-level.ts';
import { RISKS, type Risk } from '../domain/answer/comparison.ts';

/** The risk of a change from one level to another. */
export function riskOf(isAccount: boolean, before: AccessLevel, after: AccessLevel): Risk {
  const isToAdmin = before < LEVEL.admin && after >= LEVEL.admin;
  if (after > before) {
    if (isAccount) return isToAdmin ? 'new-account-admin' : 'account-wide';
    return isToAdmin ? 'new-admin' : 'given';
  }
  return isAccount && before >= LEVEL.admin && after < LEVEL.admin ? 'no-longer-account-admin' : 'taken';
}

/** Sorts the largest risk first, and changes without a risk last. */
export function compareRisks(a: Risk | null, b: Risk | null): number {
  return rank(a) - rank(b);
}

function rank(risk: Risk | null): number {
  return risk === null ? RISKS.length : RISKS.indexOf(risk);
}
