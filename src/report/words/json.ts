import { type AccessLevel, type GrantLevel, LEVEL } from '../../core/domain/account/access-level.ts';
import { type Principal, type PrincipalName, writtenName } from '../../core/domain/account/principal.ts';
import type { ResourceType } from '../../core/domain/account/resource.ts';
import { approvalLine } from '../../core/domain/plan/approval-text.ts';
import type { ChangeCause } from '../../core/domain/plan/change-cause.ts';
import type { Notice } from '../../core/domain/plan/notice.ts';
import type { ApprovedPart, Cause, Change, ChangeKind, GuardRule, HeldPart } from '../../core/domain/plan/plan.ts';
import type { PlanResource } from '../../core/domain/plan/plan-resource.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import { type Instant, instantText, type WrittenInstant } from '../../core/domain/text/instant.ts';
import type { Place } from '../../core/domain/text/problem.ts';

/** A level in JSON: its word, null for no row, and the number of an undocumented level. */
export type LevelJson = 'viewer' | 'viewer+' | 'admin' | 'owner' | number | null;

const WORDS: ReadonlyMap<AccessLevel, LevelJson> = new Map<AccessLevel, LevelJson>([
  [LEVEL.none, null],
  [LEVEL.viewer, 'viewer'],
  [LEVEL.viewerPlus, 'viewer+'],
  [LEVEL.admin, 'admin'],
  [LEVEL.owner, 'owner'],
]);

const LEVELS: ReadonlyMap<unknown, AccessLevel> = new Map([...WORDS].map(([level, word]) => [word, level]));

/** 0 is null, 10 `viewer`, 50 `viewer+`, 100 `admin`, 1000 `owner`; any other level is its number. */
export function levelToJson(level: AccessLevel): LevelJson {
  const word = WORDS.get(level);
  return word === undefined ? level : word;
}

/** The level that `levelToJson` writes as this value, or null if it never writes it. */
export function levelFromJson(value: unknown): AccessLevel | null {
  const level = LEVELS.get(value);
  if (level !== undefined) return level;
  return typeof value === 'number' && Number.isSafeInteger(value) && !WORDS.has(value) ? value : null;
}

/** A line of the policy. */
export interface LineJson {
  readonly file: string;
  readonly line: number;
}

/** A group or a role, and the line of the policy that uses it. */
export interface NamedLineJson extends LineJson {
  readonly name: string;
}

/** A user, invite or token. `access` is the account access id; it is omitted if it is unknown. */
export type PrincipalJson = { readonly access?: number } & (
  | { readonly kind: 'user' | 'invite'; readonly email: string }
  | { readonly kind: 'token'; readonly name: string; readonly tokenId: number }
);

/** A resource: its type and id as in the API, and its name as a policy writes it. */
export interface ResourceJson {
  readonly type: ResourceType;
  readonly id: number;
  readonly label: string;
}

/** One reason for a change. Dates are ISO 8601 in UTC. */
export type CauseJson =
  | (LineJson & {
      readonly kind: 'grant' | 'ended';
      readonly resource: string;
      readonly level: GrantLevel;
      readonly role: NamedLineJson | null;
      readonly groups: readonly NamedLineJson[];
      readonly otherPaths: number;
      readonly reason: string | null;
      readonly until: string | null;
      readonly endedBy: LineJson | null;
    })
  | (LineJson & { readonly kind: 'not-granted'; readonly groups: readonly NamedLineJson[] })
  | (LineJson & { readonly kind: 'offboarded' | 'unlisted' });

/** One row to write: its level before and after, and why. */
export interface ChangeJson {
  readonly kind: ChangeKind;
  readonly principal: PrincipalJson;
  readonly resource: ResourceJson;
  readonly before: LevelJson;
  readonly after: LevelJson;
  readonly why: readonly CauseJson[];
  /** Left out where grantd has no memory of the account. */
  readonly cause?: ChangeCause;
}

/**
 * The changes of one principal that a guard holds. `approvalLine` approves them under `approvals:` of the policy, `approve` is the
 * command that approves them for one run. Both are null if no approval is possible.
 */
export interface HeldJson {
  readonly digest: string;
  readonly principal: PrincipalJson;
  readonly rules: readonly GuardRule[];
  readonly changes: readonly ChangeJson[];
  readonly approvalLine: string | null;
  readonly approve: string | null;
}

type PartJson = Omit<HeldJson, 'approvalLine' | 'approve'>;

/** A part that guards would hold and that someone approved. `isBegun`: what is left of a part that an earlier run began. */
export interface ApprovedJson extends PartJson {
  readonly isBegun: boolean;
  readonly by:
    | { readonly kind: 'by-hand'; readonly user: string | null }
    | (LineJson & { readonly kind: 'policy'; readonly until: string | null });
}

/** Something that only the account can show; `at` is the line of the policy that it concerns. */
export interface NoticeJson {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly at: LineJson | null;
}

/** Omits column and length. */
export function lineToJson({ file, line }: Place): LineJson {
  return { file, line };
}

/** How many lines of one list a document holds. Someone may have thousands of grants. */
const LINES_MOST = 100;

/** The first lines of a list. */
export function linesToJson(places: readonly Place[]): readonly LineJson[] {
  return places.slice(0, LINES_MOST).map(lineToJson);
}

/** The name, then its line. */
export function namedLineToJson({ name, at }: NamedPlace): NamedLineJson {
  return { name, ...lineToJson(at) };
}

/** Without `access` if the account access id is null. */
export function principalToJson(principal: Principal, access: number | null): PrincipalJson {
  const id = access === null ? {} : { access };
  return principal.kind === 'token'
    ? { kind: principal.kind, name: principal.name, tokenId: principal.tokenId, ...id }
    : { kind: principal.kind, email: principal.email, ...id };
}

/** A name as a policy or an account spells it. */
export type NameJson = { readonly email: string } | { readonly token: string };

/** A name as a policy writes it: an e-mail, or the name of a token. */
export function nameToJson(name: PrincipalName): NameJson {
  return 'email' in name ? { email: writtenName(name) } : { token: name.token };
}

/** Keeps nothing but type, id and label. */
export function resourceToJson({ type, id, label }: PlanResource): ResourceJson {
  return { type, id, label };
}

/** A moment as ISO 8601 in UTC; null stays null. */
export function momentToJson(moment: WrittenInstant | Instant | null): string | null {
  if (moment === null) return null;
  return instantText(typeof moment === 'number' ? moment : moment.at);
}

/** Keys in a fixed order, so that equal plans give equal bytes. */
export function causeToJson(cause: Cause): CauseJson {
  switch (cause.kind) {
    case 'offboarded':
    case 'unlisted':
      return { kind: cause.kind, ...lineToJson(cause.at) };
    case 'not-granted':
      return { kind: cause.kind, ...lineToJson(cause.grant), groups: cause.groups.map(namedLineToJson) };
    default:
      return {
        kind: cause.kind,
        ...lineToJson(cause.grant),
        resource: cause.resource,
        level: cause.level,
        role: cause.role && namedLineToJson(cause.role),
        groups: cause.groups.map(namedLineToJson),
        otherPaths: cause.otherPaths,
        reason: cause.reason,
        until: momentToJson(cause.until),
        endedBy: cause.endedBy && lineToJson(cause.endedBy),
      };
  }
}

/** Keys in a fixed order, so that equal plans give equal bytes. */
export function changeToJson({ kind, principal, access, resource, before, after, why, cause }: Change): ChangeJson {
  return {
    kind,
    principal: principalToJson(principal, access),
    resource: resourceToJson(resource),
    before: levelToJson(before),
    after: levelToJson(after),
    why: why.map(causeToJson),
    ...(cause && { cause }),
  };
}

/** The part with its changes. */
export function heldToJson(part: HeldPart): HeldJson {
  return { ...partToJson(part), approvalLine: approvalLine(part), approve: part.approve };
}

/** The part with its changes and who approved it. */
export function approvedToJson(part: ApprovedPart): ApprovedJson {
  const { by, isBegun } = part;
  return {
    ...partToJson(part),
    isBegun,
    by:
      by.kind === 'by-hand'
        ? { kind: by.kind, user: by.user }
        : { kind: by.kind, ...lineToJson(by.at), until: momentToJson(by.until) },
  };
}

function partToJson({ digest, principal, rules, changes }: Omit<HeldPart, 'approvalUntil' | 'approve'>): PartJson {
  return {
    digest,
    principal: principalToJson(principal, changes[0]?.access ?? null),
    rules,
    changes: changes.map(changeToJson),
  };
}

/** The notice with its line, or null. */
export function noticeToJson({ code, message, remedy, at }: Notice): NoticeJson {
  return { code, message, remedy, at: at && lineToJson(at) };
}
