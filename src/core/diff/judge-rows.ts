import { type AccessLevel, givenBy, isKnownLevel, LEVEL } from '../domain/account/access-level.ts';
import { effectiveLevel, inheritedLevel } from '../domain/account/effective-access.ts';
import { isWritableType } from '../domain/account/resource.ts';
import { compareNodes, isWithin, nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import { type DesiredState, isPlanned, type Scope, type Subject } from '../domain/plan/desired-state.ts';
import type { DeferredReason, RowExcluded } from '../domain/plan/plan.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { placeText } from '../domain/text/problem.ts';
import type { SubjectRows } from './subject-rows.ts';

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
    | { readonly kind: 'redundant' };
}

/**
 * Compares the rows of one subject with what is declared, row by row, parents first:
 *
 *  | declared here | given by a declared row above, in place or planned | row has            | becomes                |
 *  |---------------|-----------------------------------------------------|--------------------|------------------------|
 *  | yes           | no                                                  | less than declared | create or raise        |
 *  | yes           | no                                                  | more than entitled | lower                  |
 *  | yes           | yes                                                 | nothing            | left out               |
 *  | yes or no     | yes                                                 | more than entitled | remove                 |
 *  | yes or no     | yes                                                 | no more than that  | redundant, left alone  |
 *  | no            | no                                                  | anything           | remove                 |
 *
 * Additive mode stops after the first line. A row that grantd may not write, or not now, is a finding of its own. No row is
 * lowered or removed while an entitled row that is still missing may rely on it. What the policy ignores or observes is not
 * missing: it would stay so, and what lies above would never be taken.
 */
export function judgeRows(subject: Subject, rows: SubjectRows, desired: DesiredState): readonly RowFinding[] {
  const { actual, declared } = rows;
  const relied = new Map<ResourceNode, AccessLevel>();
  const missing: ResourceNode[] = [];
  const findings: RowFinding[] = [];
  for (const node of nodesParentsFirst(rows)) {
    const own = declared.get(node) ?? LEVEL.none;
    const entitled = effectiveLevel(declared, node);
    const has = actual.get(node) ?? LEVEL.none;
    const gives = givenBy(has);
    const isCovered = own === LEVEL.none || inheritedLevel(relied, node) >= own;
    if (!isCovered && gives < own) {
      const finding = judgeRaise({ node, has, after: own }, subject, desired);
      findings.push(finding);
      // What is observed is planned as if it were written: everything below it is observed as well.
      if (finding.verdict.kind === 'write' || finding.verdict.kind === 'observed') relied.set(node, own);
      else if (!isIgnored(finding)) missing.push(node);
      continue;
    }
    if (!isCovered) relied.set(node, own);
    if (gives > entitled)
      findings.push(...judgeExcess({ node, has, after: isCovered ? LEVEL.none : own }, entitled, subject, desired));
    else if (isCovered && gives > LEVEL.none) findings.push({ node, has, after: has, verdict: { kind: 'redundant' } });
  }
  missing.sort(compareNodes);
  return findings.map((finding) => deferRelied(finding, missing));
}

function isIgnored({ verdict }: RowFinding): boolean {
  return verdict.kind === 'unmanageable' && (verdict.reason === 'ignored' || verdict.reason === 'ignored-person');
}

interface Target {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  readonly after: AccessLevel;
}

function judgeRaise(target: Target, subject: Subject, desired: DesiredState): RowFinding {
  const { node, has, after } = target;
  const reason = excludeRow({ node, has, entitled: after, direction: 'up' }, subject, desired.scope);
  if (reason !== null) return { ...target, verdict: { kind: 'unmanageable', what: 'missing', reason } };
  return judgeWritable(target, 'up', subject, desired.scope);
}

function judgeExcess(
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
  const doubt = doubtOf(target.node, direction, subject, scope);
  return { ...target, verdict: doubt ? { kind: 'deferred', doubt } : { kind: 'write' } };
}

function deferRelied(finding: RowFinding, missing: readonly ResourceNode[]): RowFinding {
  if (finding.verdict.kind !== 'write' || finding.after > finding.has) return finding;
  const doubt = doubtFromMissing(finding.node, missing);
  return doubt ? { ...finding, verdict: { kind: 'deferred', doubt } } : finding;
}

function nodesParentsFirst({ actual, declared }: SubjectRows): readonly ResourceNode[] {
  return [...new Set([...actual.keys(), ...declared.keys()])].sort((a, b) => a.index - b.index);
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
function doubtOf(node: ResourceNode, direction: 'up' | 'down', subject: Subject, scope: Scope): Doubt | null {
  const grants = subject.shielding.length > 0 ? subject.shielding : subject.running;
  const except = grants.find(({ bound }) => bound.unresolvedExcept.length > 0);
  if (except) return { reason: 'unresolved-except', waitsFor: textsOf(except.bound.unresolvedExcept) };
  const frozen = scope.frozen.get(node);
  if (frozen)
    return { reason: 'unresolved-scope', waitsFor: `${frozen.name} in \`${frozen.key}\` (${placeText(frozen.at)})` };
  if (direction === 'up') {
    const never = subject.neverUnresolved;
    return never && { reason: 'unresolved-never', waitsFor: placeText(never) };
  }
  const kept = grants.find(({ bound }) => [...bound.kept].some((nodes) => nodes.has(node)));
  return kept ? { reason: 'unresolved-name', waitsFor: textsOf(kept.bound.unresolved) } : null;
}

function textsOf(refs: readonly ResourceRef[]): string {
  return refs.map(({ text }) => text).join(', ');
}

/**
 * Never less on the way: while an entitled row is neither in place nor written in this run, the rows that may replace it stay,
 * on its ancestors and below it. `missing` are those entitled rows, in the order of their labels.
 */
function doubtFromMissing(node: ResourceNode, missing: readonly ResourceNode[]): Doubt | null {
  const related = missing.find((entitled) => isWithin(entitled, node) || isWithin(node, entitled));
  return related ? { reason: 'relies-on-missing', waitsFor: nodeLabel(related) } : null;
}
