import { levelName, toAccessLevel } from '../domain/account/access-level.ts';
import { writtenName } from '../domain/account/principal.ts';
import { ancestorsOf, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { BoundEntitlement, BoundRow } from '../domain/plan/bound-entitlement.ts';
import { type BoundNever, isPlanned, type Scope, type TreeBinding } from '../domain/plan/desired-state.ts';
import { datedPhase, type GrantMember, type ResolvedPolicy, untilFor } from '../domain/policy/entitlement.ts';
import { neverNames } from '../domain/policy/never.ts';
import type { NeverRule } from '../domain/policy/policy.ts';
import type { NamedRole } from './organization-roles.ts';
import { listText, wayText } from './test-result.ts';

/** The result of one `never` rule on the resources of an account. */
export interface NeverResult {
  readonly rule: NeverRule;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** The grants that break the rule, with their members and dates, the roles that do, or why it is undecided. Null if it is kept. */
  readonly reason: string | null;
}

/**
 * Checks the `never` rules of a policy on the resources of an account, in the order of the policy. A rule fails if a grant
 * gives what it forbids, at any date, whether or not the member is in the account, or if a role in the organization does.
 */
export function runNeverRules(
  binding: TreeBinding,
  { policy, members }: ResolvedPolicy,
  roles: readonly NamedRole[] = [],
): readonly NeverResult[] {
  const bound = new Map(binding.never.map((one) => [one.rule, one]));
  return policy.never.map((rule) => {
    const never = bound.get(rule);
    if (!never) {
      const reason = `the snapshot does not show exactly one ${rule.resource.text}`;
      return { rule, verdict: 'undecided', reason };
    }
    const broken = [
      ...binding.entitlements.flatMap((entitlement) => breaches(entitlement, never, { scope: binding.scope, members })),
      ...breachesByRole(roles, never, members),
    ];
    if (broken.length === 0) return { rule, verdict: 'passed', reason: null };
    return { rule, verdict: 'failed', reason: listText(broken) };
  });
}

interface Whom {
  readonly scope: Scope;
  readonly members: ResolvedPolicy['members'];
}

/** The breaches of a rule by one grant: its first row that breaks the rule, for each member that the rule names. */
function breaches(
  { entitlement, rows }: BoundEntitlement,
  { rule, nodes }: BoundNever,
  { scope, members }: Whom,
): readonly string[] {
  const covering = coveringOf(nodes);
  const row = rows.find(
    (one) =>
      toAccessLevel(one.level) >= toAccessLevel(rule.level) && covering.has(one.node) && isPlanned(scope, one.node),
  );
  if (!row) return [];
  return entitlement.holders
    .filter((holder) => neverNames(rule.who, holder.name, members))
    .filter(
      (holder) => entitlement.from === null || datedPhase(entitlement, holder, entitlement.from.at).phase === 'running',
    )
    .map((holder) => breachText(entitlement, holder, row));
}

/** A role reaches whatever the rule forbids. */
function breachesByRole(
  roles: readonly NamedRole[],
  { rule, nodes }: BoundNever,
  members: ResolvedPolicy['members'],
): readonly string[] {
  return roles
    .filter(({ level }) => nodes.length > 0 && level >= toAccessLevel(rule.level))
    .filter(({ name }) => neverNames(rule.who, name, members))
    .map(({ name, level }) => `a role in the organization gives ${writtenName(name)} ${levelName(level)} everywhere`);
}

/** The forbidden resources and all above them. The account covers everything here, because doubt must count as access. */
function coveringOf(nodes: readonly ResourceNode[]): ReadonlySet<ResourceNode> {
  return new Set(nodes.flatMap((node) => [node, ...ancestorsOf(node)]));
}

function breachText(
  entitlement: BoundEntitlement['entitlement'],
  holder: GrantMember,
  { node, level, from }: BoundRow,
): string {
  const way = wayText({ grant: entitlement.grant, groups: holder.groups, role: from.role });
  const until = untilFor(entitlement, holder);
  const dates = [
    ...(entitlement.from === null ? [] : [`from ${entitlement.from.text}`]),
    ...(until === null ? [] : [`until ${until.text}`]),
  ].join(' ');
  const when = dates === '' ? '' : ` ${dates}`;
  return `${way} gives ${writtenName(holder.name)} ${level} on ${nodeLabel(node)}${when}`;
}
