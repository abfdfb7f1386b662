import { type AccessLevel, type GrantLevel, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { effectiveLevel } from '../domain/account/effective-access.ts';
import { nameOf, type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import { type ResourceId, resourceKey } from '../domain/account/resource.ts';
import { isWithin, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import { type DesiredState, isManaged } from '../domain/plan/desired-state.ts';
import type { Plan, RowExcluded } from '../domain/plan/plan.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { toNamePattern } from '../domain/policy/name-pattern.ts';
import { neverNames } from '../domain/policy/never.ts';
import type { NeverRule } from '../domain/policy/policy.ts';
import { coversCertainly } from '../domain/policy/ref-cover.ts';
import { placeText } from '../domain/text/problem.ts';
import { compareText } from '../domain/text/text.ts';
import { isAddress } from './find-principals.ts';
import { grantableRows } from './grantable-rows.ts';
import { groupByLevel, rowGroupsOf } from './group-rows.ts';
import { resourceRefs } from './resource-refs.ts';

/** A plan in authoritative mode, and what it was made from. */
export interface PlannedDrift {
  readonly resolved: ResolvedPolicy;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly plan: Pick<Plan, 'changes' | 'held' | 'unmanageable' | 'unlisted'>;
}

/** A row of the account that the policy does not give, or gives at a lower level. */
interface Excess {
  readonly name: PrincipalName;
  readonly node: ResourceNode;
  readonly level: GrantLevel;
}

/**
 * The access that the account has beyond the policy, as grants that give it. It gives no access that has ended, that a
 * `never` rule forbids, or that another access of the same e-mail does not have.
 */
export function widenPolicy(drift: PlannedDrift): Adoption {
  const left: string[] = [];
  const levelsOf = new Map<string, { readonly text: string; readonly levels: Map<ResourceNode, GrantLevel> }>();
  for (const excess of [...excessRows(drift, left), ...unlistedRows(drift)]) {
    const why = reasonAgainst(excess, drift);
    const what = `${writtenName(excess.name)} has ${excess.level} on ${nodeLabel(excess.node)}`;
    if (why !== null) {
      left.push(`${what}: ${why}`);
      continue;
    }
    const key = principalNameText(excess.name);
    const found = levelsOf.get(key) ?? { text: writtenName(excess.name), levels: new Map() };
    levelsOf.set(key, found);
    found.levels.set(excess.node, excess.level);
  }
  const principals = [...levelsOf.values()].sort((a, b) => compareText(a.text, b.text));
  const refOf = resourceRefs(drift.actual.tree);
  const rowGroups = rowGroupsOf(principals);
  const grants = rowGroups.flatMap((rowGroup) =>
    groupByLevel(rowGroup.rows, refOf).map((gives) => ({ to: rowGroup.principals.map(({ text }) => text), gives })),
  );
  const says = grants.map(
    ({ to, gives }) =>
      `added: ${to.join(', ')}, ${gives.level} on ${gives.resources.map(({ text }) => text).join(', ')}`,
  );
  const steps = grants.length > 0 ? [{ edit: { kind: 'add-grants', grants, comment: COMMENT } as const, says }] : [];
  return { steps, left: left.sort(compareText) };
}

const COMMENT =
  'grantd import --update added these grants from the account. Move each to where it belongs, or delete it.';

/** Why a plan would not lower a row that a policy can declare. */
const KEPT_FROM_LOSS: readonly RowExcluded[] = ['protected', 'own-token-unknown'];

/** The access of named principals beyond what is declared, including those from whom no plan would take it. */
function excessRows({ plan, actual }: PlannedDrift, left: string[]): readonly Excess[] {
  const changes = [...plan.changes, ...plan.held.flatMap((held) => held.changes)];
  const losses = changes.filter(({ before, after }) => before > after);
  const kept = plan.unmanageable.filter(({ kind, reason }) => kind === 'excess' && KEPT_FROM_LOSS.includes(reason));
  const rows = [...losses, ...kept.map((one) => ({ ...one, before: one.actual, after: one.entitled }))];
  return rows.flatMap(({ principal, resource, before, after, why }): readonly Excess[] => {
    const node = actual.tree.find(resource);
    const level = grantLevelOf(before);
    // For a protected 50, viewer is the nearest level that a policy can declare.
    if (!node || level === null || toAccessLevel(level) <= after) return [];
    const ends = why.flatMap((cause) =>
      cause.kind === 'ended' ? cause.grant : cause.kind === 'offboarded' ? cause.at : [],
    );
    const [end] = ends;
    if (!end) return [{ name: nameOf(principal), node, level }];
    const at = placeText(end);
    left.push(`${writtenName(nameOf(principal))} has ${level} on ${resource.label}: it has ended (${at})`);
    return [];
  });
}

/** The access of unlisted people whom the policy does not observe. */
function unlistedRows({ plan, actual, desired }: PlannedDrift): readonly Excess[] {
  const accesses = new Map(actual.accesses.map((access) => [access.access, access]));
  return plan.unlisted.flatMap(({ access, principal, isObserved, teamFiles, rows: listed }) => {
    if (isObserved) return [];
    const { rows: all } = accesses.get(access) as AccountAccess;
    const beyond = new Set(listed.map(({ resource }) => resourceKey(resource)));
    const isMeant = (row: ResourceId) => teamFiles.length === 0 || beyond.has(resourceKey(row));
    const rows = all.filter((row) => isMeant(row) && isInScope(row, actual, desired));
    const { levels } = grantableRows(rows, actual.tree, '');
    return [...levels].map(([node, level]) => ({ name: nameOf(principal), node, level }));
  });
}

function isInScope(row: ResourceId, { tree }: ActualState, { scope }: DesiredState): boolean {
  const node = tree.find(row);
  return node !== undefined && isManaged(scope, node);
}

function grantLevelOf(level: AccessLevel): GrantLevel | null {
  if (level === LEVEL.admin) return 'admin';
  return level === LEVEL.viewer || level === LEVEL.viewerPlus ? 'viewer' : null;
}

function reasonAgainst({ name, node, level }: Excess, drift: PlannedDrift): string | null {
  if ('email' in name && !isAddress(writtenName(name))) return 'a policy cannot spell this address';
  const forbidden = drift.resolved.policy.never.find(
    (rule) =>
      toAccessLevel(level) >= toAccessLevel(rule.level) &&
      neverNames(rule.who, name, drift.resolved.members) &&
      isAbout(rule, node, drift.desired),
  );
  if (forbidden) return `\`never\` forbids it (${placeText(forbidden.at)})`;
  const twins = accessesUnder(name, drift.actual);
  const haveAll = twins.every(
    (access) => effectiveLevel(rowsByNode(access.rows, drift.actual.tree), node) >= toAccessLevel(level),
  );
  return haveAll ? null : 'another access of the same e-mail does not have it, and a grant gives both the same';
}

/** Whether a grant on the resource reaches a resource of the rule, as the account shows it or as the text says. */
function isAbout(rule: NeverRule, node: ResourceNode, { never }: DesiredState): boolean {
  const bound = never.find((one) => one.rule === rule)?.nodes ?? [];
  if (bound.some((forbidden) => isWithin(forbidden, node))) return true;
  if (node.type !== 'project') return node.type === 'account';
  return coversCertainly({ type: 'project', name: toNamePattern(node.name) }, rule.resource.selector);
}

/** The edits of a policy that take over differences of the account, and the sentences that report them. */
export interface Adoption {
  /** Each edit, and what it does, one line each. */
  readonly steps: readonly { readonly edit: PolicyEdit; readonly says: readonly string[] }[];
  /** What is not taken over, and why, one line each. */
  readonly left: readonly string[];
}

/** Everything under one e-mail: a user, and perhaps a pending invite. Empty for a token. */
function accessesUnder(name: PrincipalName, { accesses }: ActualState): readonly AccountAccess[] {
  if (!('email' in name)) return [];
  return accesses.filter(
    ({ principal }) => principal.kind !== 'token' && principalNameText(nameOf(principal)) === name.email,
  );
}
