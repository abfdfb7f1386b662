import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { effectiveLevel } from '../domain/account/effective-access.ts';
import { isWritableType } from '../domain/account/resource.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';
import type { Change, ChangeKind, Deferred, Ended, Redundant, RowExcluded, Unmanageable } from '../domain/plan/plan.ts';
import { type PlanResource, planResource, unseenResource } from '../domain/plan/plan-resource.ts';
import { causesOfGrant, causesOfLoss } from './causes.ts';
import type { RowFinding } from './judge-row.ts';
import { judgeRows } from './judge-rows.ts';
import { AsDeclared, DeclaredRows, type SubjectRows, shieldedRows, subjectRows } from './subject-rows.ts';

/** Everything that the diff finds about one account access. */
export interface SubjectDifference {
  readonly subject: Subject;
  readonly changes: readonly Change[];
  /** The resources of the changes: a change also reaches what lies below. */
  readonly changed: readonly ResourceNode[];
  readonly deferred: readonly Deferred[];
  readonly observed: readonly Change[];
  readonly unmanageable: readonly Unmanageable[];
  readonly redundant: readonly Redundant[];
  readonly ended: readonly Ended[];
  /** The rows that are judged as `unlisted` says, because the team files that name the subject do not decide them. */
  readonly beyond: readonly BeyondRow[];
}

/** A row beyond what team files decide. `after` is what `unlisted` leaves of it. */
export type BeyondRow = Pick<RowFinding, 'node' | 'has' | 'after'>;

/** Returns a function that compares one subject with the account at one moment. */
export function subjectDiffer(tree: ResourceTree, desired: DesiredState): (subject: Subject) => SubjectDifference {
  const declaredRows = new DeclaredRows();
  const asDeclared = new AsDeclared(tree);
  return (subject) => {
    const { access, running, shielding } = subject;
    const declared = shielding.length > 0 ? shieldedRows(access.rows, shielding, tree) : declaredRows.of(running);
    if (subject.ended.length === 0 && asDeclared.isExact(subject.access.rows, declared)) return { subject, ...NOTHING };
    return diffSubject(subject, subjectRows(subject, declared, tree), tree, desired);
  };
}

const NOTHING: Omit<SubjectDifference, 'subject'> = {
  changes: [],
  changed: [],
  deferred: [],
  observed: [],
  unmanageable: [],
  redundant: [],
  ended: [],
  beyond: [],
};

function diffSubject(
  subject: Subject,
  rows: SubjectRows,
  tree: ResourceTree,
  desired: DesiredState,
): SubjectDifference {
  const findings = judgeRows(subject, rows, desired, tree);
  const written = findings.filter((finding) => finding.verdict.kind === 'write');
  const observed = findings.filter((finding) => finding.verdict.kind === 'observed');
  return {
    subject,
    changes: written.map((finding) => toChange(finding, subject)),
    changed: written.map((finding) => finding.node),
    deferred: findings.flatMap((finding) => toDeferred(finding, subject)),
    observed: observed.map((finding) => toChange(finding, subject)),
    unmanageable: [
      ...findings.flatMap((finding) => toUnmanageable(finding, subject, rows)),
      ...withoutEffect([...written, ...observed], subject, rows),
      ...unseenExcess(subject, rows, tree, desired),
    ],
    redundant: findings.flatMap((finding) => toRedundant(finding, subject)),
    ended: endedRows(subject, rows),
    beyond: findings.filter(({ verdict, unlisted }) => verdict.kind === 'beyond-teams' || unlisted !== undefined),
  };
}

function toChange({ node, has, after, unlisted }: RowFinding, subject: Subject): Change {
  const { principal, access } = subject.access;
  const isGain = after > has;
  const kind: ChangeKind = isGain
    ? has === LEVEL.none
      ? 'create'
      : 'raise'
    : after === LEVEL.none
      ? 'remove'
      : 'lower';
  const why = isGain ? causesOfGrant(subject, node, after) : causesOfLoss(subject, node, after, unlisted);
  return { kind, principal, access, resource: planResource(node), before: has, after, why };
}

function toDeferred(finding: RowFinding, subject: Subject): readonly Deferred[] {
  if (finding.verdict.kind !== 'deferred') return [];
  return [{ change: toChange(finding, subject), ...finding.verdict.doubt }];
}

function toRedundant({ node, has, verdict }: RowFinding, { access }: Subject): readonly Redundant[] {
  if (verdict.kind !== 'redundant') return [];
  return [{ principal: access.principal, access: access.access, resource: planResource(node), level: has }];
}

function toUnmanageable(finding: RowFinding, subject: Subject, rows: SubjectRows): readonly Unmanageable[] {
  const { node, has, after, verdict, unlisted } = finding;
  if (verdict.kind !== 'unmanageable' || isOwnersAnyway(finding, rows)) return [];
  const why = after > has ? causesOfGrant(subject, node, after) : causesOfLoss(subject, node, after, unlisted);
  return [
    toItem(subject, planResource(node), has, effectiveLevel(rows.declared, node), verdict.what, verdict.reason, why),
  ];
}

/** An owner lacks nothing that their own row reaches: a row of the account, or of the organization (recorded). */
function isOwnersAnyway({ node, after, verdict }: RowFinding, rows: SubjectRows): boolean {
  if (verdict.kind !== 'unmanageable' || verdict.reason !== 'owner' || verdict.what !== 'missing') return false;
  const ownsAll = rows.unseen.some((row) => row.type === 'organization' && row.level === LEVEL.owner);
  return ownsAll || effectiveLevel(rows.actual, node) >= after;
}

/** Planned losses that have no effect, because a row above that stays gives more than is entitled. */
function withoutEffect(planned: readonly RowFinding[], subject: Subject, rows: SubjectRows): readonly Unmanageable[] {
  const final = new Map(rows.actual);
  for (const { node, after } of planned) final.set(node, after);
  return planned.flatMap(({ node, has, after, unlisted }) => {
    const entitled = effectiveLevel(rows.declared, node);
    if (after > has || effectiveLevel(final, node) <= entitled) return [];
    const why = causesOfLoss(subject, node, after, unlisted);
    return [
      toItem(
        subject,
        planResource(node),
        effectiveLevel(final, node),
        entitled,
        'without-effect',
        'reaches-from-above',
        why,
      ),
    ];
  });
}

/** Rows on resources that the tree does not show. They could be anything, so grantd reports them and leaves them alone. */
function unseenExcess(
  subject: Subject,
  rows: SubjectRows,
  tree: ResourceTree,
  desired: DesiredState,
): readonly Unmanageable[] {
  const { authority } = subject;
  const isDecided = authority === null || authority.upTo.has(tree.root);
  const line = isDecided ? subject.unlisted : authority.revokedAt;
  if (desired.mode === 'additive' || !(isDecided || line !== null)) return [];
  const fromAccount = rows.declared.get(tree.root) ?? LEVEL.none;
  return rows.unseen
    .filter(
      (row) => givenBy(row.level) > (row.type === 'billing' || row.type === 'campaigns' ? LEVEL.none : fromAccount),
    )
    .map((row) =>
      toItem(
        subject,
        unseenResource(row),
        row.level,
        LEVEL.none,
        'excess',
        unseenReason(subject, row),
        causesOfLoss(subject, tree.root, 0, line),
      ),
    );
}

function unseenReason(subject: Subject, row: AccessRow): RowExcluded {
  return subject.excluded ?? (isWritableType(row.type) ? 'not-shown' : 'type');
}

function toItem(
  subject: Subject,
  resource: PlanResource,
  actual: AccessLevel,
  entitled: AccessLevel,
  kind: Unmanageable['kind'],
  reason: RowExcluded,
  why: Unmanageable['why'],
): Unmanageable {
  const { principal, access } = subject.access;
  return { kind, principal, access, resource, actual, entitled, reason, why };
}

/** What ended grants gave and no running grant gives, with the level that is still there. */
function endedRows(subject: Subject, rows: SubjectRows): readonly Ended[] {
  const { principal, access } = subject.access;
  return subject.ended.flatMap(({ bound, until }) =>
    bound.rows.flatMap(({ node, level }): readonly Ended[] => {
      if (effectiveLevel(rows.declared, node) >= toAccessLevel(level)) return [];
      const held = rows.actual.get(node) ?? LEVEL.none;
      return [
        { principal, access, resource: planResource(node), level, actual: held, grant: bound.entitlement.grant, until },
      ];
    }),
  );
}
