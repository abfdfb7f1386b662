import type { AccountMemory } from '../core/domain/account/account-memory.ts';
import type { StayingPart } from '../core/domain/account/approval-memory.ts';
import { type ResourceId, resourceKey } from '../core/domain/account/resource.ts';
import { changeKey } from '../core/domain/plan/change-key.ts';
import { isRaised } from '../core/domain/plan/limit-rules.ts';
import type { BegunPart } from '../core/domain/plan/restraints.ts';

/** The part of a memory that is about approvals. */
export type ApprovalMemory = Pick<AccountMemory, 'begun' | 'spent' | 'staying'>;

/** Only that part. */
export function approvalsIn({ begun, spent, staying }: ApprovalMemory): ApprovalMemory {
  return { begun, spent, staying };
}

/**
 * What this process remembers of approvals, with what another one saved meanwhile: `grantd apply` may use the state of a daemon.
 * `base` is what this process last read or saved. What another one dropped stays: in doubt, more is held.
 */
export function withOthers(ours: ApprovalMemory, base: ApprovalMemory, stored: ApprovalMemory): ApprovalMemory {
  return {
    begun: merged(
      ours.begun,
      added(base.begun, stored.begun),
      ({ digest, access }) => `${digest} ${access}`,
      bothBegun,
    ),
    spent: merged(
      ours.spent,
      added(base.spent, stored.spent),
      ({ digest, until }) => `${digest} ${until}`,
      (mine) => mine,
    ),
    staying: merged(
      ours.staying,
      added(base.staying, stored.staying),
      ({ rule, access }) => `${rule} ${access}`,
      bothStaying,
    ),
  };
}

/** What was not there, or not so, before. */
function added<T>(base: readonly T[], stored: readonly T[]): readonly T[] {
  if (stored.length === 0) return stored;
  const known = new Set(base.map((one) => JSON.stringify(one)));
  return stored.filter((one) => !known.has(JSON.stringify(one)));
}

function merged<T>(
  ours: readonly T[],
  others: readonly T[],
  keyOf: (one: T) => string,
  both: (mine: T, other: T) => T,
): readonly T[] {
  if (others.length === 0) return ours;
  const all = new Map(ours.map((one) => [keyOf(one), one]));
  for (const other of others) {
    const mine = all.get(keyOf(other));
    all.set(keyOf(other), mine === undefined ? other : both(mine, other));
  }
  return [...all.values()];
}

/** What one of them has seen done is done. */
function bothBegun(mine: BegunPart, { changes, ...other }: BegunPart): BegunPart {
  const done = new Set(changes.filter(({ isDone }) => isDone).map((one) => changeKey({ ...other, ...one })));
  return {
    ...mine,
    changes: mine.changes.map((one) => (done.has(changeKey({ ...other, ...one })) ? { ...one, isDone: true } : one)),
  };
}

/** All rows of both, by the higher limit: only a limit above that one releases them. */
function bothStaying(mine: StayingPart, other: StayingPart): StayingPart {
  const limit = isRaised(mine.limit, other.limit) ? other.limit : mine.limit;
  return { ...mine, limit, rows: mine.rows.length * other.rows.length === 0 ? [] : union(mine.rows, other.rows) };
}

function union(a: readonly ResourceId[], b: readonly ResourceId[]): readonly ResourceId[] {
  return [...new Map([...a, ...b].map((resource) => [resourceKey(resource), resource])).values()];
}
