import { LEVEL } from '../domain/account/access-level.ts';
import type { ActualState } from '../domain/account/actual-state.ts';
import { resourceKey } from '../domain/account/resource.ts';
import { ancestorsOf, compareNodes, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { ExplainedAccess, ExplainedResource, Reach } from '../domain/answer/explanation.ts';
import { planResource } from '../domain/plan/plan-resource.ts';
import type { AccessHolder } from './access-holders.ts';
import { actualRows, entitledRows, reachOf } from './reach.ts';
import { reasonsFor } from './reasons.ts';
import { type DispositionIndex, dispositionsAlong, type RowDispositions } from './row-dispositions.ts';

/** What an access is explained by. */
export interface AccessSources {
  readonly actual: ActualState;
  /** What a plan says of everybody; null where none was made. */
  readonly dispositionsOf: DispositionIndex | null;
  /** The resources that were asked about; null for all that concern the access. */
  readonly nodes: readonly ResourceNode[] | null;
}

/** One account access, resource by resource: what is entitled, what it holds, why, and what the plan says of it. */
export function explainAccess(holder: AccessHolder, { actual, dispositionsOf, nodes }: AccessSources): ExplainedAccess {
  const { principal, access, subject, rows } = holder;
  const dispositions: RowDispositions = dispositionsOf?.(holder) ?? new Map();
  const held = actualRows(rows, actual.tree);
  const entitled = entitledRows(subject?.running ?? []);
  const ended = (subject?.ended ?? []).flatMap(({ bound }) => bound.rows.map((row) => row.node));
  const concerned = [...new Set([...held.keys(), ...entitled.keys(), ...ended])].sort(compareNodes);
  const shown = (nodes ?? concerned).map((node) => ({
    resource: planResource(node),
    entitled: reachOf(entitled, node),
    actual: reachOf(held, node),
    row: held.get(node) ?? LEVEL.none,
    reasons: subject ? reasonsFor(subject, node) : [],
    dispositions: dispositionsAlong(dispositions, node, ancestorsOf(node)),
  }));
  const unseen = nodes === null ? unseenResources(holder, actual, dispositions) : [];
  return { principal, access, excluded: subject?.excluded ?? null, resources: [...shown, ...unseen] };
}

const NOTHING: Reach = { level: LEVEL.none, by: null, perhaps: null };

/** Rows on what the tree does not show: what lies above and below them cannot be known. */
function unseenResources(
  { rows }: AccessHolder,
  { tree }: ActualState,
  dispositions: RowDispositions,
): readonly ExplainedResource[] {
  return rows
    .filter((row) => tree.find(row) === undefined)
    .map((row) => {
      const resource = { type: row.type, id: row.id, label: resourceKey(row) };
      const actual = { level: row.level, by: resource, perhaps: null };
      return {
        resource,
        entitled: NOTHING,
        actual,
        row: row.level,
        reasons: [],
        dispositions: dispositionsAlong(dispositions, row, []),
      };
    });
}
