import type { PrincipalName } from '../../src/core/domain/account/principal.ts';
import type { ResourceNode, ResourceTree } from '../../src/core/domain/account/resource-tree.ts';
import type { Grant, MemberRef, Policy } from '../../src/core/domain/policy/policy.ts';
import { declaredRows, keyOf, reaches, reachOf } from '../support/oracle.ts';

/*
 * A slow and plain answer to "why": every grant is tried by itself, as if it were the only one of its policy, so that what
 * it gives needs no bookkeeping of what gave what.
 */

/** One grant that gives something on a resource, or gave it: its line, what it comes down to there, and from where. */
export interface ExpectedReason {
  readonly line: number;
  readonly kind: 'grant' | 'ended';
  readonly level: number;
  readonly on: string;
  readonly covers: 'certain' | 'possible';
  /** Groups on the shortest way, and how many other ways there are. */
  readonly groups: number;
  readonly otherPaths: number;
}

/** Every grant behind a level, by brute force; and, told apart, what its row of the account may give where nothing documents it. */
export function expectedReasons(
  policy: Policy,
  name: PrincipalName,
  node: ResourceNode,
  tree: ResourceTree,
  now: number,
): readonly ExpectedReason[] {
  return policy.grants.flatMap((grant) => {
    const kind = kindOf(grant, name, policy, now);
    if (kind === null) return [];
    const ways = waysTo(grant.to, name, policy);
    const gives = withoutDates(grant, name, policy, tree);
    const path = { groups: Math.min(...ways), otherPaths: ways.length - 1 };
    const certain = strongestOf(reachOf(node), gives);
    const above = chainOf(node).filter((one) => !reachOf(node).includes(one));
    const possible = strongestOf(above, gives);
    const isMore = possible !== null && possible.level > (certain?.level ?? 0);
    return [
      ...(certain ? [{ line: grant.at.line, kind, ...certain, covers: 'certain' as const, ...path }] : []),
      ...(isMore ? [{ line: grant.at.line, kind, ...possible, covers: 'possible' as const, ...path }] : []),
    ];
  });
}

function strongestOf(
  chain: readonly ResourceNode[],
  gives: ReadonlyMap<string, number>,
): { readonly level: number; readonly on: string } | null {
  const level = Math.max(0, ...chain.map((node) => gives.get(keyOf(node)) ?? 0));
  const nearest = chain.find((node) => gives.get(keyOf(node)) === level);
  return nearest ? { level, on: keyOf(nearest) } : null;
}

function kindOf(grant: Grant, name: PrincipalName, policy: Policy, now: number): 'grant' | 'ended' | null {
  if (!reaches(grant.to, name, policy)) return null;
  const from = grant.from?.at ?? Number.NEGATIVE_INFINITY;
  const ends = 'email' in name ? policy.ends.find((one) => one.email === name.email) : undefined;
  const until = Math.min(grant.until?.at ?? Number.POSITIVE_INFINITY, ends?.end.at ?? Number.POSITIVE_INFINITY);
  if (until <= from || now < from) return null;
  return now < until ? 'grant' : 'ended';
}

function withoutDates(
  grant: Grant,
  name: PrincipalName,
  policy: Policy,
  tree: ResourceTree,
): ReadonlyMap<string, number> {
  const alone = { ...policy, ends: [], grants: [{ ...grant, from: null, until: null }] };
  return declaredRows(alone, name, tree, 0);
}

/** The number of groups on each way from a list of members to somebody. */
function waysTo(members: readonly MemberRef[], name: PrincipalName, policy: Policy): readonly number[] {
  return members.flatMap(({ member }) => {
    if (!('group' in member)) return JSON.stringify(member) === JSON.stringify(name) ? [0] : [];
    const group = policy.groups.find((one) => one.name === member.group);
    return waysTo(group?.members ?? [], name, policy).map((steps) => steps + 1);
  });
}

/** The node and all above it, whether or not rows are known to reach that far. */
export function chainOf(node: ResourceNode): readonly ResourceNode[] {
  return node.parent ? [node, ...chainOf(node.parent)] : [node];
}

/** The most that rows could give on a node: here the account covers everything. 1 counts as nothing. */
export function greatest(rows: ReadonlyMap<string, number>, node: ResourceNode): number {
  return Math.max(
    0,
    ...chainOf(node)
      .map((one) => rows.get(keyOf(one)) ?? 0)
      .map((level) => (level === 1 ? 0 : level)),
  );
}
