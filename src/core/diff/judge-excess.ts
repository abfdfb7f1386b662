import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import { effectiveLevel } from '../domain/account/effective-access.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import { levelsOfGrants } from '../domain/plan/bound-entitlement.ts';
import { type DesiredState, isPlanned, type Subject } from '../domain/plan/desired-state.ts';
import { ANY_LEVEL, decidedBy, keptByGrant, type TeamAuthority } from '../domain/plan/team-authority.ts';
import { judgeByGrants, type RowFinding, type Target } from './judge-row.ts';
import { type SubjectRows, shieldedRows } from './subject-rows.ts';

/** Judges a row that gives more than is entitled. Empty for a row that grantd need not mention. */
export type ExcessJudge = (target: Target, entitled: AccessLevel) => readonly RowFinding[];

/** Returns a function that judges the rows of a subject that give more than is entitled, by who decides each. */
export function excessJudge(
  subject: Subject,
  rows: SubjectRows,
  desired: DesiredState,
  tree: ResourceTree,
): ExcessJudge {
  const { authority } = subject;
  const judge: ExcessJudge = (target, entitled) => judgeByGrants(target, entitled, subject, desired);
  if (authority === null) {
    return (target, entitled) => judge(target, firmly(target, entitled, subject));
  }
  const shielded = shieldedRows(rows.all, authority.shielding, tree).levels;
  return (target, entitled) => {
    const { node, has } = target;
    const decides = decidedBy(authority, node, givenBy(has));
    if (decides === 'teams') return judge(target, firmly(target, entitled, subject));
    if (decides === 'doubt') return judge(target, entitled).map((finding) => inDoubt(finding, authority));
    const shield = shielded.get(node) ?? LEVEL.none;
    const after = Math.max(target.after, shield);
    if (authority.revokedAt === null || after >= givenBy(has)) return leftToThem(target, desired);
    const unlisted = authority.revokedAt;
    return judge({ ...target, after }, shield).map((finding) => ({ ...finding, unlisted }));
  };
}

/** What keeps a level that no policy can express: what only teams give that may not give more keeps nothing above it. */
function firmly({ node, has }: Target, entitled: AccessLevel, { running }: Subject): AccessLevel {
  if (has !== LEVEL.viewerPlus || running.every(({ bound }) => bound.reach === null)) return entitled;
  const firm = running.filter((held) => keptByGrant(held, node) === ANY_LEVEL);
  return effectiveLevel(levelsOfGrants(firm), node);
}

function inDoubt(finding: RowFinding, { unresolved }: TeamAuthority): RowFinding {
  if (finding.verdict.kind !== 'write') return finding;
  const doubt = { reason: 'unresolved-scope', waitsFor: unresolved.join(', ') } as const;
  return { ...finding, verdict: { kind: 'deferred', doubt } };
}

function leftToThem({ node, has }: Target, { mode, scope }: DesiredState): readonly RowFinding[] {
  if (mode === 'additive' || !isPlanned(scope, node)) return [];
  return [{ node, has, after: has, verdict: { kind: 'beyond-teams' } }];
}
