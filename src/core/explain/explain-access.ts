import { LEVEL } from '../domain/account/access-level.ts';
import type { ActualState } from '../domain/account/actual-state.ts';
import { resourceKey } from '../domain/account/resource.ts';
import { ancestorsOf, compareNodes, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { ExplainedAccess, ExplainedResource, Reach } from '../domain/answer/explanation.ts';
import type { AccessHolder } from './access-holders.ts';
import { reachOf, rowsHeld, rowsWished, toPlanResource } from './reach.ts';
import { reasonsFor } from './reasons.ts';
import { type FateIndex, fatesAlong, type RowFates } from './row-fates.ts';

/** What an access is explained by. */
export interface AccessSources {
  readonly actual: ActualState;
  /** What a plan says of everybody; null where none was made. */
  readonly fatesOf: FateIndex | null;
  /** The resources that were asked about; null for all that concern the access. */
  readonly nodes: readonly ResourceNode[] | null;
}

/** One account access, resource by resource: what is wished, what it holds, why, and what the plan says of it. */
export function explainAccess(holder: AccessHolder, { actual, fatesOf, nodes }: AccessSources): ExplainedAccess {
  const { principal, access, subject, rows } = holder;
  const fates: RowFates = fatesOf?.(holder) ?? new Map();
  const held = rowsHeld(rows, actual.tree);
  const wished = rowsWished(subject?.running ?? []);
  const ended = (subject?.ended ?? []).flatMap(({ bound }) => bound.rows.map((row) => row.node));
  const concerned = [...new Set([...held.keys(), ...wished.keys(), ...ended])].sort(compareNodes);
  const shown = (nodes ?? concerned).map((node) => ({
    resource: toPlanResource(node),
    wished: reachOf(wished, node),
    actual: reachOf(held, node),
    row: held.get(node) ?? LEVEL.none,
    reasons: subject ? reasonsFor(subject, node) : [],
    fates: fatesAlong(fates, node, ancestorsOf(node)),
  }));
  const unseen = nodes === null ? unseenResources(holder, actual, fates) : [];
  return { principal, access, spared: subject?.spared ?? null, resources: [...shown, ...unseen] };
}

const NOTHING: Reach = { level: LEVEL.none, by: null, perhaps: null };

/** Rows on what the tree does not show: what lies above and below them cannot be known. */
function unseenResources({ rows }: AccessHolder, { tree }: ActualState, fates: RowFates): readonly ExplainedResource[] {
  return rows
    .filter((row) => tree.find(row) === undefined)
    .map((row) => {
      const resource = { type: row.type, id: row.id, label: resourceKey(row) };
      const actual = { level: row.level, by: resource, perhaps: null };
      return { resource, wished: NOTHING, actual, row: row.level, reasons: [], fates: fatesAlong(fates, row, []) };
    });
}
