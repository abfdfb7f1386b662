import type { ResourceType } from '../../core/domain/account/resource.ts';
import {
  type AccessShift,
  type ComparedResource,
  type ComparedStatus,
  type Comparison,
  isSameEverywhere,
  type KnownLevel,
  type LevelTimeline,
  type Risk,
  type SilentReason,
  type StatusChange,
  type StatusOutcome,
  type TermChange,
} from '../../core/domain/answer/comparison.ts';
import { lazyList } from '../../core/domain/answer/lazy-list.ts';
import type { Refusal } from '../../core/domain/plan/plan.ts';
import {
  deferredToJson,
  type LeftBehindJson,
  leftBehindToJson,
  type PlanJson,
  unmanageableToJson,
} from '../plan/json.ts';
import {
  type CauseJson,
  causeToJson,
  type LevelJson,
  levelToJson,
  momentToJson,
  type NoticeJson,
  nameToJson,
  noticeToJson,
  type PrincipalJson,
  principalToJson,
} from '../words/json.ts';
import { type ComparisonCounts, countShifts } from './headline.ts';

/** The version of the format; another one means another shape. */
const COMPARISON_JSON_VERSION = 1;

type ItemOf<List> = List extends Iterable<infer Item> ? Item : never;

type NameJson = ReturnType<typeof nameToJson>;

interface ComparedJson {
  readonly label: string;
  readonly except: readonly string[];
  readonly type: ResourceType | null;
  readonly id: number | null;
}

interface KnownJson {
  readonly level: LevelJson;
  readonly perhaps: { readonly level: LevelJson; readonly by: string } | null;
}

interface CourseJson {
  readonly now: LevelJson;
  readonly steps: readonly { readonly at: string | null; readonly level: LevelJson }[];
}

/** A comparison as JSON (schemas/compare.v1.schema.json). What is `Iterable` is made anew whenever it is read. */
export interface ComparisonJson {
  readonly version: typeof COMPARISON_JSON_VERSION;
  readonly account: number;
  readonly at: string | null;
  readonly basis: Comparison['basis'];
  readonly mode: Comparison['mode'];
  readonly isPaused: boolean;
  readonly isSame: boolean;
  readonly counts: ComparisonCounts;
  readonly terms: readonly TermChange[];
  readonly shifts: Iterable<{
    readonly risk: Risk;
    readonly name: NameJson;
    readonly principal: PrincipalJson | null;
    readonly resource: ComparedJson;
    readonly before: KnownJson;
    readonly after: KnownJson;
    readonly below: number;
    readonly was: readonly CauseJson[];
    readonly now: readonly CauseJson[];
  }>;
  readonly statuses: Iterable<{
    readonly name: NameJson;
    readonly before: ComparedStatus;
    readonly after: ComparedStatus;
    readonly outcome: StatusOutcome;
    readonly gave: readonly { readonly resource: ComparedJson; readonly level: 'viewer' | 'admin' }[];
  }>;
  readonly ahead: Iterable<{
    readonly risk: Risk | null;
    readonly name: NameJson;
    readonly resource: ComparedJson;
    readonly before: CourseJson;
    readonly after: CourseJson;
  }>;
  readonly silent: Iterable<{
    readonly why: SilentReason;
    readonly name: NameJson;
    readonly resource: ComparedJson;
    readonly before: CourseJson;
    readonly after: CourseJson;
  }>;
  readonly refusals: readonly Refusal[];
  readonly deferred: PlanJson['deferred'];
  readonly unmanageable: PlanJson['unmanageable'];
  readonly notices: readonly NoticeJson[];
  readonly leftBehind: LeftBehindJson | null;
}

/** Every list in the order of the comparison; nothing is shortened. */
export function comparisonToJson(comparison: Comparison): ComparisonJson {
  const { account, at, basis, mode, isPaused, terms, shifts, statuses, ahead, silent, obstacles, leftBehind } =
    comparison;
  return {
    version: COMPARISON_JSON_VERSION,
    account,
    at: momentToJson(at),
    basis,
    mode: { before: mode.before, after: mode.after },
    isPaused,
    isSame: isSameEverywhere(comparison),
    counts: countShifts(comparison),
    terms: terms.map(({ term, effect, what, means }) => ({ term, effect, what, means })),
    shifts: lazyList(shifts, shiftToJson),
    statuses: lazyList(statuses, statusToJson),
    ahead: lazyList(ahead, ({ risk, ...one }) => ({ risk, ...coursesToJson(one) })),
    silent: lazyList(silent, ({ why, ...one }) => ({ why, ...coursesToJson(one) })),
    refusals: obstacles.refusals.map(({ rule, message, remedy }) => ({ rule, message, remedy })),
    deferred: obstacles.deferred.map(deferredToJson),
    unmanageable: obstacles.unmanageable.map(unmanageableToJson),
    notices: obstacles.notices.map(noticeToJson),
    leftBehind: leftBehind && leftBehindToJson(leftBehind),
  };
}

function shiftToJson(shift: AccessShift): ItemOf<ComparisonJson['shifts']> {
  return {
    risk: shift.risk,
    name: nameToJson(shift.name),
    principal: shift.principal && principalToJson(shift.principal, shift.access),
    resource: resourceToJson(shift.resource),
    before: knownToJson(shift.before),
    after: knownToJson(shift.after),
    below: shift.below,
    was: shift.was.map(causeToJson),
    now: shift.now.map(causeToJson),
  };
}

function statusToJson({ name, before, after, outcome, gave }: StatusChange): ItemOf<ComparisonJson['statuses']> {
  return {
    name: nameToJson(name),
    before,
    after,
    outcome,
    gave: gave.map(({ resource, level }) => ({ resource: resourceToJson(resource), level })),
  };
}

function coursesToJson({
  name,
  resource,
  before,
  after,
}: Pick<Comparison['ahead'][number], 'name' | 'resource' | 'before' | 'after'>) {
  return {
    name: nameToJson(name),
    resource: resourceToJson(resource),
    before: courseToJson(before),
    after: courseToJson(after),
  };
}

function resourceToJson({ label, except, id }: ComparedResource): ComparedJson {
  return { label, except, type: id?.type ?? null, id: id?.id ?? null };
}

function knownToJson({ level, perhaps }: KnownLevel): KnownJson {
  return {
    level: levelToJson(level),
    perhaps: perhaps && { level: levelToJson(perhaps.level), by: perhaps.by },
  };
}

function courseToJson({ now, steps }: LevelTimeline): CourseJson {
  return {
    now: levelToJson(now),
    steps: steps.map(({ at, level }) => ({ at: momentToJson(at), level: levelToJson(level) })),
  };
}
