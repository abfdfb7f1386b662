import type { GrantLevel } from '../../core/domain/account/access-level.ts';
import type {
  Deferred,
  DeferredReason,
  Plan,
  Refusal,
  RowExcluded,
  Unmanageable,
  Verdict,
} from '../../core/domain/plan/plan.ts';
import type { LeftBehind, PlanCounts } from '../../core/domain/plan/plan-counts.ts';
import type { HeldRow } from '../../core/domain/plan/unlisted.ts';
import type { Unresolved, UnresolvedReason } from '../../core/domain/plan/unresolved.ts';
import type { Mode } from '../../core/domain/policy/policy.ts';
import {
  type ApprovedJson,
  approvedToJson,
  type CauseJson,
  type ChangeJson,
  causeToJson,
  changeToJson,
  type HeldJson,
  heldToJson,
  type LevelJson,
  type LineJson,
  levelToJson,
  linesToJson,
  lineToJson,
  momentToJson,
  type NameJson,
  type NoticeJson,
  nameToJson,
  noticeToJson,
  type PrincipalJson,
  principalToJson,
  type ResourceJson,
  resourceToJson,
} from '../words/json.ts';
import { type AheadJson, aheadToJson } from './ahead.ts';

/** The version of the format; another one means another shape. */
export const PLAN_JSON_VERSION = 1;

/** How many people keep access although no grant names them, and how many rows. */
export type LeftBehindJson = Pick<LeftBehind, 'principals' | 'rows'>;

interface RowJson {
  readonly principal: PrincipalJson;
  readonly resource: ResourceJson;
}

interface HeldRowJson {
  readonly resource: ResourceJson;
  readonly level: LevelJson;
}

/** A name of the policy that matches no resource, or several, and where it stands. */
export interface UnresolvedJson {
  readonly name: string;
  readonly reason: UnresolvedReason;
  readonly at: LineJson;
}

/** A change that waits, and for what. */
export interface DeferredJson {
  readonly change: ChangeJson;
  readonly reason: DeferredReason;
  readonly waitsFor: string;
}

/**
 * A plan as JSON (schemas/plan.v1.schema.json). Its only time of its own is the date in each `approvalLine`: equal plans of one day are
 * equal bytes.
 */
export interface PlanJson {
  readonly version: typeof PLAN_JSON_VERSION;
  readonly account: number;
  readonly mode: Mode;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly refusals: readonly Refusal[];
  readonly counts: Omit<PlanCounts, 'leftBehind'> & { readonly leftBehind: LeftBehindJson };
  readonly changes: readonly ChangeJson[];
  readonly held: readonly HeldJson[];
  readonly approved: readonly ApprovedJson[];
  readonly deferred: readonly DeferredJson[];
  readonly unresolved: readonly UnresolvedJson[];
  readonly observed: readonly ChangeJson[];
  readonly unmanageable: readonly (RowJson & {
    readonly kind: Unmanageable['kind'];
    readonly actual: LevelJson;
    readonly entitled: LevelJson;
    readonly reason: RowExcluded;
    readonly why: readonly CauseJson[];
  })[];
  readonly absent: readonly (NameJson & { readonly grants: readonly LineJson[] })[];
  readonly upcoming: readonly (NameJson & { readonly grants: readonly LineJson[]; readonly begins: string | null })[];
  readonly ahead: AheadJson;
  readonly unlisted: readonly {
    readonly principal: PrincipalJson;
    readonly revokedAt: LineJson | null;
    readonly teamFiles: readonly string[];
    readonly rows: readonly HeldRowJson[];
    readonly shielded: readonly HeldRowJson[];
  }[];
  readonly idle: readonly PrincipalJson[];
  readonly organization: readonly (RowJson & { readonly level: LevelJson })[];
  readonly redundant: readonly (RowJson & { readonly level: LevelJson })[];
  readonly ended: readonly (RowJson & {
    readonly level: GrantLevel;
    readonly actual: LevelJson;
    readonly grant: LineJson;
    readonly until: string | null;
  })[];
  readonly notices: readonly NoticeJson[];
}

/** The plan as JSON, with keys and lists in a fixed order. */
export function planToJson(plan: Plan): PlanJson {
  const { gain, lose, untouched, notInPolicy, leftBehind } = plan.counts;
  return {
    version: PLAN_JSON_VERSION,
    account: plan.account,
    mode: plan.mode,
    digest: plan.digest,
    verdict: plan.verdict,
    refusals: plan.refusals.map(({ rule, message, remedy }) => ({ rule, message, remedy })),
    counts: { gain, lose, untouched, notInPolicy, leftBehind: leftBehindToJson(leftBehind) },
    changes: plan.changes.map(changeToJson),
    held: plan.held.map(heldToJson),
    approved: plan.approved.map(approvedToJson),
    deferred: plan.deferred.map(deferredToJson),
    unresolved: plan.unresolved.map(unresolvedToJson),
    observed: plan.observed.map(changeToJson),
    unmanageable: plan.unmanageable.map(unmanageableToJson),
    absent: plan.absent.map(({ name, grants }) => ({ ...nameToJson(name), grants: linesToJson(grants) })),
    upcoming: plan.upcoming.map(({ name, grants, begins }) => ({
      ...nameToJson(name),
      grants: linesToJson(grants),
      begins: momentToJson(begins),
    })),
    ahead: aheadToJson(plan.ahead),
    unlisted: plan.unlisted.map(({ principal, access, revokedAt, teamFiles, rows, shielded }) => ({
      principal: principalToJson(principal, access),
      revokedAt: revokedAt && lineToJson(revokedAt),
      teamFiles,
      rows: rows.map(heldRowToJson),
      shielded: shielded.map(heldRowToJson),
    })),
    organization: plan.organization.map(({ principal, access, resource, level }) => ({
      principal: principalToJson(principal, access),
      resource: resourceToJson(resource),
      level: levelToJson(level),
    })),
    idle: plan.idle.map((principal) => principalToJson(principal, null)),
    redundant: plan.redundant.map((row) => ({ ...rowToJson(row), level: levelToJson(row.level) })),
    ended: plan.ended.map((row) => ({
      ...rowToJson(row),
      level: row.level,
      actual: levelToJson(row.actual),
      grant: lineToJson(row.grant),
      until: momentToJson(row.until),
    })),
    notices: plan.notices.map(noticeToJson),
  };
}

function heldRowToJson({ resource, level }: HeldRow): HeldRowJson {
  return { resource: resourceToJson(resource), level: levelToJson(level) };
}

/** How many keep access although no grant names them, the same in every document. */
export function leftBehindToJson({ principals, rows }: LeftBehind): LeftBehindJson {
  return { principals, rows };
}

/** A deferred change, the same in every document. */
export function deferredToJson({ change, reason, waitsFor }: Deferred): DeferredJson {
  return { change: changeToJson(change), reason, waitsFor };
}

/** An unresolved name, the same in every document. */
export function unresolvedToJson({ name, reason, at }: Unresolved): UnresolvedJson {
  return { name, reason, at: lineToJson(at) };
}

/** A row that grantd cannot write, the same in every document. */
export function unmanageableToJson(row: Unmanageable): PlanJson['unmanageable'][number] {
  return {
    kind: row.kind,
    ...rowToJson(row),
    actual: levelToJson(row.actual),
    entitled: levelToJson(row.entitled),
    reason: row.reason,
    why: row.why.map(causeToJson),
  };
}

function rowToJson(row: Pick<Unmanageable, 'principal' | 'access' | 'resource'>): RowJson {
  return { principal: principalToJson(row.principal, row.access), resource: resourceToJson(row.resource) };
}
