import { LEVEL } from '../account/access-level.ts';
import type { Principal } from '../account/principal.ts';
import type { Change } from './plan.ts';

/** The changes of one account access: one bulk PUT, or several in this order where they do not fit one. */
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

export function isGain(change: Change): boolean {
  return change.after > change.before;
}

/** Whether it lowers or removes an account admin: such a change waits until all others are written. */
export function endsAccountAdmin(change: Change): boolean {
  return change.resource.type === 'account' && change.before >= LEVEL.admin && change.after < LEVEL.admin;
}

/** Whether it makes somebody an account admin who is none by that row. */
export function makesAccountAdmin(change: Change): boolean {
  return change.resource.type === 'account' && change.before < LEVEL.admin && change.after >= LEVEL.admin;
}
