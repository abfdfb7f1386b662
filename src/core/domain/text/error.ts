/**
 * Every code a thrown error may carry, with one line on what it means. The list is closed: docs/errors.md has a row for
 * each, and a test compares both ways.
 */
export const ERROR_CODES = {
  'api-unreachable': 'no answer: the connection failed',
  'api-timeout': 'no whole answer within the time limit',
  'api-unauthorized': '401: the token is wrong, or lacks a right',
  'api-forbidden': '403: the token may not do this',
  'api-not-found': '404: the account or the account access does not exist',
  'api-rejected': 'another 4xx: the API refused the request',
  'api-rate-limited': '429 still, after all tries',
  'api-server-error': '5xx still, after all tries',
  'api-redirect': 'a redirect, which is never followed',
  'api-malformed': 'an answer that cannot be read as what it should be',
  'wrong-account': 'the token does not administer the account of the policy',
  'empty-read': 'a list that cannot be empty came back empty',
  'clock-skew': "this machine's clock and the API's differ by over 5 minutes",
  'nothing-writable': 'no account access may be updated with this token, or it is no account admin',
  'policy-unreadable': 'the policy file cannot be read',
  'snapshot-unreadable': 'the snapshot cannot be read, or is of another account',
  'plan-unreadable': 'the plan file cannot be read',
  'file-unwritable': 'an output file cannot be written',
  'state-unwritable': 'the state cannot be written: what grantd remembers lasts only as long as the process',
  'audit-unwritable': 'the audit log cannot be written: nothing is written to the account meanwhile',
  'account-conflict': 'the policy is for another account than before, or for one that another policy keeps',
  'lease-lost': 'the Lease of the account is not held here any more: the write did not begin',
  'lease-taken': 'another replica holds the Lease of the account and writes to it',
  'cluster-unreachable': 'no whole answer of the Kubernetes API',
  'cluster-refused': 'the Kubernetes API refused: a right is missing, or the request does not fit',
  'cluster-malformed': 'an answer of the Kubernetes API that cannot be read as what it should be',
  'http-unavailable': 'the HTTP address cannot be listened on',
  'notify-unusable': 'the address or the secret of a notification target cannot be used',
  fault: 'grantd itself has a fault; what it was doing was given up',
  'run-timeout': 'the run took longer than it may, and was ended',
  stopped: 'the run was asked to stop',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The base of everything grantd throws on purpose: a stable code, a sentence, and what to do about it. */
export class GrantdError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GrantdError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** What is known of the request that an `ApiError` tells about. Holds no header and no body, so no secret. */
export interface FailedRequest {
  readonly method: string;
  /** The path with ids, without host and query. */
  readonly path: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly requestId: string | null;
  /** How many times it was sent. */
  readonly tries: number;
}

/** A request to Mailtrap that failed, after all the tries that were safe. */
export class ApiError extends GrantdError {
  readonly request: FailedRequest;
  /** False only where the API surely did not act on the request, so that nothing may have changed. */
  readonly mayHaveTakenEffect: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    remedy: string,
    request: FailedRequest & { readonly mayHaveTakenEffect: boolean },
    cause?: unknown,
  ) {
    super(code, message, remedy, cause);
    this.name = 'ApiError';
    const { mayHaveTakenEffect, ...rest } = request;
    this.request = rest;
    this.mayHaveTakenEffect = mayHaveTakenEffect;
  }
}
