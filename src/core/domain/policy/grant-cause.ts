import type { Cause } from '../plan/plan.ts';
import type { EntitledResource, Entitlement, GrantMember } from './entitlement.ts';

/** A grant as the reason for what somebody holds, or held until it ended. */
export type GrantCause = Extract<Cause, { readonly kind: 'grant' | 'ended' }>;

/** One grant, as it concerns one holder and one thing that it gives. */
export interface EntitlementPart {
  readonly entitlement: Entitlement;
  readonly holder: GrantMember;
  readonly entitled: EntitledResource;
}

/** The reason that a gift is: its line, its way through groups and roles, and its end. */
export function grantCause(kind: GrantCause['kind'], { entitlement, holder, entitled }: EntitlementPart): GrantCause {
  return {
    kind,
    grant: entitlement.grant,
    resource: entitled.resource.text,
    level: entitled.level,
    role: entitled.role,
    groups: holder.groups,
    otherPaths: holder.otherPaths,
    reason: entitlement.reason,
    until: holder.until,
    endedBy: holder.endedBy,
  };
}
