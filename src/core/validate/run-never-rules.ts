import { toAccessLevel } from '../domain/account/access-level.ts';
import { principalNameText } from '../domain/account/principal.ts';
import { ancestorsOf, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import {
  type BoundEntitlement,
  type BoundNever,
  type BoundRow,
  isManaged,
  type Scope,
  type TreeBinding,
} from '../domain/plan/desired-state.ts';
import { datedPhase, type GrantMember, type ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { neverNames } from '../domain/policy/never.ts';
import type { NeverRule } from '../domain/policy/policy.ts';
import { listText, wayText } from './test-result.ts';

/** How one invariant of a policy ended on the resources of an account. */
export interface NeverResult {
  readonly rule: NeverRule;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** Which grants break it, whom they name and when; or why it cannot be decided; null where it is kept. */
  readonly reason: string | null;
}

/**
 * Judges the invariants of a policy on the resources of an account: whether any grant gives what a rule forbids, at any
 * date, to whomever, be they in the account or not. In the order of the policy.
 */
export function runNeverRules(binding: TreeBinding, { policy, members }: ResolvedPolicy): readonly NeverResult[] {
  const bound = new Map(binding.never.map((one) => [one.rule, one]));
  return policy.never.map((rule) => {
    const never = bound.get(rule);
    if (!never) {
      const reason = `the snapshot does not show exactly one ${rule.resource.text}`;
      return { rule, verdict: 'undecided', reason };
    }
    const broken = binding.entitlements.flatMap((entitlement) =>
      breaches(entitlement, never, { scope: binding.scope, members }),
    );
    if (broken.length === 0) return { rule, verdict: 'passed', reason: null };
    return { rule, verdict: 'failed', reason: listText(broken) };
  });
}

interface Whom {
  readonly scope: Scope;
  readonly members: ResolvedPolicy['members'];
}

/** What one grant gives against a rule: the first row that breaks it, for each whom the rule names. */
function breaches(
  { entitlement, rows }: BoundEntitlement,
  { rule, nodes }: BoundNever,
  { scope, members }: Whom,
): readonly string[] {
  const covering = coveringOf(nodes);
  const row = rows.find(
    (one) =>
      toAccessLevel(one.level) >= toAccessLevel(rule.level) && covering.has(one.node) && isManaged(scope, one.node),
  );
  if (!row) return [];
  return entitlement.holders
    .filter((holder) => neverNames(rule.who, holder.name, members))
    .filter(
      (holder) => entitlement.from === null || datedPhase(entitlement, holder, entitlement.from.at).phase === 'running',
    )
    .map((holder) => breachText(entitlement, holder, row));
}

/** The forbidden resources and all above them: the account covers everything here, since doubt must count as access. */
function coveringOf(nodes: readonly ResourceNode[]): ReadonlySet<ResourceNode> {
  return new Set(nodes.flatMap((node) => [node, ...ancestorsOf(node)]));
}

function breachText(
  entitlement: BoundEntitlement['entitlement'],
  holder: GrantMember,
  { node, level, from }: BoundRow,
): string {
  const way = wayText({ grant: entitlement.grant, groups: holder.groups, role: from.role });
  const dates = [
    ...(entitlement.from === null ? [] : [`from ${entitlement.from.text}`]),
    ...(holder.until === null ? [] : [`until ${holder.until.text}`]),
  ].join(' ');
  const when = dates === '' ? '' : ` ${dates}`;
  return `${way} gives ${principalNameText(holder.name)} ${level} on ${nodeLabel(node)}${when}`;
}
