import type { ActualState } from '../../src/core/domain/account/actual-state.ts';
import type { PrincipalName } from '../../src/core/domain/account/principal.ts';
import type { ResourceNode, ResourceTree } from '../../src/core/domain/account/resource-tree.ts';
import type { Change } from '../../src/core/domain/plan/plan.ts';
import type { Grant, MemberRef, Policy } from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef } from '../../src/core/domain/policy/resource-ref.ts';
import { GRANTD_TOKEN_ID } from './arbitrary/world.ts';

/*
 * A second, slow and plain reading of the policy: it shares no stage with the product, so that a property compares two
 * independent answers and not one with itself.
 */

export type RowMap = Map<string, number>;

export function keyOf(resource: { readonly type: string; readonly id: number }): string {
  return `${resource.type}#${resource.id}`;
}

/** The chain from a node up, as rows reach it: an account row is not known to reach billing or campaigns. */
export function reachOf(node: ResourceNode): readonly ResourceNode[] {
  const chain: ResourceNode[] = [node];
  for (let at = node; at.parent; at = at.parent) {
    if ((at.type === 'billing' || at.type === 'campaigns') && at.parent.type === 'account') break;
    chain.push(at.parent);
  }
  return chain;
}

/** The level that rows give on a node; 1 counts as nothing. */
export function effective(rows: RowMap, node: ResourceNode): number {
  return Math.max(
    0,
    ...reachOf(node)
      .map((one) => rows.get(keyOf(one)) ?? 0)
      .map((level) => (level === 1 ? 0 : level)),
  );
}

/** The rows that the running grants declare for a name, by brute force. */
export function declaredRows(policy: Policy, name: PrincipalName, tree: ResourceTree, now: number): RowMap {
  return rowsOfGrants(policy, name, tree, (grant) => runs(grant, name, policy, now));
}

const SHIELDED_MS = 30 * 24 * 3_600_000;

/** What somebody keeps whose rows `unlisted` takes: up to what a grant that begins within 30 days gives there. */
export function shieldedFrom(
  policy: Policy,
  name: PrincipalName,
  tree: ResourceTree,
  now: number,
  rows: RowMap,
): RowMap {
  const soon = rowsOfGrants(policy, name, tree, (grant) => {
    const from = grant.from?.at ?? Number.NEGATIVE_INFINITY;
    return from > now && from - now <= SHIELDED_MS && untilOf(grant, name, policy) > from;
  });
  const kept = tree.nodes.flatMap((node): [string, number][] => {
    const has = rows.get(keyOf(node)) ?? 0;
    const level = Math.min(has === 1 ? 0 : has, effective(soon, node));
    return level > 0 ? [[keyOf(node), level]] : [];
  });
  return new Map(kept);
}

function rowsOfGrants(
  policy: Policy,
  name: PrincipalName,
  tree: ResourceTree,
  fits: (grant: Grant) => boolean,
): RowMap {
  const rows: RowMap = new Map();
  for (const grant of policy.grants) {
    if (!reaches(grant.to, name, policy) || !fits(grant)) continue;
    const resources = 'resources' in grant.gives ? grant.gives.resources : (policy.roles[0]?.resources ?? []);
    for (const granted of resources) {
      for (const node of wanted(granted.resource, grant, policy, tree)) {
        rows.set(keyOf(node), Math.max(rows.get(keyOf(node)) ?? 0, granted.level === 'admin' ? 100 : 10));
      }
    }
  }
  return rows;
}

function wanted(ref: ResourceRef, grant: Grant, policy: Policy, tree: ResourceTree): readonly ResourceNode[] {
  const hits = meant(ref, tree).filter((node) => !grant.except.some((out) => within(node, meant(out, tree))));
  const hasStar = ref.text.includes('*');
  return hits.filter((node) => !hasStar || isSpokenAbout(node, policy, tree));
}

/** Whether changes on a resource are planned: those that `observe` lists are, whatever `manage` says. */
export function isSpokenAbout(node: ResourceNode, policy: Policy, tree: ResourceTree): boolean {
  if (policy.ignore.resources.some((ref) => within(node, meant(ref, tree)))) return false;
  const { manage, observe } = policy;
  return manage === null || [...manage, ...observe.resources].some((ref) => within(node, meant(ref, tree)));
}

/** Whether a row of somebody is planned and not written, because `observe` lists them or what the row is on. */
export function isObserved(node: ResourceNode, name: PrincipalName, { observe }: Policy, tree: ResourceTree): boolean {
  const isListed = 'email' in name && observe.people.length > 0 && name.email.startsWith('ann@');
  return isListed || observe.resources.some((ref) => within(node, meant(ref, tree)));
}

/** Whether no run would ever put anything in place there for somebody, so that it keeps no row above. */
export function isLeftOut(node: ResourceNode, name: PrincipalName, policy: Policy, tree: ResourceTree): boolean {
  return !isSpokenAbout(node, { ...policy, manage: null }, tree) || isObserved(node, name, policy, tree);
}

/** What a ref means: by id, or by name through a regular expression; a name without a star that fits not exactly one means nothing. */
export function meant(ref: ResourceRef, tree: ResourceTree): readonly ResourceNode[] {
  const { selector } = ref;
  if (selector.type === 'account') return tree.nodes.filter((node) => node.parent === null);
  if ('id' in selector) return tree.nodes.filter((node) => node.type === selector.type && node.id === selector.id);
  const fits = (pattern: string, name: string) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
      'su',
    ).test(name);
  const found = tree.nodes.filter((node) => {
    if (node.type !== selector.type) return false;
    if (!('name' in selector)) return true;
    if ('project' in selector && !(node.parent?.type === 'project' && fits(selector.project.text, node.parent.name)))
      return false;
    return fits(selector.name.text, node.name);
  });
  return ref.text.includes('*') || found.length === 1 ? found : [];
}

export function isUnresolved(ref: ResourceRef, tree: ResourceTree): boolean {
  return !ref.text.includes('*') && !('id' in ref.selector) && meant(ref, tree).length === 0;
}

function within(node: ResourceNode, tops: readonly ResourceNode[]): boolean {
  for (let at: ResourceNode | null = node; at; at = at.parent) if (tops.includes(at)) return true;
  return false;
}

export function reaches(members: readonly MemberRef[], name: PrincipalName, policy: Policy): boolean {
  return members.some(({ member }) => {
    if ('group' in member) {
      const group = policy.groups.find((one) => one.name === member.group);
      return group !== undefined && reaches(group.members, name, policy);
    }
    return JSON.stringify(member) === JSON.stringify(name);
  });
}

function untilOf(grant: Grant, name: PrincipalName, policy: Policy): number {
  const end = 'email' in name ? policy.ends.find((one) => one.email === name.email) : undefined;
  return Math.min(grant.until?.at ?? Number.POSITIVE_INFINITY, end?.end.at ?? Number.POSITIVE_INFINITY);
}

function runs(grant: Grant, name: PrincipalName, policy: Policy, now: number): boolean {
  return (grant.from?.at ?? Number.NEGATIVE_INFINITY) <= now && now < untilOf(grant, name, policy);
}

/** Whether the policy names somebody now: in a grant that has begun and could run, or in an `ends` that has come. */
export function isNamed(policy: Policy, name: PrincipalName, now: number): boolean {
  if ('email' in name && policy.ends.some((end) => end.email === name.email && end.end.at <= now)) return true;
  return policy.grants.some((grant) => {
    const from = grant.from?.at ?? Number.NEGATIVE_INFINITY;
    return reaches(grant.to, name, policy) && from <= now && untilOf(grant, name, policy) > from;
  });
}

/** Whether the policy takes the rows of somebody with this e-mail, if it does not name them. */
export function takesUnlisted({ unlisted: { revoke } }: Policy, email: string): boolean {
  if (typeof revoke === 'string') return revoke === 'everyone';
  return revoke.some(({ pattern }) => {
    const words = pattern.text.split('*').map((part) => part.replace(/[^\w@-]/g, '\\$&'));
    return new RegExp(`^${words.join('.*')}$`, 'i').test(email);
  });
}

/** A person whom no begun grant and no past `ends` names, where the policy takes the rows of such people. */
export function isLosingUnlisted(policy: Policy, name: PrincipalName, now: number): boolean {
  return 'email' in name && takesUnlisted(policy, name.email) && !isNamed(policy, name, now);
}

/** The account after some changes, as a server that keeps every unnamed row would have it. */
export function applyChanges(actual: ActualState, changes: readonly Change[]): ActualState {
  const rowsAfter = (access: number, rows: ActualState['accesses'][number]['rows']) => {
    const own = changes.filter((change) => change.access === access);
    const left = rows.filter((row) => !own.some((change) => keyOf(change.resource) === keyOf(row)));
    return [
      ...left,
      ...own
        .filter((change) => change.after > 0)
        .map(({ resource: { type, id }, after }) => ({ type, id, level: after })),
    ];
  };
  return {
    ...actual,
    accesses: actual.accesses.map((access) => ({ ...access, rows: rowsAfter(access.access, access.rows) })),
    apiTokens: actual.apiTokens?.map((token) => ({ ...token, rows: rowsAfter(accessOf(token), token.rows) })) ?? null,
  };
}

/** Every access that a plan may be about, tokens included, with the name that the policy would use. */
export function everybody(
  actual: ActualState,
): readonly { readonly access: number; readonly name: PrincipalName; readonly rows: RowMap }[] {
  const people = actual.accesses.flatMap(({ access, principal, rows }) =>
    principal.kind === 'token' ? [] : [{ access, name: { email: principal.email.toLowerCase() }, rows: toMap(rows) }],
  );
  const tokens = (actual.apiTokens ?? []).map((token) => ({
    access: accessOf(token),
    name: { token: token.name },
    rows: toMap(token.rows),
  }));
  return [...people, ...tokens];
}

/** The account access id of a token: no list has it. Access 500 is the token of the policy, and all others are grantd's own. */
function accessOf({ tokenId }: { readonly tokenId: number }): number {
  return tokenId === GRANTD_TOKEN_ID ? 900 : 500;
}

function toMap(rows: ActualState['accesses'][number]['rows']): RowMap {
  return new Map(rows.map((row) => [keyOf(row), row.level]));
}
