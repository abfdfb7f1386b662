import { type AccessLevel, LEVEL } from '../../core/domain/account/access-level.ts';
import type { AccountAccess } from '../../core/domain/account/actual-state.ts';
import { type ResourceId, resourceKey } from '../../core/domain/account/resource.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { BatchOutcome, ChangeOutcome, ForeignChange, Outcome } from '../../core/domain/run/run-result.ts';
import type { PlannedRun } from './make-plan.ts';

/** The rows of every account access, with those of declared tokens, which have a list of their own. */
export function accessesById({ actual, desired }: PlannedRun): ReadonlyMap<number, AccountAccess> {
  const accesses = new Map(actual.accesses.map((access) => [access.access, access]));
  // A declared token may have the access id of someone else, whose rows are the ones to watch.
  for (const { access, excluded } of desired.subjects) if (excluded === null) accesses.set(access.access, access);
  return accesses;
}

/** The level of any row in the account that a plan was made from. Null if that access is not there. */
export function levelsOf(
  planned: PlannedRun,
): (row: Pick<Change, 'access'> & { resource: ResourceId }) => AccessLevel | null {
  let accesses: ReadonlyMap<number, AccountAccess> | null = null;
  return ({ access, resource }) => {
    accesses ??= accessesById(planned);
    const holder = accesses.get(access);
    return holder ? levelOf(holder, resource) : null;
  };
}

/**
 * The outcome of a change, by the accesses that were read after the write (null: no read succeeded). The API's own answer
 * proves nothing.
 */
export function outcomeOf(
  change: Change,
  batch: Pick<BatchOutcome, 'sent' | 'reason' | 'auditHash'>,
  after: ReadonlyMap<number, AccountAccess> | null,
): ChangeOutcome {
  const access = after?.get(change.access);
  const found = access ? levelOf(access, change.resource) : null;
  const outcome = after ? seenOutcome(change, batch, found) : UNSEEN[batch.sent];
  const reason = outcome === 'failed' || outcome === 'not-tried' ? batch.reason : null;
  return { change, outcome, sent: batch.sent, found, reason, auditHash: batch.auditHash };
}

const UNSEEN = { answered: 'unconfirmed', failed: 'failed', 'not-tried': 'not-tried' } as const;

function seenOutcome(change: Change, { sent }: Pick<BatchOutcome, 'sent'>, found: AccessLevel | null): Outcome {
  if (sent === 'not-tried') return found !== null && found !== change.before ? 'changed-by-someone-else' : 'not-tried';
  if (found === change.after) return 'applied';
  if (found === change.before) return sent === 'failed' ? 'failed' : 'did-not-stick';
  return 'changed-by-someone-else';
}

/** Rows outside the plan that differ between the two reads: someone else changed them, or the server did. */
export function foreignChanges(
  before: ReadonlyMap<number, AccountAccess>,
  after: ReadonlyMap<number, AccountAccess>,
  planned: readonly Change[],
): readonly ForeignChange[] {
  const ours = new Set(planned.map(rowKey));
  const found: ForeignChange[] = [];
  for (const [id, holder] of new Map([...before, ...after])) {
    const [was, is] = [before.get(id), after.get(id)];
    const resources = new Map([...(was?.rows ?? []), ...(is?.rows ?? [])].map((row) => [resourceKey(row), row]));
    for (const { type, id: resourceId } of resources.values()) {
      const resource: ResourceId = { type, id: resourceId };
      const [had, has] = [was ? levelOf(was, resource) : LEVEL.none, is ? levelOf(is, resource) : LEVEL.none];
      if (had === has || ours.has(rowKey({ access: id, resource }))) continue;
      found.push({ principal: holder.principal, access: id, row: { ...resource, level: has }, before: had });
    }
  }
  return found.sort((a, b) => a.access - b.access || (resourceKey(a.row) < resourceKey(b.row) ? -1 : 1));
}

/** One row of one account access, as a key of a map. */
export function rowKey({ access, resource }: Pick<Change, 'access'> & { readonly resource: ResourceId }): string {
  return `${access} ${resourceKey(resource)}`;
}

function levelOf(access: AccountAccess, resource: ResourceId): AccessLevel {
  return access.rows.find((row) => row.type === resource.type && row.id === resource.id)?.level ?? LEVEL.none;
}
