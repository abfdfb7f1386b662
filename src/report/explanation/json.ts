import type { GrantLevel } from '../../core/domain/account/access-level.ts';
import type {
  ExplainedAccess,
  ExplainedGrant,
  Explanation,
  NameStatus,
  Reach,
  Reason,
  RowDisposition,
} from '../../core/domain/answer/explanation.ts';
import type { DeferredReason, GuardRule, RowExcluded, Unmanageable } from '../../core/domain/plan/plan.ts';
import type { GrantPhase } from '../../core/domain/policy/entitlement.ts';
import type { Certainty } from '../../core/domain/policy/ref-cover.ts';
import {
  type CauseJson,
  type ChangeJson,
  causeToJson,
  changeToJson,
  type LevelJson,
  type LineJson,
  levelToJson,
  lineToJson,
  momentToJson,
  type NamedLineJson,
  namedLineToJson,
  nameToJson,
  type PrincipalJson,
  principalToJson,
  type ResourceJson,
  resourceToJson,
} from '../words/json.ts';

/** The version of the format; another one means another shape. */
const EXPLANATION_JSON_VERSION = 1;

/** A level, the resource whose row gives it (null if none does), and what the account's row may add. */
export interface ReachJson {
  readonly level: LevelJson;
  readonly by: ResourceJson | null;
  readonly perhaps: { readonly level: LevelJson; readonly by: ResourceJson } | null;
}

/** One line of the policy behind a level. `on` is the resource that the line names; `from` is when the grant began. */
export interface ReasonJson {
  readonly on: ResourceJson;
  readonly covers: Certainty;
  readonly from: string | null;
  readonly cause: CauseJson;
}

interface RefJson {
  readonly resource: string;
  readonly covers: Certainty;
}

/** One grant that reaches a name, as the policy wrote it. */
export interface GrantJson extends LineJson {
  readonly phase: GrantPhase;
  readonly groups: readonly NamedLineJson[];
  readonly otherPaths: number;
  readonly reason: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly endedBy: LineJson | null;
  readonly gives: readonly (RefJson & { readonly level: GrantLevel; readonly role: NamedLineJson | null })[];
  readonly except: readonly RefJson[];
}

/** What grantd plans for one row; `on` is the resource of that row. */
export type DispositionJson = { readonly on: ResourceJson } & (
  | { readonly kind: 'planned' | 'observed'; readonly change: ChangeJson }
  | {
      readonly kind: 'held';
      readonly change: ChangeJson;
      readonly digest: string;
      readonly rules: readonly GuardRule[];
    }
  | {
      readonly kind: 'deferred';
      readonly change: ChangeJson;
      readonly reason: DeferredReason;
      readonly waitsFor: string;
    }
  | { readonly kind: 'unmanageable'; readonly what: Unmanageable['kind']; readonly reason: RowExcluded }
  | { readonly kind: 'redundant' }
  | { readonly kind: 'beyond-teams'; readonly files: readonly string[] }
);

interface AccessJson {
  readonly principal: PrincipalJson;
  readonly excluded: RowExcluded | null;
  readonly resources: readonly {
    readonly resource: ResourceJson;
    readonly entitled: ReachJson;
    readonly actual: ReachJson;
    readonly row: LevelJson;
    readonly reasons: readonly ReasonJson[];
    readonly dispositions: readonly DispositionJson[];
  }[];
}

/** The answer to "why" as JSON (schemas/explain.v1.schema.json). */
export interface ExplanationJson {
  readonly version: typeof EXPLANATION_JSON_VERSION;
  readonly account: number;
  readonly now: string | null;
  readonly name: { readonly email: string } | { readonly token: string };
  readonly asked: string | null;
  readonly status: NameStatus;
  readonly isProtected: boolean;
  readonly ignoredBy: LineJson | null;
  readonly observedBy: LineJson | null;
  readonly ends: (LineJson & { readonly end: string | null }) | null;
  readonly grants: readonly GrantJson[];
  readonly isFound: boolean;
  readonly accesses: readonly AccessJson[] | null;
}

/** The whole answer; `accesses` is null if no account was read. */
export function explanationToJson(explanation: Explanation): ExplanationJson {
  const { ends, ignoredBy, observedBy, accesses } = explanation;
  return {
    version: EXPLANATION_JSON_VERSION,
    account: explanation.account,
    now: momentToJson(explanation.now),
    name: nameToJson(explanation.name),
    asked: explanation.asked,
    status: explanation.status,
    isProtected: explanation.isProtected,
    ignoredBy: ignoredBy && lineToJson(ignoredBy),
    observedBy: observedBy && lineToJson(observedBy),
    ends: ends && { ...lineToJson(ends.at), end: momentToJson(ends.end) },
    grants: explanation.grants.map(grantToJson),
    isFound: explanation.isFound,
    accesses: accesses?.map(accessToJson) ?? null,
  };
}

/** Used by `explain` and `review`. */
export function grantToJson(grant: ExplainedGrant): GrantJson {
  return {
    ...lineToJson(grant.grant),
    phase: grant.phase,
    groups: grant.groups.map(namedLineToJson),
    otherPaths: grant.otherPaths,
    reason: grant.reason,
    from: momentToJson(grant.from),
    until: momentToJson(grant.until),
    endedBy: grant.endedBy && lineToJson(grant.endedBy),
    gives: grant.gives.map(({ resource, covers, level, role }) => ({
      resource,
      covers,
      level,
      role: role && namedLineToJson(role),
    })),
    except: grant.except.map(({ resource, covers }) => ({ resource, covers })),
  };
}

function accessToJson({ principal, access, excluded, resources }: ExplainedAccess): AccessJson {
  return {
    principal: principalToJson(principal, access),
    excluded,
    resources: resources.map((one) => ({
      resource: resourceToJson(one.resource),
      entitled: reachToJson(one.entitled),
      actual: reachToJson(one.actual),
      row: levelToJson(one.row),
      reasons: one.reasons.map(reasonToJson),
      dispositions: one.dispositions.map(dispositionToJson),
    })),
  };
}

/** Used by `explain`, `who` and `review`. */
export function reachToJson({ level, by, perhaps }: Reach): ReachJson {
  return {
    level: levelToJson(level),
    by: by && resourceToJson(by),
    perhaps: perhaps && { level: levelToJson(perhaps.level), by: resourceToJson(perhaps.by) },
  };
}

/** Used by `explain`, `who` and `review`. */
export function reasonToJson({ cause, on, from, covers }: Reason): ReasonJson {
  return { on: resourceToJson(on), covers, from: momentToJson(from), cause: causeToJson(cause) };
}

/** Used by `explain`, `who` and `review`. */
export function dispositionToJson(disposition: RowDisposition): DispositionJson {
  const on = resourceToJson(disposition.on);
  switch (disposition.kind) {
    case 'planned':
    case 'observed':
      return { on, kind: disposition.kind, change: changeToJson(disposition.change) };
    case 'held': {
      const { change, part } = disposition;
      return { on, kind: disposition.kind, change: changeToJson(change), digest: part.digest, rules: part.rules };
    }
    case 'deferred': {
      const { change, reason, waitsFor } = disposition.deferred;
      return { on, kind: disposition.kind, change: changeToJson(change), reason, waitsFor };
    }
    case 'unmanageable':
      return { on, kind: disposition.kind, what: disposition.row.kind, reason: disposition.row.reason };
    case 'redundant':
      return { on, kind: disposition.kind };
    case 'beyond-teams':
      return { on, kind: disposition.kind, files: disposition.files };
  }
}
