import type { Principal } from '../../core/domain/account/principal.ts';
import { type AccountChanges, isUnchanged, type LevelShift } from '../../core/domain/answer/account-changes.ts';
import type { PlanResource } from '../../core/domain/plan/plan-resource.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { levelToJson, principalToJson, resourceToJson } from '../words/json.ts';
import { countAccountShifts } from './account-changes.ts';

/** The version of the format; another one means another shape. */
const VERSION = 1;

/** What changed in an account as JSON (schemas/changes.v1.schema.json). */
export function accountChangesToJson(changes: AccountChanges) {
  return {
    version: VERSION,
    account: changes.account,
    from: instantText(changes.from),
    to: instantText(changes.to),
    hasLog: changes.hasLog,
    isSame: isUnchanged(changes),
    counts: countAccountShifts(changes),
    rows: changes.rows.map(({ principal, access, resource, row, reach, writtenBy, ...rest }) => ({
      ...rest,
      principal: principalToJson(principal, access),
      resource: resourceToJson(resource),
      row: levelsToJson(row),
      reach: levelsToJson(reach),
      writtenBy: writtenBy && { runId: writtenBy.runId, at: instantText(writtenBy.at) },
    })),
    holders: changes.holders.map(({ before, after }) => ({ before: whoToJson(before), after: whoToJson(after) })),
    resources: changes.resources.map(({ before, after }) => ({ before: whatToJson(before), after: whatToJson(after) })),
  };
}

function levelsToJson({ before, after }: LevelShift) {
  return { before: levelToJson(before), after: levelToJson(after) };
}

function whoToJson(principal: Principal | null) {
  return principal && principalToJson(principal, null);
}

function whatToJson(resource: PlanResource | null) {
  return resource && resourceToJson(resource);
}
