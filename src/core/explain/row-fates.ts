import type { Principal } from '../domain/account/principal.ts';
import { type ResourceId, resourceKey } from '../domain/account/resource.ts';
import type { RowFate } from '../domain/answer/explanation.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { holderKey } from './access-holders.ts';

/** What a plan says of the rows of one account access, by resource key. */
export type RowFates = ReadonlyMap<string, readonly RowFate[]>;

/** Whom a plan says something of. */
interface Owner {
  readonly principal: Principal;
  readonly access: number | null;
}

/** Finds what a plan says of somebody. */
export type FateIndex = (owner: Owner) => RowFates;

const NO_FATES: RowFates = new Map();

/** Reads a plan once, however many are asked about. */
export function indexFates(plan: Plan): FateIndex {
  const byOwner = new Map<string, Map<string, RowFate[]>>();
  const add = ({ principal, access }: Owner, fate: RowFate): void => {
    const owner = holderKey(principal, access);
    const fates = byOwner.get(owner) ?? new Map<string, RowFate[]>();
    byOwner.set(owner, fates);
    const key = resourceKey(fate.on);
    const known = fates.get(key);
    if (known) known.push(fate);
    else fates.set(key, [fate]);
  };
  for (const change of plan.changes) add(change, { kind: 'planned', on: change.resource, change });
  for (const part of plan.held)
    for (const change of part.changes) add(change, { kind: 'held', on: change.resource, change, part });
  for (const withheld of plan.withheld)
    add(withheld.change, { kind: 'withheld', on: withheld.change.resource, withheld });
  for (const row of plan.unmanageable) add(row, { kind: 'unmanageable', on: row.resource, row });
  for (const row of plan.redundant) add(row, { kind: 'redundant', on: row.resource });
  return ({ principal, access }) => byOwner.get(holderKey(principal, access)) ?? NO_FATES;
}

/** The fates of a row, and of those above it that may decide what it comes down to. */
export function fatesAlong(fates: RowFates, own: ResourceId, above: readonly ResourceId[]): readonly RowFate[] {
  const at = (resource: ResourceId) => fates.get(resourceKey(resource)) ?? [];
  return [...at(own), ...above.flatMap(at).filter((fate) => fate.kind !== 'redundant')];
}
