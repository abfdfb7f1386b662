import { type AccessLevel, type GrantLevel, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { effectiveLevel } from '../domain/account/effective-access.ts';
import { nameOf, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { ResourceId } from '../domain/account/resource.ts';
import { isWithin, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import { type DesiredState, isManaged } from '../domain/plan/desired-state.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { toNamePattern } from '../domain/policy/name-pattern.ts';
import { neverNames } from '../domain/policy/never.ts';
import type { NeverRule } from '../domain/policy/policy.ts';
import { coversCertainly } from '../domain/policy/ref-cover.ts';
import { placeText } from '../domain/text/problem.ts';
import { compareText } from '../domain/text/text.ts';
import type { Adoption } from './adoption.ts';
import { bundlesOf } from './group-rows.ts';
import { accessesOf, heldRows } from './held-rows.ts';
import { type Holder, isAddress } from './find-principals.ts';
import { wantsOf } from './say-wants.ts';
import { spellResources } from './resource-refs.ts';
import { wantedRows } from './grantable-rows.ts';

/** A plan in authoritative mode, and what it was made of. */
export interface PlannedDrift {
  readonly resolved: ResolvedPolicy;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly plan: Pick<Plan, 'changes' | 'held' | 'unmanageable' | 'unlisted'>;
}

/** A row that the account holds and the policy does not give, or gives less of. */
interface Excess {
  readonly name: PrincipalName;
  readonly node: ResourceNode;
  readonly level: GrantLevel;
}

/**
 * What the account holds beyond the policy, as grants that give it. What has ended is not given again, nor what \`never\`
 * forbids, nor what would give something to another access of the same e-mail.
 */
export function widenPolicy(drift: PlannedDrift): Adoption {
  const left: string[] = [];
  const wanted = new Map<string, Map<ResourceNode, GrantLevel>>();
  for (const excess of [...excessRows(drift, left), ...unlistedRows(drift)]) {
    const why = reasonAgainst(excess, drift);
    const what = `${principalNameText(excess.name)} holds ${excess.level} on ${nodeLabel(excess.node)}`;
    if (why !== null) {
      left.push(`${what}: ${why}`);
      continue;
    }
    const text = principalNameText(excess.name);
    const rows = wanted.get(text) ?? new Map<ResourceNode, GrantLevel>();
    wanted.set(text, rows.set(excess.node, excess.level));
  }
  const holders = [...wanted]
    .map(([text, wants]): Holder => ({ text, wants }))
    .sort((a, b) => compareText(a.text, b.text));
  const spell = spellResources(drift.actual.tree);
  const bundles = bundlesOf(holders);
  const grants = bundles.flatMap((bundle) =>
    wantsOf(bundle.rows, spell).map((gives) => ({ to: bundle.holders.map(({ text }) => text), gives })),
  );
  const says = grants.map(
    ({ to, gives }) =>
      `added: ${to.join(', ')}, ${gives.level} on ${gives.resources.map(({ text }) => text).join(', ')}`,
  );
  const steps = grants.length > 0 ? [{ edit: { kind: 'add-grants', grants, comment: COMMENT } as const, says }] : [];
  return { steps, left: left.sort(compareText) };
}

const COMMENT = 'Taken over from the account by grantd import --update. Put each where it belongs, or take it away.';

/** What named people hold beyond what is declared; of the protected too, whom no plan would lower. */
function excessRows({ plan, actual }: PlannedDrift, left: string[]): readonly Excess[] {
  const changes = [...plan.changes, ...plan.held.flatMap((held) => held.changes)];
  const losses = changes.filter(({ before, after }) => before > after);
  const kept = plan.unmanageable.filter(({ kind, reason }) => kind === 'excess' && reason === 'protected');
  const rows = [...losses, ...kept.map((one) => ({ ...one, before: one.actual, after: one.entitled }))];
  return rows.flatMap(({ principal, resource, before, after, why }): readonly Excess[] => {
    const node = actual.tree.find(resource);
    const level = sayable(before);
    // A protected 50 beside a declared viewer is as near as a policy gets.
    if (!node || level === null || toAccessLevel(level) <= after) return [];
    const ends = why.flatMap((cause) =>
      cause.kind === 'ended' ? cause.grant : cause.kind === 'offboarded' ? cause.at : [],
    );
    const [end] = ends;
    if (!end) return [{ name: nameOf(principal), node, level }];
    const at = placeText(end);
    left.push(`${principalNameText(nameOf(principal))} holds ${level} on ${resource.label}: it has ended (${at})`);
    return [];
  });
}

/** What people hold whom the policy does not name. */
function unlistedRows({ plan, actual, desired }: PlannedDrift): readonly Excess[] {
  const accesses = new Map(actual.accesses.map((access) => [access.access, access]));
  return plan.unlisted.flatMap(({ access, principal }) => {
    const { rows: all } = accesses.get(access) as AccountAccess;
    const rows = all.filter((row) => isSpokenAbout(row, actual, desired));
    const { wants } = wantedRows(rows, actual.tree, '');
    return [...wants].map(([node, level]) => ({ name: nameOf(principal), node, level }));
  });
}

function isSpokenAbout(row: ResourceId, { tree }: ActualState, { scope }: DesiredState): boolean {
  const node = tree.find(row);
  return node !== undefined && isManaged(scope, node);
}

function sayable(level: AccessLevel): GrantLevel | null {
  if (level === LEVEL.admin) return 'admin';
  return level === LEVEL.viewer || level === LEVEL.viewerPlus ? 'viewer' : null;
}

function reasonAgainst({ name, node, level }: Excess, drift: PlannedDrift): string | null {
  if ('email' in name && !isAddress(name.email)) return 'a policy cannot spell this address';
  const forbidden = drift.resolved.policy.never.find(
    (rule) =>
      toAccessLevel(level) >= toAccessLevel(rule.level) &&
      neverNames(rule.who, name, drift.resolved.members) &&
      isAbout(rule, node, drift.desired),
  );
  if (forbidden) return `\`never\` forbids it (${placeText(forbidden.at)})`;
  const twins = accessesOf(name, drift.actual);
  const isHeldByAll = twins.every(
    (access) => effectiveLevel(heldRows(access, drift.actual.tree), node) >= toAccessLevel(level),
  );
  return isHeldByAll ? null : 'another access of the same e-mail does not hold it, and a grant gives both the same';
}

/** Whether what is given on the resource reaches what the rule means: as the account shows it, or as the text says it. */
function isAbout(rule: NeverRule, node: ResourceNode, { never }: DesiredState): boolean {
  const bound = never.find((one) => one.rule === rule)?.nodes ?? [];
  if (bound.some((forbidden) => isWithin(forbidden, node))) return true;
  if (node.type !== 'project') return node.type === 'account';
  return coversCertainly({ type: 'project', name: toNamePattern(node.name) }, rule.resource.selector);
}
