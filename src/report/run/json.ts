import { type ResourceId, resourceKey } from '../../core/domain/account/resource.ts';
import type { Verdict } from '../../core/domain/plan/plan.ts';
import {
  type ChangeOutcome,
  type ForeignChange,
  type RunResult,
  triedApprovals,
} from '../../core/domain/run/run-result.ts';
import {
  type DeferredJson,
  deferredToJson,
  type LeftBehindJson,
  leftBehindToJson,
  type UnresolvedJson,
  unresolvedToJson,
} from '../plan/json.ts';
import {
  type ApprovedJson,
  approvedToJson,
  type ChangeJson,
  changeToJson,
  type HeldJson,
  heldToJson,
  type LevelJson,
  levelToJson,
  type PrincipalJson,
  principalToJson,
  type ResourceJson,
} from '../words/json.ts';
import { type SeenOutcome, seenOutcome, staleDifferences } from './words.ts';

/** The version of the format; another one means another shape. */
const RUN_JSON_VERSION = 1;

/** How a run ended, as JSON (schemas/run.v1.schema.json). */
export interface RunJson {
  readonly version: typeof RUN_JSON_VERSION;
  readonly account: number;
  readonly result: RunResult['kind'];
  /** The digest and verdict of the plan that this run carried out. */
  readonly digest: string;
  readonly verdict: Verdict;
  /** What ran only because someone approved it: parts of that plan, and by what. Empty if the run wrote nothing. */
  readonly approved: readonly ApprovedJson[];
  readonly outcomes: readonly {
    readonly outcome: SeenOutcome;
    readonly change: ChangeJson;
    readonly found: LevelJson;
    readonly isRead: boolean;
    readonly reason: string | null;
  }[];
  readonly foreign: readonly {
    readonly principal: PrincipalJson;
    readonly resource: ResourceJson;
    readonly before: LevelJson;
    readonly after: LevelJson;
  }[];
  /** The plan made after the run; null if none was made. */
  readonly remaining: {
    readonly digest: string;
    readonly verdict: Verdict;
    readonly leftBehind: LeftBehindJson;
    readonly changes: readonly ChangeJson[];
    readonly held: readonly HeldJson[];
    readonly deferred: readonly DeferredJson[];
    readonly unresolved: readonly UnresolvedJson[];
    readonly observed: readonly ChangeJson[];
  } | null;
  readonly unconfirmed: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  /** What differs from the agreed plan, in words; empty if nothing differs. */
  readonly stale: readonly string[];
}

/** `outcomes` and `foreign` are empty unless the run wrote something. */
export function runToJson(result: RunResult): RunJson {
  const { plan } = result;
  const written = result.kind === 'written' ? result : null;
  const left = result.kind === 'written' ? result.after : plan;
  return {
    version: RUN_JSON_VERSION,
    account: plan.account,
    result: result.kind,
    digest: plan.digest,
    verdict: plan.verdict,
    approved: triedApprovals(result).map(approvedToJson),
    outcomes: (written?.outcomes ?? []).map(outcomeToJson),
    foreign: (written?.foreign ?? []).map(foreignToJson),
    remaining: left && {
      digest: left.digest,
      verdict: left.verdict,
      leftBehind: leftBehindToJson(left.counts.leftBehind),
      changes: left.changes.map(changeToJson),
      held: left.held.map(heldToJson),
      deferred: left.deferred.map(deferredToJson),
      unresolved: left.unresolved.map(unresolvedToJson),
      observed: left.observed.map(changeToJson),
    },
    unconfirmed: written?.unconfirmed
      ? {
          code: written.unconfirmed.code,
          message: written.unconfirmed.message,
          remedy: written.unconfirmed.remedy,
        }
      : null,
    stale: result.kind === 'stale' ? staleDifferences(result.agreed, plan) : [],
  };
}

function outcomeToJson(outcome: ChangeOutcome): RunJson['outcomes'][number] {
  const { change, found, reason } = outcome;
  return {
    outcome: seenOutcome(outcome),
    change: changeToJson(change),
    found: found === null ? null : levelToJson(found),
    isRead: found !== null,
    reason,
  };
}

function foreignToJson({ principal, access, row, before }: ForeignChange): RunJson['foreign'][number] {
  return {
    principal: principalToJson(principal, access),
    resource: toResource(row),
    before: levelToJson(before),
    after: levelToJson(row.level),
  };
}

/** A row outside the plan has no name; its label is its type and id. */
function toResource(row: ResourceId): ResourceJson {
  return { type: row.type, id: row.id, label: resourceKey(row) };
}
