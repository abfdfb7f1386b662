import type { PrincipalName } from '../domain/account/principal.ts';
import type { ExplainedGrant } from '../domain/answer/explanation.ts';
import {
  type Entitlement,
  endedByFor,
  findMember,
  type GrantMember,
  grantPhase,
  type ResolvedPolicy,
  untilFor,
} from '../domain/policy/entitlement.ts';
import { type Certainty, covers } from '../domain/policy/ref-cover.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Instant } from '../domain/text/instant.ts';

/** A question to a policy: about a name, perhaps about a resource, at a moment. */
export interface GrantQuestion {
  readonly name: PrincipalName;
  readonly asked: ResourceRef | null;
  readonly now: Instant;
}

/**
 * The grants that reach a name, as written in the policy. If the question has a resource, only the grants that may cover it,
 * judged by the names alone, without an account.
 */
export function explainedGrants(resolved: ResolvedPolicy, question: GrantQuestion): readonly ExplainedGrant[] {
  return resolved.entitlements.flatMap((entitlement) => {
    const holder = findMember(entitlement, question.name);
    const grant = holder && toGrant(entitlement, holder, question);
    return grant && grant.gives.length > 0 ? [grant] : [];
  });
}

/** One grant for one of its members, as written in the policy. */
export function toGrant(
  entitlement: Entitlement,
  holder: GrantMember,
  { asked, now }: Pick<GrantQuestion, 'asked' | 'now'>,
): ExplainedGrant {
  const gives = entitlement.resources.map(({ resource, level, role }) => ({
    resource: resource.text,
    level,
    role,
    covers: certaintyOf(resource, asked),
  }));
  const except = entitlement.except.map((ref) => ({ resource: ref.text, covers: certaintyOf(ref, asked) }));
  return {
    grant: entitlement.grant,
    phase: grantPhase(entitlement, holder, now),
    groups: holder.groups,
    otherPaths: holder.otherPaths,
    reason: entitlement.reason,
    from: entitlement.from,
    until: untilFor(entitlement, holder),
    endedBy: endedByFor(entitlement, holder),
    gives: gives.filter((gift) => gift.covers !== 'never'),
    except: except.filter((ref) => ref.covers !== 'never'),
  };
}

/** Like `covers`, but the account's row reaching billing or campaigns is only possible: Mailtrap does not document it. */
function certaintyOf(ref: ResourceRef, asked: ResourceRef | null): Certainty {
  if (asked === null) return 'certain';
  const standsAlone = asked.selector.type === 'billing' || asked.selector.type === 'campaigns';
  if (ref.selector.type === 'account' && standsAlone) return 'possible';
  return covers(ref.selector, asked.selector);
}
