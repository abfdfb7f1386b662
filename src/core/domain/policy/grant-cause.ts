import type { Cause } from '../plan/plan.ts';
import type { Holder, Wish, WishedResource } from './wish.ts';

/** A grant as the reason for what somebody holds, or held until it ended. */
export type GrantCause = Extract<Cause, { readonly kind: 'grant' | 'ended' }>;

/** One grant, as it concerns one holder and one thing that it gives. */
export interface Gift {
  readonly wish: Wish;
  readonly holder: Holder;
  readonly wished: WishedResource;
}

/** The reason that a gift is: its line, its way through groups and roles, and its end. */
export function grantCause(kind: GrantCause['kind'], { wish, holder, wished }: Gift): GrantCause {
  return {
    kind,
    grant: wish.grant,
    resource: wished.resource.text,
    level: wished.level,
    role: wished.role,
    groups: holder.groups,
    otherPaths: holder.otherPaths,
    reason: wish.reason,
    until: holder.until,
    endedBy: holder.endedBy,
  };
}
