import { LEVEL } from '../domain/account/access-level.ts';
import type { ActualState } from '../domain/account/actual-state.ts';
import { organizationRole } from '../domain/account/organization-role.ts';
import { ancestorsOf, compareNodes, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { ExplainedAccess, ExplainedResource, Reach } from '../domain/answer/explanation.ts';
import { planResource, unseenResource } from '../domain/plan/plan-resource.ts';
import type { AccessHolder } from './access-holders.ts';
import { actualRows, entitledRows, reachOf } from './reach.ts';
import { reasonsFor } from './reasons.ts';
import { type DispositionIndex, dispositionsAlong, type RowDispositions } from './row-dispositions.ts';

/** The sources for the explanation of an access. */
export interface AccessSources {
  readonly actual: ActualState;
  /** The dispositions of a plan; null if there is no plan. */
  readonly dispositionsOf: DispositionIndex | null;
  /** The resources of the question; null for all that concern the access. */
  readonly nodes: readonly ResourceNode[] | null;
}

/** Explains one account access, resource by resource: entitled and actual level, the reasons, and what the plan does. */
export function explainAccess(holder: AccessHolder, { actual, dispositionsOf, nodes }: AccessSources): ExplainedAccess {
  const { principal, access, subject, rows } = holder;
  const dispositions: RowDispositions = dispositionsOf?.(holder) ?? new Map();
  const actualLevels = actualRows(rows, actual.tree);
  const entitledLevels = entitledRows(subject?.running ?? []);
  const role = organizationRole(rows);
  const ended = (subject?.ended ?? []).flatMap(({ bound }) => bound.rows.map((row) => row.node));
  const whole = role === null ? [] : [actual.tree.root];
  const concerned = [...new Set([...whole, ...actualLevels.keys(), ...entitledLevels.keys(), ...ended])].sort(
    compareNodes,
  );
  const shown = (nodes ?? concerned).map((node) => ({
    resource: planResource(node),
    entitled: reachOf(entitledLevels, node),
    actual: reachOf(actualLevels, node, role),
    row: actualLevels.get(node) ?? LEVEL.none,
    reasons: subject ? reasonsFor(subject, node) : [],
    dispositions: dispositionsAlong(dispositions, node, ancestorsOf(node)),
  }));
  const unseen = nodes === null ? unseenResources(holder, actual, dispositions) : [];
  return { principal, access, excluded: subject?.excluded ?? null, resources: [...shown, ...unseen] };
}

const NOTHING: Reach = { level: LEVEL.none, by: null, perhaps: null };

/** Rows on resources that the tree does not show: what lies above and below them is unknown. */
function unseenResources(
  { rows }: AccessHolder,
  { tree }: ActualState,
  dispositions: RowDispositions,
): readonly ExplainedResource[] {
  return rows
    .filter((row) => tree.find(row) === undefined)
    .map((row) => {
      const resource = unseenResource(row);
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
