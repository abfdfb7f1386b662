import { agreedParts } from '../../core/domain/plan/agreed-parts.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../core/domain/plan/restraints.ts';
import type { AgreedPlan } from '../../core/domain/run/run-result.ts';
import { canonicalJson } from '../../core/domain/text/canonical-json.ts';
import { makePlan, type PlannedRun } from './make-plan.ts';
import type { PlanRequest } from './preview.ts';

/**
 * The parts of a plan that someone agrees to: its changes and its held digests. The caller adds `differences`, which compares
 * the reasons, labels and whatever else the person saw.
 */
export function agreedPlan(
  plan: Pick<Plan, 'digest' | 'changes' | 'held'>,
  approvedByHand: readonly string[] = [],
): AgreedPlan {
  return { digest: plan.digest, parts: agreedParts(plan.changes, plan.held), approvedByHand };
}

/**
 * Null if a plan is the agreed one, otherwise the plan that differs from it. The comparison uses the approvals of the agreement,
 * because an approval that is given with it does not make another plan, unless it lets more pass than the part that it names.
 */
export function differingPlan({ plan, actual }: PlannedRun, request: PlanRequest, agreed: AgreedPlan): Plan | null {
  const { resolved, restraints } = request;
  const { approvedByHand } = agreed;
  // A saved plan was made without memory. What is remembered may hold more of it, and must not let more pass.
  const { approver, applyFlags } = restraints;
  const asPlanned = agreed.saved === undefined ? restraints : { ...NO_RESTRAINTS, approver, applyFlags };
  const asAgreed = makePlan(resolved, actual, plan.now, { ...asPlanned, approvedByHand }).plan;
  if (!isAgreed(asAgreed, agreed)) return asAgreed;
  return hasNothingBeyond(plan, asAgreed) ? null : plan;
}

/** Whether a plan writes only changes of the agreed one, and parts that were held there and are approved now. */
function hasNothingBeyond({ changes, approved }: Plan, asAgreed: Plan): boolean {
  const digests = new Set(approved.map(({ digest }) => digest));
  const released = asAgreed.held.filter(({ digest }) => digests.has(digest)).flatMap((part) => part.changes);
  const known = new Set(agreedParts([...asAgreed.changes, ...released], []));
  return agreedParts(changes, []).every((part) => known.has(part));
}

/** Whether a plan is exactly the agreed one. */
export function isAgreed(plan: Plan, agreed: AgreedPlan): boolean {
  const { digest, parts } = agreedPlan(plan, agreed.approvedByHand);
  const others = agreed.differences?.(plan) ?? [];
  return digest === agreed.digest && canonicalJson(parts) === canonicalJson(agreed.parts) && others.length === 0;
}
