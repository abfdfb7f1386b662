import { LEVEL } from '../account/access-level.ts';
import type { Principal } from '../account/principal.ts';
import type { Change } from './plan.ts';

/** The changes of one account access: one bulk PUT, or several in this order if they do not fit into one. */
export interface Batch {
  readonly access: number;
  readonly principal: Principal;
  /** Raises before the rest. */
  readonly changes: readonly Change[];
}

/** Groups a plan's changes by account access, keeping their order. */
export function batchesOf(changes: readonly Change[]): readonly Batch[] {
  const byAccess = new Map<number, Batch & { readonly changes: Change[] }>();
  for (const change of changes) {
    const { access, principal } = change;
    const batch = byAccess.get(access);
    if (batch) batch.changes.push(change);
    else byAccess.set(access, { access, principal, changes: [change] });
  }
  return [...byAccess.values()];
}

/** Whether the change creates or raises a row. */
export function isGain(change: Change): boolean {
  return change.after > change.before;
}

/** Whether the change takes account admin away. grantd writes such changes after all others. */
export function endsAccountAdmin(change: Change): boolean {
  return change.resource.type === 'account' && change.before >= LEVEL.admin && change.after < LEVEL.admin;
}

/** Whether the change raises a row on the account to admin or above. */
export function makesAccountAdmin(change: Change): boolean {
  return change.resource.type === 'account' && change.before < LEVEL.admin && change.after >= LEVEL.admin;
}
