import type { Principal } from '../domain/account/principal.ts';
import { holderKey } from '../domain/account/principal.ts';
import { type ResourceId, resourceKey } from '../domain/account/resource.ts';
import type { RowDisposition } from '../domain/answer/explanation.ts';
import type { Plan } from '../domain/plan/plan.ts';

/** What a plan does with the rows of one account access, by resource key. */
export type RowDispositions = ReadonlyMap<string, readonly RowDisposition[]>;

/** The principal and access that a row belongs to. */
interface Owner {
  readonly principal: Principal;
  readonly access: number | null;
}

/** Finds the dispositions of one principal in a plan. */
export type DispositionIndex = (owner: Owner) => RowDispositions;

const NO_DISPOSITIONS: RowDispositions = new Map();

/** Indexes a plan once, for any number of questions. */
export function indexDispositions(plan: Plan): DispositionIndex {
  const byOwner = new Map<string, Map<string, RowDisposition[]>>();
  const add = ({ principal, access }: Owner, disposition: RowDisposition): void => {
    const owner = holderKey(principal, access);
    const dispositions = byOwner.get(owner) ?? new Map<string, RowDisposition[]>();
    byOwner.set(owner, dispositions);
    const key = resourceKey(disposition.on);
    const known = dispositions.get(key);
    if (known) known.push(disposition);
    else dispositions.set(key, [disposition]);
  };
  for (const change of plan.changes) add(change, { kind: 'planned', on: change.resource, change });
  for (const part of plan.held)
    for (const change of part.changes) add(change, { kind: 'held', on: change.resource, change, part });
  for (const deferred of plan.deferred)
    add(deferred.change, { kind: 'deferred', on: deferred.change.resource, deferred });
  for (const change of plan.observed) add(change, { kind: 'observed', on: change.resource, change });
  for (const row of plan.unmanageable) add(row, { kind: 'unmanageable', on: row.resource, row });
  for (const row of plan.redundant) add(row, { kind: 'redundant', on: row.resource });
  for (const { principal, access, revokedAt, teamFiles, rows } of plan.unlisted) {
    if (teamFiles.length === 0 || revokedAt !== null) continue;
    for (const { resource } of rows)
      add({ principal, access }, { kind: 'beyond-teams', on: resource, files: teamFiles });
  }
  return ({ principal, access }) => byOwner.get(holderKey(principal, access)) ?? NO_DISPOSITIONS;
}

/** The dispositions of a row, and of the rows above it that may decide its effect. */
export function dispositionsAlong(
  dispositions: RowDispositions,
  own: ResourceId,
  above: readonly ResourceId[],
): readonly RowDisposition[] {
  const at = (resource: ResourceId) => dispositions.get(resourceKey(resource)) ?? [];
  return [...at(own), ...above.flatMap(at).filter((disposition) => disposition.kind !== 'redundant')];
}
