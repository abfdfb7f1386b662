import type { Place } from '../text/problem.ts';

/**
 * Every code of a notice, with its meaning in one line. The list is closed: docs/errors.md has a row for each code, and a
 * test compares both.
 */
export const NOTICE_CODES = {
  'unresolved-name': 'a name of the policy matches no resource, or several',
  'matches-nothing': 'a pattern or id matches no resource that the token can see',
  'beyond-scope': 'a line of a team file means something outside the `may` of that file, and gives nothing',
  'pattern-skips': 'a pattern of a grant matches resources that are ignored or not managed, and skips them',
  'ends-soon': 'a grant ends within 7 days',
  'protected-unmatched': 'nobody in the account has an e-mail that the policy protects',
  'person-unmatched': 'an e-mail of the policy fits nobody in the account, and may be a mistake',
  'protected-renamed': 'somebody had a protected e-mail, and has another one now',
  'maybe-renamed': 'somebody whom no grant names may be a person whom the policy names by another e-mail',
  'email-twice': 'the account contains one e-mail more than once',
  'unproven-token': 'it is not yet confirmed that the access id and the token id of a declared token belong together',
  'touches-excluded': 'a change reaches ignored, observed or unmanaged resources below it',
  'named-with-less': 'grants name an account admin with less, and take account admin away by that',
  'clock-skew': "this machine's clock and the API's differ by over 5 minutes: nothing is written",
  'approval-unused': 'an approval in force covers nothing that is held',
  'approval-ended': 'the approval of a held part has ended, so the part is held again',
  'approval-spent': 'the approval of a held part was used: an approval is good once',
  'approval-refused': 'a part is approved that approvals cannot release, or only the fallback policy approves it',
  paused: 'the policy says `paused: true`: nothing is written',
} as const;

/** One of `NOTICE_CODES`. */
export type NoticeCode = keyof typeof NOTICE_CODES;

/** A finding that only the account can show. It is not a problem of the text, so it never makes the policy invalid. */
export interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
  readonly remedy: string;
  readonly at: Place | null;
  /** The account access that it is about, where it is about one. */
  readonly access?: number;
}

/** Whether it says that somebody may have another e-mail now, so that a person has to decide. */
export function isRename({ code }: Notice): boolean {
  return code === 'protected-renamed' || code === 'maybe-renamed';
}
