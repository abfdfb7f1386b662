import { canonicalJson } from '../domain/canonical-json.ts';
import type { Change, Plan } from '../domain/plan.ts';
import { principalText } from '../domain/principal.ts';
import type { AgreedPlan } from '../domain/run-result.ts';

/**
 * What a plan comes down to, for whoever agrees to it: its changes and its held digests. Reasons and places are left
 * out, so an edit elsewhere in the policy, or another path to it, does not void what was agreed.
 */
export function agreedPlan(plan: Pick<Plan, 'digest' | 'changes' | 'held'>): AgreedPlan {
  return {
    digest: plan.digest,
    parts: [...plan.changes.map(changeText), ...plan.held.map((part) => part.digest)],
  };
}

/** Whether a plan is exactly the agreed one. */
export function isAgreed(plan: Plan, agreed: AgreedPlan): boolean {
  const { digest, parts } = agreedPlan(plan);
  return digest === agreed.digest && canonicalJson(parts) === canonicalJson(agreed.parts);
}

function changeText({ kind, principal, access, resource, before, after }: Change): string {
  return canonicalJson([kind, principalText(principal), access, resource.type, resource.id, before, after]);
}
