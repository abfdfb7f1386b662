import { coveringChain } from '../domain/account/effective-access.ts';
import { ancestorsOf, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { Reason } from '../domain/answer/explanation.ts';
import type { BoundRow, MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import { planResource } from '../domain/plan/plan-resource.ts';
import { memberNamed } from '../domain/policy/entitlement.ts';
import { grantCause } from '../domain/policy/grant-cause.ts';

/**
 * The lines of the policy that give a level on a resource, or gave it until they ended: one for each grant. A grant has a
 * second line if its row of the account may give more than what certainly reaches the resource.
 */
export function reasonsFor(subject: Subject, node: ResourceNode): readonly Reason[] {
  const certain = new Set(coveringChain(node));
  const possible = new Set(ancestorsOf(node).filter((above) => !certain.has(above)));
  const reasonsOf = (held: MemberEntitlement, kind: 'grant' | 'ended') => {
    const surely = strongest(held.bound.rows.filter((row) => certain.has(row.node)));
    const perhaps = strongest(held.bound.rows.filter((row) => possible.has(row.node)));
    return [
      ...(surely ? [toReason(subject, held, kind, surely, 'certain')] : []),
      ...(perhaps && isMore(perhaps, surely) ? [toReason(subject, held, kind, perhaps, 'possible')] : []),
    ];
  };
  return [
    ...subject.running.flatMap((held) => reasonsOf(held, 'grant')),
    ...subject.ended.flatMap((held) => reasonsOf(held, 'ended')),
    ...(subject.offboarded
      ? [
          {
            cause: { kind: 'offboarded', at: subject.offboarded },
            on: planResource(node),
            from: null,
            covers: 'certain',
          } as const,
        ]
      : []),
  ];
}

function toReason(
  { name }: Subject,
  { bound: { entitlement } }: MemberEntitlement,
  kind: 'grant' | 'ended',
  { node, from }: BoundRow,
  covers: Reason['covers'],
): Reason {
  return {
    cause: grantCause(kind, { entitlement, holder: memberNamed(entitlement, name), entitled: from }),
    on: planResource(node),
    from: entitlement.from,
    covers,
  };
}

/** The row that represents its grant: the highest, and of equal ones the nearest. */
function strongest(rows: readonly BoundRow[]): BoundRow | undefined {
  const rank = ({ level, node }: BoundRow) => (level === 'admin' ? 100 : 0) + ancestorsOf(node).length;
  return [...rows].sort((a, b) => rank(b) - rank(a))[0];
}

function isMore(perhaps: BoundRow, surely: BoundRow | undefined): boolean {
  return surely === undefined || (perhaps.level === 'admin' && surely.level === 'viewer');
}
