import { type AccessLevel, toAccessLevel } from '../domain/account/access-level.ts';
import { isCoveredBy } from '../domain/account/effective-access.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { BoundRow, MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import type { Cause } from '../domain/plan/plan.ts';
import { memberNamed } from '../domain/policy/entitlement.ts';
import { grantCause } from '../domain/policy/grant-cause.ts';
import type { Place } from '../domain/text/problem.ts';

/** How many grants are named if none of them explains a removal by itself. */
const NAMED_MOST = 3;

/** How many running grants are named as the causes of one change. Thousands may give the same. */
const RUNNING_MOST = 10;

/** The first running grants that declare at least this level on exactly this resource, in the order of the policy. */
export function causesOfGrant(subject: Subject, node: ResourceNode, level: AccessLevel): readonly Cause[] {
  return runningCauses(subject, (row) => row.node === node && toAccessLevel(row.level) >= level);
}

/**
 * Why a principal loses the level of a row: the grants that gave it and have ended, the person's `ends`, and the grants that
 * leave them with less. `line` is that of `unlisted`, if it takes the row. If the policy has none of these, the causes are grants that name the principal without giving it.
 */
export function causesOfLoss(
  subject: Subject,
  node: ResourceNode,
  after: AccessLevel,
  line: Place | null = subject.unlisted,
): readonly Cause[] {
  const reaches = (row: BoundRow) => isCoveredBy(node, row.node);
  const ended = subject.ended.flatMap((held) =>
    grantCauses('ended', subject, held, (row) => reaches(row) && toAccessLevel(row.level) > after),
  );
  const offboarded: readonly Cause[] = subject.offboarded ? [{ kind: 'offboarded', at: subject.offboarded }] : [];
  const running = runningCauses(subject, reaches);
  const unlisted: readonly Cause[] = line ? [{ kind: 'unlisted', at: line }] : [];
  const causes = [...ended, ...offboarded, ...unlisted, ...running];
  return causes.length > 0 ? causes : notGranted(subject);
}

function runningCauses(subject: Subject, gives: (row: BoundRow) => boolean): readonly Cause[] {
  const causes: Cause[] = [];
  for (const held of subject.running) {
    if (causes.length === RUNNING_MOST) break;
    causes.push(...grantCauses('grant', subject, held, gives));
  }
  return causes;
}

function grantCauses(
  kind: 'grant' | 'ended',
  { name }: Subject,
  { bound: { entitlement, rows: all } }: MemberEntitlement,
  gives: (row: BoundRow) => boolean,
): readonly Cause[] {
  const rows = all.filter(gives);
  const row = rows.find(({ level }) => level === 'admin') ?? rows[0];
  return row ? [grantCause(kind, { entitlement, holder: memberNamed(entitlement, name), entitled: row.from })] : [];
}

function notGranted({ name, running, ended }: Subject): readonly Cause[] {
  return [...running, ...ended].slice(0, NAMED_MOST).map(({ bound: { entitlement } }) => ({
    kind: 'not-granted',
    grant: entitlement.grant,
    groups: memberNamed(entitlement, name).groups,
  }));
}
