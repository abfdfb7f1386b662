import type { ActualState } from '../domain/account/actual-state.ts';
import { nameOf, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { Explanation } from '../domain/answer/explanation.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type AccessHolder, accessHolders } from './access-holders.ts';
import { explainAccess } from './explain-access.ts';
import { explainPolicy } from './explain-policy.ts';
import { indexDispositions } from './row-dispositions.ts';
import { selectNodes } from './select-nodes.ts';

/** A question about one name, and the sources of the answer. Without an account, the answer only covers the policy. */
export interface PrincipalQuestion {
  readonly desired: DesiredState;
  readonly actual: ActualState | null;
  readonly plan: Plan | null;
  readonly resolved: ResolvedPolicy;
  readonly name: PrincipalName;
  readonly resource: ResourceRef | null;
}

/** Explains why a principal has what they have: every grant that reaches them, entitled and actual levels, and what the plan does. */
export function explainPrincipal(question: PrincipalQuestion): Explanation {
  const { desired, actual, plan, resolved, name, resource } = question;
  const offline = explainPolicy(resolved, { name, asked: resource, now: desired.now });
  if (actual === null) return offline;
  const nodes = resource && selectNodes(resource, actual.tree);
  const holders = accessHolders(desired, actual).filter((holder) => isNamed(holder, name, resolved));
  const dispositionsOf = plan && indexDispositions(plan);
  return {
    ...offline,
    accesses: holders.map((holder) => explainAccess(holder, { actual, dispositionsOf, nodes })),
    isFound: nodes === null || nodes.length > 0,
  };
}

/** Like `explainPrincipal`, from the policy alone. */
export function explainOffline(
  resolved: ResolvedPolicy,
  name: PrincipalName,
  resource: ResourceRef | null,
  now: Instant,
): Explanation {
  return explainPolicy(resolved, { name, asked: resource, now });
}

/** A token of the policy is found by its declared id, whatever name the account gives it. */
function isNamed({ principal, subject }: AccessHolder, name: PrincipalName, { policy }: ResolvedPolicy): boolean {
  if (subject) return principalNameText(subject.name) === principalNameText(name);
  const declared = 'token' in name ? policy.tokens.find((token) => token.name === name.token) : undefined;
  if (declared) return principal.kind === 'token' && principal.tokenId === declared.tokenId;
  return principalNameText(nameOf(principal)) === principalNameText(name);
}
