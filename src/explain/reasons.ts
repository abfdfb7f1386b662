import type { BoundRow, HeldWish, Subject } from '../domain/desired-state.ts';
import type { Reason } from '../domain/explanation.ts';
import { grantCause } from '../domain/grant-cause.ts';
import { ancestorsOf, type ResourceNode } from '../domain/resource-tree.ts';
import { toPlanResource } from './reach.ts';

/** The lines of the policy that give something on a resource, or gave it until they ended; one for each grant. */
export function reasonsFor(subject: Subject, node: ResourceNode): readonly Reason[] {
  const chain = new Set([node, ...ancestorsOf(node)]);
  const offboarded: readonly Reason[] = subject.offboarded
    ? [{ cause: { kind: 'offboarded', at: subject.offboarded }, on: toPlanResource(node) }]
    : [];
  return [
    ...subject.running.flatMap((held) => reasonOf(held, 'grant', chain)),
    ...subject.ended.flatMap((held) => reasonOf(held, 'ended', chain)),
    ...offboarded,
  ];
}

function reasonOf(
  { bound, holder }: HeldWish,
  kind: 'grant' | 'ended',
  chain: ReadonlySet<ResourceNode>,
): readonly Reason[] {
  return strongest(bound.rows.filter((row) => chain.has(row.node))).map(({ node, from }) => ({
    cause: grantCause(kind, { wish: bound.wish, holder, wished: from }),
    on: toPlanResource(node),
  }));
}

/** One row stands for its grant: the highest, and of equal ones the nearest. */
function strongest(rows: readonly BoundRow[]): readonly BoundRow[] {
  const rank = ({ level, node }: BoundRow) => (level === 'admin' ? 100 : 0) + ancestorsOf(node).length;
  return [...rows].sort((a, b) => rank(b) - rank(a)).slice(0, 1);
}
