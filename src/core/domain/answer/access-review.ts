import type { Notice } from '../plan/notice.ts';
import type { Mode } from '../policy/policy.ts';
import type { Revision } from '../policy/revision.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { ExplainedAccess, ExplainedResource, NamedGrants } from './explanation.ts';

/** Where the account of a review came from: read over the API, or a snapshot, named by the hash of its file. */
export type ReviewSource =
  | { readonly kind: 'account'; readonly apiUrl: string }
  | { readonly kind: 'snapshot'; readonly file: string; readonly sha256: string };

/** What a review was made from, so that it can be filed: which policy, which account data, by which program. */
export interface ReviewOrigin {
  readonly source: ReviewSource;
  readonly policy: { readonly file: string; readonly revision: Revision };
  /** The version of grantd. */
  readonly version: string;
}

/** What a reviewer must know of somebody as a whole; docs/review.md has a row for each, and a test compares. */
export const HOLDER_MARKS = {
  owner: 'an owner, whom nothing but Mailtrap itself can change',
  'account-admin': 'admin of the whole account',
  protected: 'the policy never lowers or removes them',
  ignored: 'the policy never touches them',
  unlisted: 'no grant names them, and they have a row that this policy may write',
  offboarded: 'their `ends` has passed',
  idle: 'has nothing; a member still uses a seat',
  'own-token': "grantd's own token, which it never changes",
  expired: 'the token has expired',
  unreadable: 'its rows cannot be read, so its access is unknown',
} as const;

export type HolderMark = keyof typeof HOLDER_MARKS;

/** What a reviewer must know of one line; docs/review.md has a row for each, and a test compares. */
export const ENTRY_FINDINGS = {
  'not-granted': 'has more than the policy grants',
  missing: 'has less than the policy grants',
  'ended-still-there': 'a grant that has ended gave it, and it is still there',
  redundant: 'their own row here gives nothing beyond what is granted',
  unmanageable: 'it differs from the policy, and grantd can never write it',
  waiting: 'a change waits, because something it relies on is in doubt',
  'held-by-guard': 'a guard holds the change',
  'not-shown': "grantd's token does not see the resource, so what lies above and below it is unknown",
  'perhaps-more': 'the row of the account may give more here: Mailtrap does not document whether it does',
} as const;

export type EntryFinding = keyof typeof ENTRY_FINDINGS;

/** How somebody stands in the policy. */
export type ReviewStatus = 'named' | 'upcoming' | 'not-named';

/** One line of a review: one principal on one resource. */
export interface ReviewEntry extends ExplainedResource {
  /** From when to when the policy grants the level that it grants now; null for no such date. */
  readonly since: WrittenInstant | null;
  readonly until: WrittenInstant | null;
  readonly findings: readonly EntryFinding[];
}

/** Everything that one principal holds or is granted. */
export interface ReviewHolder extends Omit<ExplainedAccess, 'resources'> {
  readonly status: ReviewStatus;
  readonly marks: readonly HolderMark[];
  /** When a token ends by itself; null where it does not, and for people. */
  readonly expiresAt: Instant | null;
  readonly entries: readonly ReviewEntry[];
}

/** How many there are of each, for the first page of a review. */
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

/** Who holds what in an account, by which grants, why and until when: the evidence of an access review. */
export interface AccessReview extends ReviewOrigin {
  readonly account: number;
  /** The moment that dates are judged at. */
  readonly asOf: Instant;
  readonly mode: Mode;
  readonly counts: ReviewCounts;
  /** People by e-mail, tokens last. */
  readonly holders: readonly ReviewHolder[];
  /** Whom the policy names and the account does not have. */
  readonly absent: readonly NamedGrants[];
  /** Grants that have not begun, whoever they are for. */
  readonly ahead: readonly NamedGrants[];
  readonly notices: readonly Notice[];
}
