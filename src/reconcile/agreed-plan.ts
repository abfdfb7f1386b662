import { agreedParts } from '../domain/agreed-parts.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { Plan } from '../domain/plan.ts';
import type { AgreedPlan } from '../domain/run-result.ts';

/**
 * What a plan comes down to, for whoever agrees to it: its changes and its held digests. Reasons and places are left
 * out, so an edit elsewhere in the policy, or another path to it, does not void what was agreed.
 */
export function agreedPlan(plan: Pick<Plan, 'digest' | 'changes' | 'held'>): AgreedPlan {
  return { digest: plan.digest, parts: agreedParts(plan.changes, plan.held) };
}

/** Whether a plan is exactly the agreed one. */
export function isAgreed(plan: Plan, agreed: AgreedPlan): boolean {
  const { digest, parts } = agreedPlan(plan);
  return digest === agreed.digest && canonicalJson(parts) === canonicalJson(agreed.parts);
}
