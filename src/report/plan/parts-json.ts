import type { GrantLevel } from '../../core/domain/account/access-level.ts';
import type { Principal, PrincipalName } from '../../core/domain/account/principal.ts';
import type { ResourceType } from '../../core/domain/account/resource.ts';
import type { Notice } from '../../core/domain/plan/notice.ts';
import type {
  ApprovedPart,
  Cause,
  Change,
  ChangeKind,
  GuardRule,
  HeldPart,
  PlanResource,
} from '../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import { type Instant, instantText, type WrittenInstant } from '../../core/domain/text/instant.ts';
import type { Place } from '../../core/domain/text/problem.ts';
import { type LevelJson, levelToJson } from '../words/level-json.ts';

/** A line of the policy. */
export interface LineJson {
  readonly file: string;
  readonly line: number;
}

export interface NamedLineJson extends LineJson {
  readonly name: string;
}

/** `access` is the account access id; it is left out where nothing tells it. */
export type PrincipalJson = { readonly access?: number } & (
  | { readonly kind: 'user' | 'invite'; readonly email: string }
  | { readonly kind: 'token'; readonly name: string; readonly tokenId: number }
);

export interface ResourceJson {
  readonly type: ResourceType;
  readonly id: number;
  readonly label: string;
}

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

export interface ChangeJson {
  readonly kind: ChangeKind;
  readonly principal: PrincipalJson;
  readonly resource: ResourceJson;
  readonly before: LevelJson;
  readonly after: LevelJson;
  readonly why: readonly CauseJson[];
}

export interface HeldJson {
  readonly digest: string;
  readonly principal: PrincipalJson;
  readonly rules: readonly GuardRule[];
  readonly changes: readonly ChangeJson[];
  readonly approve: string | null;
}

export interface ApprovedJson extends Omit<HeldJson, 'approve'> {
  readonly isBegun: boolean;
  readonly by: { readonly kind: 'by-hand' } | (LineJson & { readonly kind: 'policy'; readonly until: string | null });
}

export interface NoticeJson {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly at: LineJson | null;
}

export function lineToJson({ file, line }: Place): LineJson {
  return { file, line };
}

export function namedLineToJson({ name, at }: NamedPlace): NamedLineJson {
  return { name, ...lineToJson(at) };
}

export function principalToJson(principal: Principal, access: number | null): PrincipalJson {
  const id = access === null ? {} : { access };
  return principal.kind === 'token'
    ? { kind: principal.kind, name: principal.name, tokenId: principal.tokenId, ...id }
    : { kind: principal.kind, email: principal.email, ...id };
}

/** A name as a policy says it: an e-mail, or the name of a token. */
export function nameToJson(name: PrincipalName): { readonly email: string } | { readonly token: string } {
  return 'email' in name ? { email: name.email } : { token: name.token };
}

export function resourceToJson({ type, id, label }: PlanResource): ResourceJson {
  return { type, id, label };
}

export function momentToJson(moment: WrittenInstant | Instant | null): string | null {
  if (moment === null) return null;
  return instantText(typeof moment === 'number' ? moment : moment.at);
}

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

export function changeToJson({ kind, principal, access, resource, before, after, why }: Change): ChangeJson {
  return {
    kind,
    principal: principalToJson(principal, access),
    resource: resourceToJson(resource),
    before: levelToJson(before),
    after: levelToJson(after),
    why: why.map(causeToJson),
  };
}

export function heldToJson(part: HeldPart): HeldJson {
  return { ...partToJson(part), approve: part.approve };
}

export function approvedToJson(part: ApprovedPart): ApprovedJson {
  const { by, isBegun } = part;
  return {
    ...partToJson(part),
    isBegun,
    by:
      by.kind === 'by-hand'
        ? { kind: by.kind }
        : { kind: by.kind, ...lineToJson(by.at), until: momentToJson(by.until) },
  };
}

function partToJson({ digest, principal, rules, changes }: Omit<HeldPart, 'approve'>): Omit<HeldJson, 'approve'> {
  return {
    digest,
    principal: principalToJson(principal, changes[0]?.access ?? null),
    rules,
    changes: changes.map(changeToJson),
  };
}

export function noticeToJson({ code, message, remedy, at }: Notice): NoticeJson {
  return { code, message, remedy, at: at && lineToJson(at) };
}
