import { LEVEL } from '../domain/account/access-level.ts';
import type { ActualState } from '../domain/account/actual-state.ts';
import { organizationRole } from '../domain/account/organization-role.ts';
import { comparePrincipals } from '../domain/account/principal.ts';
import { ancestorsOf, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { Reach, ResourceHolder, WhoHas } from '../domain/answer/explanation.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { planResource } from '../domain/plan/plan-resource.ts';
import { accessHolders, holderStatuses } from './access-holders.ts';
import { actualRows, entitledRows, reachOf } from './reach.ts';
import { reasonsFor } from './reasons.ts';
import { dispositionsAlong, indexDispositions } from './row-dispositions.ts';

/** A question about resources: the account, its desired state, the plan between them, and the resources. */
export interface ResourceQuestion {
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly plan: Plan;
  readonly nodes: readonly ResourceNode[];
}

/** Answers who has access to each resource: every principal, named or not, by which row and which grants. Possible access counts. */
export function whoHas({ desired, actual, plan, nodes }: ResourceQuestion): readonly WhoHas[] {
  const statusOf = holderStatuses(desired);
  const dispositionsOf = indexDispositions(plan);
  const everybody = accessHolders(desired, actual).map((holder) => ({
    holder,
    actual: actualRows(holder.rows, actual.tree),
    role: organizationRole(holder.rows),
    entitled: holder.subject && entitledRows(holder.subject.running),
    status: statusOf(holder),
    dispositions: dispositionsOf(holder),
  }));
  return nodes.map((node) => {
    const all = everybody.map(
      ({ holder, actual, role, entitled, status, dispositions }): ResourceHolder => ({
        principal: holder.principal,
        access: holder.access,
        status,
        actual: reachOf(actual, node, role),
        entitled: entitled && reachOf(entitled, node),
        reasons: holder.subject ? reasonsFor(holder.subject, node) : [],
        dispositions: dispositionsAlong(dispositions, node, ancestorsOf(node)),
      }),
    );
    const holders = all.filter((one) => mostOf(one.actual) > LEVEL.none || mostOf(one.entitled) > LEVEL.none);
    return {
      resource: planResource(node),
      holders: holders.sort(compareHolders),
      without: all.length - holders.length,
    };
  });
}

/** The level, including what an account row may give beyond it: for this question, possible access counts. */
function mostOf(reach: Reach | null): number {
  return reach === null ? LEVEL.none : (reach.perhaps?.level ?? reach.level);
}

function compareHolders(a: ResourceHolder, b: ResourceHolder): number {
  return mostOf(b.actual) - mostOf(a.actual) || comparePrincipals(a.principal, b.principal);
}
