import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import { effectiveLevel, inheritedLevel } from '../domain/account/effective-access.ts';
import { compareNodes, type ResourceNode } from '../domain/account/resource-tree.ts';
import { type DesiredState, isManaged, type Subject } from '../domain/plan/desired-state.ts';
import type { RowExcluded } from '../domain/plan/plan.ts';
import { type Doubt, doubtFromMissing, doubtOf } from './defer-row.ts';
import { excludeRow } from './exclude-row.ts';
import type { SubjectRows } from './subject-rows.ts';

/** What the diff says of one row of one subject. `after` is the level that the row should get; 0 removes it. */
export interface RowFinding {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  readonly after: AccessLevel;
  readonly verdict:
    | { readonly kind: 'write' }
    | { readonly kind: 'deferred'; readonly doubt: Doubt }
    | { readonly kind: 'unmanageable'; readonly what: 'excess' | 'missing'; readonly reason: RowExcluded }
    | { readonly kind: 'redundant' };
}

/**
 * Compares what one subject holds with what is declared, row by row, parents first:
 *
 *  | declared here | given by a declared row above, in place or planned | row holds          | becomes                |
 *  |---------------|-----------------------------------------------------|--------------------|------------------------|
 *  | yes           | no                                                  | less than declared | create or raise        |
 *  | yes           | no                                                  | more than entitled   | lower                  |
 *  | yes           | yes                                                 | nothing            | left out               |
 *  | yes or no     | yes                                                 | more than entitled   | remove                 |
 *  | yes or no     | yes                                                 | no more than that  | redundant, left alone  |
 *  | no            | no                                                  | anything           | remove                 |
 *
 * Additive mode stops after the first line. What may not be written, or not now, is a finding of its own; and nothing
 * is taken that an entitled row which is still missing may rely on.
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
      if (finding.verdict.kind === 'write') relied.set(node, own);
      else missing.push(node);
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

interface Target {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  readonly after: AccessLevel;
}

function judgeRaise(target: Target, subject: Subject, desired: DesiredState): RowFinding {
  const { node, has, after } = target;
  const reason = excludeRow({ node, has, entitled: after, direction: 'up' }, subject, desired.scope);
  if (reason !== null) return { ...target, verdict: { kind: 'unmanageable', what: 'missing', reason } };
  const doubt = doubtOf(node, 'up', subject, desired.scope);
  return { ...target, verdict: doubt ? { kind: 'deferred', doubt } : { kind: 'write' } };
}

function judgeExcess(
  target: Target,
  entitled: AccessLevel,
  subject: Subject,
  desired: DesiredState,
): readonly RowFinding[] {
  const { node, has } = target;
  if (desired.mode === 'additive' || !isManaged(desired.scope, node)) return [];
  const reason = excludeRow({ node, has, entitled, direction: 'down' }, subject, desired.scope);
  if (reason !== null) return [{ ...target, verdict: { kind: 'unmanageable', what: 'excess', reason } }];
  const doubt = doubtOf(node, 'down', subject, desired.scope);
  return [{ ...target, verdict: doubt ? { kind: 'deferred', doubt } : { kind: 'write' } }];
}

function deferRelied(finding: RowFinding, missing: readonly ResourceNode[]): RowFinding {
  if (finding.verdict.kind !== 'write' || finding.after > finding.has) return finding;
  const doubt = doubtFromMissing(finding.node, missing);
  return doubt ? { ...finding, verdict: { kind: 'deferred', doubt } } : finding;
}

function nodesParentsFirst({ actual, declared }: SubjectRows): readonly ResourceNode[] {
  return [...new Set([...actual.keys(), ...declared.keys()])].sort((a, b) => a.index - b.index);
}
