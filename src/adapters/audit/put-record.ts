import { type AccessLevel, LEVEL } from '../../core/domain/account/access-level.ts';
import type { Principal } from '../../core/domain/account/principal.ts';
import type { Cause, Change } from '../../core/domain/plan/plan.ts';
import type { NamedPlace } from '../../core/domain/policy/entitlement.ts';
import type { IntendedPut, PutEnd } from '../../core/domain/run/daemon-ports.ts';
import { ApiError } from '../../core/domain/text/error.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import type { Place } from '../../core/domain/text/problem.ts';
import type {
  AuditApprovalJson,
  AuditCauseJson,
  AuditLevelJson,
  AuditLineJson,
  AuditNamedLineJson,
  AuditPrincipalJson,
  AuditRowJson,
  IntentBody,
  IntentRef,
  OutcomeBody,
} from './audit-record.ts';

/** How much of an error's message is recorded. */
const MESSAGE_CHARACTERS_MAX = 1_000;

/** What grantd is about to write, in the words of the JSON of a plan. */
export function intentBody(put: IntendedPut): IntentBody {
  const { runId, access, changes, revision, planDigest, approved, unnamed, hints } = put;
  const [first] = changes;
  if (first === undefined) throw new TypeError('a PUT without changes');
  return {
    kind: 'intent',
    runId,
    access,
    principal: principalJson(first.principal),
    revision: revision && { sha256: revision.sha256, commit: revision.commit },
    planDigest,
    rows: changes.map(rowJson),
    ...(approved.length === 0 ? {} : { approvals: approved.map(approvalJson) }),
    ...(unnamed && {
      unnamed: unnamed.map(({ resource: { type, id, label }, level }) => ({
        resource: { type, id, label },
        level: levelJson(level),
      })),
    }),
    ...(hints && { hints }),
  };
}

/** Takes single fields of an error and no more, so that nothing of a request gets in. */
export function outcomeBody(intent: IntentRef, { runId, access }: IntendedPut, end: PutEnd): OutcomeBody {
  const about = { kind: 'outcome', intent, runId, access } as const;
  if (end.kind === 'answered') {
    const { status, requestId } = end.receipt;
    return { ...about, sent: 'answered', status, requestId, error: null, mayHaveTakenEffect: true };
  }
  const { error } = end;
  const isOfApi = error instanceof ApiError;
  return {
    ...about,
    sent: 'failed',
    status: isOfApi ? error.request.status : null,
    requestId: isOfApi ? error.request.requestId : null,
    error: { code: error.code, message: error.message.slice(0, MESSAGE_CHARACTERS_MAX) },
    mayHaveTakenEffect: isOfApi ? error.mayHaveTakenEffect : true,
  };
}

function approvalJson({ digest, by }: IntendedPut['approved'][number]): AuditApprovalJson {
  if (by.kind === 'by-hand') return { digest, by: { kind: by.kind, user: by.user } };
  return { digest, by: { kind: by.kind, ...lineJson(by.at), until: instantText(by.until.at) } };
}

function rowJson({ kind, resource: { type, id, label }, before, after, why, cause }: Change): AuditRowJson {
  return {
    kind,
    resource: { type, id, label },
    before: levelJson(before),
    after: levelJson(after),
    why: why.map(causeJson),
    ...(cause && { cause }),
  };
}

function principalJson(principal: Principal): AuditPrincipalJson {
  return principal.kind === 'token'
    ? { kind: principal.kind, name: principal.name, tokenId: principal.tokenId }
    : { kind: principal.kind, email: principal.email };
}

function levelJson(level: AccessLevel): AuditLevelJson {
  switch (level) {
    case LEVEL.none:
      return null;
    case LEVEL.viewer:
      return 'viewer';
    case LEVEL.viewerPlus:
      return 'viewer+';
    case LEVEL.admin:
      return 'admin';
    case LEVEL.owner:
      return 'owner';
    default:
      return level;
  }
}

function causeJson(cause: Cause): AuditCauseJson {
  switch (cause.kind) {
    case 'unlisted':
    case 'offboarded':
      return { kind: cause.kind, ...lineJson(cause.at) };
    case 'not-granted':
      return { kind: cause.kind, ...lineJson(cause.grant), groups: cause.groups.map(namedLineJson) };
    default:
      return {
        kind: cause.kind,
        ...lineJson(cause.grant),
        resource: cause.resource,
        level: cause.level,
        role: cause.role && namedLineJson(cause.role),
        groups: cause.groups.map(namedLineJson),
        otherPaths: cause.otherPaths,
        reason: cause.reason,
        until: cause.until && instantText(cause.until.at),
        endedBy: cause.endedBy && lineJson(cause.endedBy),
      };
  }
}

function lineJson({ file, line }: Place): AuditLineJson {
  return { file, line };
}

function namedLineJson({ name, at }: NamedPlace): AuditNamedLineJson {
  return { name, ...lineJson(at) };
}
