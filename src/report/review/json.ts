import type {
  AccessReview,
  EntryFinding,
  HolderMark,
  ReviewCounts,
  ReviewEntry,
  ReviewHolder,
  ReviewSource,
  ReviewStatus,
} from '../../core/domain/answer/access-review.ts';
import type { NamedGrants } from '../../core/domain/answer/explanation.ts';
import { lazyList } from '../../core/domain/answer/lazy-list.ts';
import type { Mode } from '../../core/domain/policy/policy.ts';
import {
  type DispositionJson,
  dispositionToJson,
  type GrantJson,
  grantToJson,
  type ReachJson,
  type ReasonJson,
  reachToJson,
  reasonToJson,
} from '../explanation/json.ts';
import {
  type LevelJson,
  levelToJson,
  momentToJson,
  type NoticeJson,
  nameToJson,
  noticeToJson,
  type PrincipalJson,
  principalToJson,
  type ResourceJson,
  resourceToJson,
} from '../words/json.ts';

/** The version of the format; another one means another shape. */
const REVIEW_JSON_VERSION = 1;

interface EntryJson {
  readonly resource: ResourceJson;
  readonly entitled: ReachJson;
  readonly actual: ReachJson;
  readonly row: LevelJson;
  readonly since: string | null;
  readonly until: string | null;
  readonly findings: readonly EntryFinding[];
  readonly reasons: readonly ReasonJson[];
  readonly dispositions: readonly DispositionJson[];
}

interface HolderJson {
  readonly principal: PrincipalJson;
  readonly status: ReviewStatus;
  readonly marks: readonly HolderMark[];
  readonly excluded: ReviewHolder['excluded'];
  readonly expiresAt: string | null;
  readonly entries: readonly EntryJson[];
}

interface NamedGrantsJson {
  readonly name: { readonly email: string } | { readonly token: string };
  readonly grants: readonly GrantJson[];
}

type SourceJson = Omit<ReviewSource, 'readAt'> & { readonly readAt?: string | null };

/** An access review as JSON (schemas/review.v1.schema.json). */
export interface ReviewJson {
  readonly version: typeof REVIEW_JSON_VERSION;
  readonly account: number;
  readonly asOf: string | null;
  readonly mode: Mode;
  readonly endingBy: string | null;
  readonly source: SourceJson;
  readonly policy: { readonly file: string; readonly sha256: string; readonly commit: string | null };
  readonly grantd: string;
  readonly counts: ReviewCounts;
  /** Made anew whenever it is read. */
  readonly holders: Iterable<HolderJson>;
  readonly absent: readonly NamedGrantsJson[];
  readonly ahead: readonly NamedGrantsJson[];
  readonly notices: readonly NoticeJson[];
}

/** Everything in the review, in its order. */
export function reviewToJson(review: AccessReview): ReviewJson {
  const { policy, account, asOf, mode, source, version, counts } = review;
  return {
    version: REVIEW_JSON_VERSION,
    account,
    asOf: momentToJson(asOf),
    mode,
    endingBy: momentToJson(review.endingBy),
    source: sourceToJson(source),
    policy: { file: policy.file, sha256: policy.revision.sha256, commit: policy.revision.commit },
    grantd: version,
    counts,
    holders: lazyList(review.holders, holderToJson),
    absent: review.absent.map(namedToJson),
    ahead: review.ahead.map(namedToJson),
    notices: review.notices.map(noticeToJson),
  };
}

function sourceToJson({ readAt, ...source }: ReviewSource): SourceJson {
  return readAt === undefined ? source : { ...source, readAt: momentToJson(readAt) };
}

function holderToJson({ principal, access, status, marks, excluded, expiresAt, entries }: ReviewHolder): HolderJson {
  return {
    principal: principalToJson(principal, access),
    status,
    marks,
    excluded,
    expiresAt: momentToJson(expiresAt),
    entries: entries.map(entryToJson),
  };
}

function entryToJson(entry: ReviewEntry): EntryJson {
  return {
    resource: resourceToJson(entry.resource),
    entitled: reachToJson(entry.entitled),
    actual: reachToJson(entry.actual),
    row: levelToJson(entry.row),
    since: momentToJson(entry.since),
    until: momentToJson(entry.until),
    findings: entry.findings,
    reasons: entry.reasons.map(reasonToJson),
    dispositions: entry.dispositions.map(dispositionToJson),
  };
}

function namedToJson({ name, grants }: NamedGrants): NamedGrantsJson {
  return { name: nameToJson(name), grants: grants.map(grantToJson) };
}
