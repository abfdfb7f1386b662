import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import { rowsAfter } from '../domain/account/account-after.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { coveringParent, effectiveLevel, isCoveredBy, type Rows } from '../domain/account/effective-access.ts';
import { nameOf } from '../domain/account/principal.ts';
import { nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import type { AccessShift, PolicyComparisonInput, PolicyOutcome } from '../domain/answer/comparison.ts';
import { type Batch, batchesOf } from '../domain/plan/batch.ts';
import type { MemberEntitlement, Subject } from '../domain/plan/desired-state.ts';
import { type GrantCause, grantCause } from '../domain/policy/grant-cause.ts';
import { riskOf } from './risk.ts';

/** A shift in an account, and where it is. */
export interface BoundShift {
  readonly shift: AccessShift;
  readonly node: ResourceNode;
}

/** What the new policy gives and takes in an account that is as the old one says: effective access, resource by resource. */
export function compareAccount(succession: PolicyComparisonInput): readonly BoundShift[] {
  const { actual, old, next } = succession;
  const held = new Map(actual.accesses.map(({ access, rows }) => [access, rows]));
  // The list of accesses knows less of tokens than what was bound: their rows come from a list of their own.
  for (const { access } of next.desired.subjects) held.set(access.access, access.rows);
  const batches = new Map(batchesOf(next.difference.changes).map((batch) => [batch.access, batch]));
  const [oldSubjects, nextSubjects] = [subjectsByAccess(old), subjectsByAccess(next)];
  return [...held].flatMap(([access, rows]) => {
    const batch = batches.get(access);
    if (!batch) return [];
    return shiftsOf(batch, { tree: actual.tree, rows, old: oldSubjects.get(access), next: nextSubjects.get(access) });
  });
}

function subjectsByAccess({ desired }: PolicyOutcome): ReadonlyMap<number, Subject> {
  return new Map(desired.subjects.map((subject) => [subject.access.access, subject]));
}

/** Whose access changes: what they hold, and who they are to either policy; undefined where it does not name them. */
interface Mover {
  readonly tree: ResourceTree;
  readonly rows: readonly AccessRow[];
  readonly old: Subject | undefined;
  readonly next: Subject | undefined;
}

function shiftsOf({ access, principal, changes }: Batch, mover: Mover): readonly BoundShift[] {
  const { tree, rows } = mover;
  const before = toRows(rows, tree);
  const after = toRows(rowsAfter(rows, changes), tree);
  const tops = topsOf(before, after, tree);
  const told = new Map<ResourceNode, number>();
  for (const top of tops.values()) told.set(top, (told.get(top) ?? 0) + 1);
  return [...told].map(([node, count]) => {
    const [was, is] = [effectiveLevel(before, node), effectiveLevel(after, node)];
    return {
      node,
      shift: {
        risk: riskOf(node.type === 'account', was, is),
        name: mover.next?.name ?? nameOf(principal),
        principal,
        access,
        resource: { label: nodeLabel(node), except: [], id: { type: node.type, id: node.id } },
        before: { level: was, perhaps: null },
        after: { level: is, perhaps: null },
        below: count - 1,
        ...causesOf(node, was, is, mover),
      },
    };
  });
}

function toRows(rows: readonly AccessRow[], tree: ResourceTree): Rows {
  const highest = new Map<ResourceNode, AccessLevel>();
  for (const row of rows) {
    const node = tree.find(row);
    if (node) highest.set(node, Math.max(givenBy(row.level), highest.get(node) ?? LEVEL.none));
  }
  return highest;
}

/**
 * For each resource whose level changes, the one that is told for it: the highest above it from which all changes come to the
 * same level. A gain may be smaller below, where something was held already; a loss that is larger below is told there.
 */
function topsOf(before: Rows, after: Rows, { nodes }: ResourceTree): ReadonlyMap<ResourceNode, ResourceNode> {
  const tops = new Map<ResourceNode, ResourceNode>();
  for (const node of nodes) {
    const [was, is] = [effectiveLevel(before, node), effectiveLevel(after, node)];
    if (was === is) continue;
    const parent = coveringParent(node);
    const isAlike =
      parent !== null && effectiveLevel(after, parent) === is && (is > was || effectiveLevel(before, parent) === was);
    tops.set(node, (isAlike && tops.get(parent)) || node);
  }
  return tops;
}

function causesOf(
  node: ResourceNode,
  was: AccessLevel,
  is: AccessLevel,
  { old, next }: Mover,
): Pick<AccessShift, 'was' | 'now'> {
  const now = givers(next?.running, 'grant', node, is);
  if (is > was) return { was: [], now };
  return {
    was: givers(old?.running, 'grant', node, is + 1),
    now: [...givers(next?.ended, 'ended', node, is + 1), ...now],
  };
}

/** The grants that give at least a level on a resource, each by the most that it gives there. */
function givers(
  held: readonly MemberEntitlement[] = [],
  kind: GrantCause['kind'],
  node: ResourceNode,
  least: AccessLevel,
): readonly GrantCause[] {
  return held.flatMap(({ bound, holder }) =>
    bound.rows
      .filter((row) => toAccessLevel(row.level) >= least && isCoveredBy(node, row.node))
      .sort((a, b) => toAccessLevel(b.level) - toAccessLevel(a.level))
      .slice(0, 1)
      .map(({ from }) => grantCause(kind, { entitlement: bound.entitlement, holder, entitled: from })),
  );
}
