import type { HolderStatus, WhoHas } from '../../core/domain/answer/explanation.ts';
import { type PrincipalJson, principalToJson, type ResourceJson, resourceToJson } from '../words/json.ts';
import {
  type DispositionJson,
  dispositionToJson,
  type ReachJson,
  type ReasonJson,
  reachToJson,
  reasonToJson,
} from './json.ts';

/** The version of the format; another one means another shape. */
const WHO_JSON_VERSION = 1;

/** The answer to "who" as JSON (schemas/who.v1.schema.json). */
export interface WhoJson {
  readonly version: typeof WHO_JSON_VERSION;
  readonly account: number;
  readonly resources: readonly {
    readonly resource: ResourceJson;
    readonly without: number;
    readonly holders: readonly {
      readonly principal: PrincipalJson;
      readonly status: HolderStatus;
      readonly actual: ReachJson;
      readonly entitled: ReachJson | null;
      readonly reasons: readonly ReasonJson[];
      readonly dispositions: readonly DispositionJson[];
    }[];
  }[];
}

/** In the order of the answer: the highest level first. */
export function whoToJson(account: number, resources: readonly WhoHas[]): WhoJson {
  return {
    version: WHO_JSON_VERSION,
    account,
    resources: resources.map(({ resource, holders, without }) => ({
      resource: resourceToJson(resource),
      without,
      holders: holders.map(({ principal, access, status, actual, entitled, reasons, dispositions }) => ({
        principal: principalToJson(principal, access),
        status,
        actual: reachToJson(actual),
        entitled: entitled && reachToJson(entitled),
        reasons: reasons.map(reasonToJson),
        dispositions: dispositions.map(dispositionToJson),
      })),
    })),
  };
}
