import type { Cause } from '../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import { placeText } from '../../core/domain/text/problem.ts';

type GrantCause = Extract<Cause, { readonly kind: 'grant' | 'ended' }>;

/** One reason for a change in a sentence of its own, beginning with what it is. */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'grant':
      return `granted at ${grantText(cause)}`;
    case 'ended':
      return `ended: granted at ${grantText(cause)}`;
    case 'not-granted':
      return `not granted at ${placeText(cause.grant)}${groupsText(cause.groups)}`;
    case 'unlisted':
      return `no grant names them: unlisted at ${placeText(cause.at)}`;
    case 'offboarded':
      return `offboarded: ends at ${placeText(cause.at)}`;
  }
}

function grantText({ grant, level, resource, role, groups, reason, until, endedBy, otherPaths }: GrantCause): string {
  const parts = [
    `${placeText(grant)}${groupsText(groups)}${role === null ? '' : ` by role ${role.name}`}: ${level} on ${resource}`,
    ...(reason === null ? [] : [`reason ${reason}`]),
    ...(until === null ? [] : [`until ${until.text}`]),
    ...(endedBy === null ? [] : [`by ends at ${placeText(endedBy)}`]),
    ...(otherPaths === 0 ? [] : [`other ways ${otherPaths}`]),
  ];
  return parts.join(', ');
}

function groupsText(groups: readonly NamedPlace[]): string {
  return groups.length === 0 ? '' : ` to group ${groups.map(({ name }) => name).join(' in ')}`;
}
