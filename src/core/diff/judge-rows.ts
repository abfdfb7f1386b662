import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import { effectiveLevel, inheritedLevel } from '../domain/account/effective-access.ts';
import {
  compareNodes,
  isWithin,
  nodeLabel,
  type ResourceNode,
  type ResourceTree,
} from '../domain/account/resource-tree.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';
import { type Keeping, keptFor, NOTHING_KEPT } from '../domain/plan/team-authority.ts';
import { excessJudge } from './judge-excess.ts';
import { judgeRaise, type Kept, kept, type RowFinding } from './judge-row.ts';
import type { SubjectRows } from './subject-rows.ts';

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
 *
 * If only team files name the subject, the table holds for the rows that these decide. The others are judged as `unlisted` says, and
 * what a team file gives keeps none of them.
 */
export function judgeRows(
  subject: Subject,
  rows: SubjectRows,
  desired: DesiredState,
  tree: ResourceTree,
): readonly RowFinding[] {
  const { actual, declared } = rows;
  const relied = new ReliedRows(rows);
  const missing: Missing[] = [];
  const findings: RowFinding[] = [];
  const judgeExcess = excessJudge(subject, rows, desired, tree);
  for (const node of nodesParentsFirst(rows)) {
    const own = relied.ownOf(node);
    const entitled = effectiveLevel(declared, node);
    const has = actual.get(node) ?? LEVEL.none;
    const gives = givenBy(has);
    const isCovered = own === LEVEL.none;
    if (!isCovered && gives < own) {
      const finding = judgeRaise({ node, has, after: own }, subject, desired);
      findings.push(finding);
      // What is observed is planned as if it were written: everything below it is observed as well.
      const isPlaced = finding.verdict.kind === 'write' || finding.verdict.kind === 'observed';
      relied.add(node, isPlaced ? own : relied.rootPartIn(node, gives));
      if (!isPlaced && !isIgnored(finding)) missing.push({ node, keeps: keptFor(subject.running, node, gives) });
      continue;
    }
    relied.add(node, own);
    if (gives > entitled) findings.push(...judgeExcess({ node, has, after: own }, entitled));
    else if (isCovered && gives > LEVEL.none) findings.push({ node, has, after: has, verdict: { kind: 'redundant' } });
  }
  missing.sort((a, b) => compareNodes(a.node, b.node));
  return findings.map((finding) => deferRelied(finding, missing));
}

/**
 * The declared rows that are in place or planned. What the root file gives relies on rows of the root file alone, so that no team
 * changes what becomes of it.
 */
class ReliedRows {
  readonly #rows: SubjectRows;
  readonly #all = new Map<ResourceNode, AccessLevel>();
  readonly #ofRoot = new Map<ResourceNode, AccessLevel>();

  constructor(rows: SubjectRows) {
    this.#rows = rows;
  }

  /** The level that the row of a resource must have: what is declared there and no row above gives. 0 if one does, or none is. */
  ownOf(node: ResourceNode): AccessLevel {
    const { declared, declaredByRoot } = this.#rows;
    const own = declared.get(node) ?? LEVEL.none;
    if (own > inheritedLevel(this.#all, node)) return own;
    const ofRoot = declaredByRoot.get(node) ?? LEVEL.none;
    return ofRoot > inheritedLevel(this.#ofRoot, node) ? ofRoot : LEVEL.none;
  }

  /** What the root file gives on a resource, if a row that gives this much has it already. */
  rootPartIn(node: ResourceNode, gives: AccessLevel): AccessLevel {
    const ofRoot = this.#rows.declaredByRoot.get(node) ?? LEVEL.none;
    return ofRoot <= gives ? ofRoot : LEVEL.none;
  }

  /** Adds a declared row as far as it is in place or planned. */
  add(node: ResourceNode, level: AccessLevel): void {
    const { declared, declaredByRoot } = this.#rows;
    this.#put(this.#all, node, Math.min(level, declared.get(node) ?? LEVEL.none));
    this.#put(this.#ofRoot, node, Math.min(level, declaredByRoot.get(node) ?? LEVEL.none));
  }

  #put(rows: Map<ResourceNode, AccessLevel>, node: ResourceNode, level: AccessLevel): void {
    if (level > LEVEL.none) rows.set(node, level);
  }
}

function isIgnored({ verdict }: RowFinding): boolean {
  return verdict.kind === 'unmanageable' && (verdict.reason === 'ignored' || verdict.reason === 'ignored-person');
}

/** An entitled row that is neither in place nor written now, and the rows above and below it that it keeps. */
interface Missing {
  readonly node: ResourceNode;
  readonly keeps: Keeping;
}

function deferRelied(finding: RowFinding, missing: readonly Missing[]): RowFinding {
  if (finding.verdict.kind !== 'write' || finding.after > finding.has) return finding;
  const found = doubtFromMissing(finding.node, missing);
  return found === null ? finding : kept(finding, found);
}

function nodesParentsFirst({ actual, declared }: SubjectRows): readonly ResourceNode[] {
  return [...new Set([...actual.keys(), ...declared.keys()])].sort((a, b) => a.index - b.index);
}

/**
 * Never less on the way: while an entitled row is neither in place nor written in this run, the rows that may replace it stay,
 * on its ancestors and below it. `missing` are those entitled rows, in the order of their labels.
 */
function doubtFromMissing(node: ResourceNode, missing: readonly Missing[]): Kept | null {
  let most: Kept | null = null;
  for (const { node: entitled, keeps } of missing) {
    if (!(isWithin(entitled, node) || isWithin(node, entitled)) || keeps(node) <= (most?.keeps ?? NOTHING_KEPT))
      continue;
    most = { doubt: { reason: 'relies-on-missing', waitsFor: nodeLabel(entitled) }, keeps: keeps(node) };
  }
  return most;
}
