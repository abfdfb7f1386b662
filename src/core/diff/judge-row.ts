import { type AccessLevel, givenBy, isKnownLevel, LEVEL } from '../domain/account/access-level.ts';
import { isWritableType } from '../domain/account/resource.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import { type DesiredState, isPlanned, type Scope, type Subject } from '../domain/plan/desired-state.ts';
import type { DeferredReason, RowExcluded } from '../domain/plan/plan.ts';
import { ANY_LEVEL, keptByGrant } from '../domain/plan/team-authority.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { type Place, placeText } from '../domain/text/problem.ts';

/** The verdict of the diff on one row of one subject. `after` is the level that the row should get; 0 removes it. */
export interface RowFinding {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  readonly after: AccessLevel;
  readonly verdict:
    | { readonly kind: 'write' }
    | { readonly kind: 'observed' }
    | { readonly kind: 'deferred'; readonly doubt: Doubt }
    | { readonly kind: 'unmanageable'; readonly what: 'excess' | 'missing'; readonly reason: RowExcluded }
    | { readonly kind: 'redundant' }
    /** Someone whom only team files name holds it beyond what these may decide, and `unlisted` leaves it to them. */
    | { readonly kind: 'beyond-teams' };
  /** The line of `unlisted` that takes it, from someone whom only team files name. Absent: the grants decide the row. */
  readonly unlisted?: Place;
}

/** A row, and the level that it should get. */
export interface Target {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  readonly after: AccessLevel;
}

/** Judges a row that is to get more. */
export function judgeRaise(target: Target, subject: Subject, desired: DesiredState): RowFinding {
  const { node, has, after } = target;
  const reason = excludeRow({ node, has, entitled: after, direction: 'up' }, subject, desired.scope);
  if (reason !== null) return { ...target, verdict: { kind: 'unmanageable', what: 'missing', reason } };
  return judgeWritable(target, 'up', subject, desired.scope);
}

/** Judges a row that is to get less, by the grants of the policy. Empty for a row that grantd need not mention. */
export function judgeByGrants(
  target: Target,
  entitled: AccessLevel,
  subject: Subject,
  desired: DesiredState,
): readonly RowFinding[] {
  const { node, has } = target;
  if (desired.mode === 'additive' || !isPlanned(desired.scope, node)) return [];
  const reason = excludeRow({ node, has, entitled, direction: 'down' }, subject, desired.scope);
  if (reason !== null) return [{ ...target, verdict: { kind: 'unmanageable', what: 'excess', reason } }];
  return [judgeWritable(target, 'down', subject, desired.scope)];
}

/** A doubt defers no observed change: it is not written either way, and nothing waits. */
function judgeWritable(target: Target, direction: 'up' | 'down', subject: Subject, scope: Scope): RowFinding {
  if (subject.isObserved || scope.observed.has(target.node)) return { ...target, verdict: { kind: 'observed' } };
  const found =
    direction === 'up' ? doubtOfRaise(target.node, subject, scope) : doubtOfLoss(target.node, subject, scope);
  return found === null ? { ...target, verdict: { kind: 'write' } } : kept(target, found);
}

/** A doubt, and up to which level it keeps a row. */
export interface Kept {
  readonly doubt: Doubt;
  readonly keeps: AccessLevel;
}

/** The verdict on a row that a doubt keeps. A row above the level that it keeps is lowered to that. */
export function kept<T extends Target>(target: T, { doubt, keeps }: Kept): T & Pick<RowFinding, 'verdict'> {
  const { has, after } = target;
  if (after > has || givenBy(has) <= keeps) return { ...target, verdict: { kind: 'deferred', doubt } };
  return { ...target, after: Math.max(after, keeps), verdict: { kind: 'write' } };
}

/** One row that differs from the policy. */
interface DifferingRow {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  /** The level that the policy entitles to, by the row's own declaration or from above. */
  readonly entitled: AccessLevel;
  readonly direction: 'up' | 'down';
}

/** Why grantd must not write the row, or null if it may. This is the complete list of what grantd never writes. */
function excludeRow(row: DifferingRow, subject: Subject, scope: Scope): RowExcluded | null {
  const { node, has, entitled, direction } = row;
  if (subject.excluded !== null) return subject.excluded;
  if (subject.isProtected && direction === 'down') return 'protected';
  if (!isWritableType(node.type)) return 'type';
  if (!node.shown) return 'not-shown';
  if (node.tokenLevel < LEVEL.admin) return 'token-below-admin';
  if (scope.ignored.has(node)) return 'ignored';
  if (scope.managed !== null && !scope.managed.has(node) && !scope.observed.has(node)) return 'outside-manage';
  if (!isKnownLevel(has)) return 'level';
  if (has === LEVEL.viewerPlus && direction === 'down' && entitled > LEVEL.none) return 'level';
  return subject.mayBeOwn && direction === 'down' ? 'own-token-unknown' : null;
}

/** Why a row is not written now, and what it waits for. */
interface Doubt {
  readonly reason: DeferredReason;
  readonly waitsFor: string;
}

/** What in the policy is in doubt, so that grantd does not write a row that it could write: the rules that fail closed. */
function doubtOf(node: ResourceNode, subject: Subject, scope: Scope): Kept | null {
  const except = grantsOf(subject).find(({ bound }) => bound.unresolvedExcept.length > 0);
  if (except) return always('unresolved-except', textsOf(except.bound.unresolvedExcept));
  const frozen = scope.frozen.get(node);
  return frozen ? always('unresolved-scope', `${frozen.name} in \`${frozen.key}\` (${placeText(frozen.at)})`) : null;
}

function doubtOfRaise(node: ResourceNode, subject: Subject, scope: Scope): Kept | null {
  const { neverUnresolved } = subject;
  const never = neverUnresolved && always('unresolved-never', placeText(neverUnresolved));
  return doubtOf(node, subject, scope) ?? never;
}

function doubtOfLoss(node: ResourceNode, subject: Subject, scope: Scope): Kept | null {
  const inDoubt = grantsOf(subject).filter(({ bound }) => [...bound.kept].some((nodes) => nodes.has(node)));
  const byLevel = inDoubt.map((held) => ({ held, keeps: keptByGrant(held, node) })).sort((a, b) => b.keeps - a.keeps);
  const [most] = byLevel;
  if (most === undefined) return doubtOf(node, subject, scope);
  const doubt = { reason: 'unresolved-name', waitsFor: textsOf(most.held.bound.unresolved) } as const;
  return doubtOf(node, subject, scope) ?? { doubt, keeps: most.keeps };
}

function grantsOf({ shielding, running }: Subject): readonly MemberEntitlement[] {
  return shielding.length > 0 ? shielding : running;
}

function always(reason: DeferredReason, waitsFor: string): Kept {
  return { doubt: { reason, waitsFor }, keeps: ANY_LEVEL };
}

function textsOf(refs: readonly ResourceRef[]): string {
  return refs.map(({ text }) => text).join(', ');
}
