import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import { rowsAfter } from '../domain/account/account-after.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { coveringParent, effectiveLevel, isCoveredBy, type Rows } from '../domain/account/effective-access.ts';
import { nameOf } from '../domain/account/principal.ts';
import { nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import type { AccessShift, PolicyComparisonInput, PolicyOutcome } from '../domain/answer/comparison.ts';
import { type Batch, batchesOf } from '../domain/plan/batch.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import { memberNamed } from '../domain/policy/entitlement.ts';
import { type GrantCause, grantCause } from '../domain/policy/grant-cause.ts';
import { riskOf } from './risk.ts';

/** A change of access in an account, and its resource. */
export interface BoundShift {
  readonly shift: AccessShift;
  readonly node: ResourceNode;
}

/** What the new policy gives and removes in an account that matches the old one: effective access, resource by resource. */
export function compareAccount(input: PolicyComparisonInput): readonly BoundShift[] {
  const { actual, old, next } = input;
  const rowsOf = new Map(actual.accesses.map(({ access, rows }) => [access, rows]));
  // The list of accesses knows less about tokens than the bound policy, because tokens have a list of their own.
  for (const { access } of next.desired.subjects) rowsOf.set(access.access, access.rows);
  const batches = new Map(batchesOf(next.difference.changes).map((batch) => [batch.access, batch]));
  const [oldSubjects, nextSubjects] = [subjectsByAccess(old), subjectsByAccess(next)];
  return [...rowsOf].flatMap(([access, rows]) => {
    const batch = batches.get(access);
    if (!batch) return [];
    return shiftsOf(batch, { tree: actual.tree, rows, old: oldSubjects.get(access), next: nextSubjects.get(access) });
  });
}

function subjectsByAccess({ desired }: PolicyOutcome): ReadonlyMap<number, Subject> {
  return new Map(desired.subjects.map((subject) => [subject.access.access, subject]));
}

/** A principal whose access changes: their rows, and their subject in each policy; undefined if it does not name them. */
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
  const counts = new Map<ResourceNode, number>();
  for (const top of tops.values()) counts.set(top, (counts.get(top) ?? 0) + 1);
  return [...counts].map(([node, count]) => {
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
 * For each resource whose level changes, the resource that reports it: the highest one above it from which every change leads
 * to the same level. A gain may be smaller below, where there was some access before. A loss that is larger below is reported
 * there.
 */
function topsOf(before: Rows, after: Rows, tree: ResourceTree): ReadonlyMap<ResourceNode, ResourceNode> {
  const tops = new Map<ResourceNode, ResourceNode>();
  for (const node of touchedNodes(before, after, tree)) {
    const [was, is] = [effectiveLevel(before, node), effectiveLevel(after, node)];
    if (was === is) continue;
    const parent = coveringParent(node);
    const isAlike =
      parent !== null && effectiveLevel(after, parent) === is && (is > was || effectiveLevel(before, parent) === was);
    tops.set(node, (isAlike && tops.get(parent)) || node);
  }
  return tops;
}

/** The resources whose level may change, in the order of the tree: those on which rows differ, and what lies below. */
function touchedNodes(before: Rows, after: Rows, { childrenOf }: ResourceTree): readonly ResourceNode[] {
  const touched = new Set([...before.keys(), ...after.keys()].filter((node) => before.get(node) !== after.get(node)));
  // The loop also visits what it adds.
  for (const node of touched) for (const child of childrenOf(node)) touched.add(child);
  return [...touched].sort((a, b) => a.index - b.index);
}

function causesOf(
  node: ResourceNode,
  was: AccessLevel,
  is: AccessLevel,
  { old, next }: Mover,
): Pick<AccessShift, 'was' | 'now'> {
  const now = givers(next, 'running', node, is);
  if (is > was) return { was: [], now };
  return {
    was: givers(old, 'running', node, is + 1),
    now: [...givers(next, 'ended', node, is + 1), ...now],
  };
}

/** The grants that give at least a level on a resource, each with the highest level that it gives there. */
function givers(
  subject: Subject | undefined,
  held: 'running' | 'ended',
  node: ResourceNode,
  least: AccessLevel,
): readonly GrantCause[] {
  if (!subject) return [];
  const kind = held === 'running' ? 'grant' : 'ended';
  return subject[held].flatMap(({ bound: { entitlement, rows } }) =>
    rows
      .filter((row) => toAccessLevel(row.level) >= least && isCoveredBy(node, row.node))
      .sort((a, b) => toAccessLevel(b.level) - toAccessLevel(a.level))
      .slice(0, 1)
      .map(({ from }) =>
        grantCause(kind, { entitlement, holder: memberNamed(entitlement, subject.name), entitled: from }),
      ),
  );
}
