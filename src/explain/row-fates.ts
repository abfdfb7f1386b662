import type { RowFate } from '../domain/explanation.ts';
import type { Plan } from '../domain/plan.ts';
import { type ResourceId, resourceKey } from '../domain/resource.ts';

/** What a plan says of the rows of one account access, by resource key. */
export type RowFates = ReadonlyMap<string, readonly RowFate[]>;

export function rowFates(plan: Plan, access: number): RowFates {
  const fates = new Map<string, RowFate[]>();
  const own = <T extends { readonly access: number }>(rows: readonly T[]) =>
    rows.filter((row) => row.access === access);
  const add = (fate: RowFate): void => {
    const key = resourceKey(fate.on);
    fates.set(key, [...(fates.get(key) ?? []), fate]);
  };
  for (const change of own(plan.changes)) add({ kind: 'planned', on: change.resource, change });
  for (const part of plan.held)
    for (const change of own(part.changes)) add({ kind: 'held', on: change.resource, change, part });
  for (const withheld of plan.withheld)
    for (const change of own([withheld.change])) add({ kind: 'withheld', on: change.resource, withheld });
  for (const row of own(plan.unmanageable)) add({ kind: 'unmanageable', on: row.resource, row });
  for (const row of own(plan.redundant)) add({ kind: 'redundant', on: row.resource });
  return fates;
}

/** The fates of a row, and of those above it that may decide what it comes down to. */
export function fatesAlong(fates: RowFates, own: ResourceId, above: readonly ResourceId[]): readonly RowFate[] {
  const at = (resource: ResourceId) => fates.get(resourceKey(resource)) ?? [];
  return [...at(own), ...above.flatMap(at).filter((fate) => fate.kind !== 'redundant')];
}
