import type { Cause } from '../plan/plan.ts';
import { type EntitledResource, type Entitlement, endedByFor, type GrantMember, untilFor } from './entitlement.ts';

/** A grant as the reason for access that a principal has, or had until the grant ended. */
export type GrantCause = Extract<Cause, { readonly kind: 'grant' | 'ended' }>;

/** One grant for one of its members and one of its resources. */
export interface EntitlementPart {
  readonly entitlement: Entitlement;
  readonly holder: GrantMember;
  readonly entitled: EntitledResource;
}

/** The cause that a report shows: the line of the grant, its path through groups and roles, and its end. */
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
    until: untilFor(entitlement, holder),
    endedBy: endedByFor(entitlement, holder),
  };
}
