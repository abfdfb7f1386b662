import type { Notice } from '../plan/notice.ts';
import type { Mode } from '../policy/policy.ts';
import type { Revision } from '../policy/revision.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { ExplainedAccess, ExplainedResource, NamedGrants } from './explanation.ts';

/** Where a review got the account from: the API, or a snapshot file, identified by its hash. */
export type ReviewSource =
  | ({ readonly kind: 'account'; readonly apiUrl: string } & ReadAt)
  | ({ readonly kind: 'snapshot'; readonly file: string; readonly sha256: string } & ReadAt);

/** When the account was read. Absent if that is the moment for which all dates are evaluated. */
interface ReadAt {
  readonly readAt?: Instant;
}

/** The inputs of a review, so that it can be filed as evidence: the policy, the account data and the program. */
export interface ReviewOrigin {
  readonly source: ReviewSource;
  readonly policy: { readonly file: string; readonly revision: Revision };
  /** The version of grantd. */
  readonly version: string;
}

/** What a reviewer must know about a principal. docs/review.md has a row for each mark, and a test compares them. */
export const HOLDER_MARKS = {
  owner: 'an owner; only Mailtrap itself can change their access',
  'account-admin': 'admin of the whole account',
  organization: 'has a role in the organization, which reaches the whole account; only Mailtrap changes it',
  protected: 'the policy never lowers or removes them',
  ignored: 'the policy never touches them',
  observed: 'the policy plans their changes, and grantd never writes them',
  unlisted: 'no grant names them, and they have a row that this policy may write or observes',
  offboarded: 'their `ends` has passed',
  idle: 'has no access, and still uses a member seat',
  'own-token': "grantd's own token, which it never changes",
  expired: 'the token has expired',
  unreadable: 'its rows cannot be read, so its access is unknown',
} as const;

/** One of `HOLDER_MARKS`. */
export type HolderMark = keyof typeof HOLDER_MARKS;

/** What a reviewer must know about one line. docs/review.md has a row for each finding, and a test compares them. */
export const ENTRY_FINDINGS = {
  'not-granted': 'has more than the policy grants',
  missing: 'has less than the policy grants',
  'ended-still-there': 'a grant that has ended gave it, and they still have it',
  redundant: 'their own row here gives nothing beyond what is granted',
  unmanageable: 'it differs from the policy, and grantd can never write it',
  waiting: 'the change is deferred, because something it relies on is in doubt',
  'held-by-guard': 'a guard holds the change',
  observed: 'the change is observed: planned, and never written',
  'not-shown': "grantd's token does not see the resource, so what lies above and below it is unknown",
  'perhaps-more': 'the row of the account may give more here; Mailtrap does not document whether it does',
} as const;

/** One of `ENTRY_FINDINGS`. */
export type EntryFinding = keyof typeof ENTRY_FINDINGS;

/** Whether the policy names a principal now, later, or not at all. */
export type ReviewStatus = 'named' | 'upcoming' | 'not-named';

/** One line of a review: one principal on one resource. */
export interface ReviewEntry extends ExplainedResource {
  /** The period in which the policy grants the present level. Null where it has no start or no end. */
  readonly since: WrittenInstant | null;
  readonly until: WrittenInstant | null;
  readonly findings: readonly EntryFinding[];
}

/** Everything that one principal has or is entitled to. */
export interface ReviewHolder extends Omit<ExplainedAccess, 'resources'> {
  readonly status: ReviewStatus;
  readonly marks: readonly HolderMark[];
  /** When a token expires. Null if it does not, and for people. */
  readonly expiresAt: Instant | null;
  readonly entries: readonly ReviewEntry[];
}

/** The totals for the first page of a review. */
export interface ReviewCounts {
  readonly users: number;
  readonly invites: number;
  readonly tokens: number;
  /** Account admins and owners, users only. */
  readonly admins: number;
  readonly entries: number;
  readonly marks: Readonly<Record<HolderMark, number>>;
  readonly findings: Readonly<Record<EntryFinding, number>>;
}

/** Who has what in an account, by which grants, why and until when: the evidence of an access review. */
export interface AccessReview extends ReviewOrigin {
  readonly account: number;
  /** The moment for which all dates are evaluated. */
  readonly asOf: Instant;
  readonly mode: Mode;
  /** Only access that ends up to this moment is listed. Null: everything is. */
  readonly endingBy: Instant | null;
  readonly counts: ReviewCounts;
  /** People by e-mail, tokens last. Made anew whenever it is read, since all lines of a large account take a lot of memory. */
  readonly holders: Iterable<ReviewHolder>;
  /** Principals that the policy names and that are not in the account. */
  readonly absent: readonly NamedGrants[];
  /** Grants that have not begun, for any principal. */
  readonly ahead: readonly NamedGrants[];
  readonly notices: readonly Notice[];
}
