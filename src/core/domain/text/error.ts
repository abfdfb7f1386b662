/**
 * Every code of a thrown error, with its meaning in one line. The list is closed: docs/errors.md has a row for each code,
 * and a test compares both.
 */
export const ERROR_CODES = {
  'api-unreachable': 'no answer: the connection failed',
  'api-timeout': 'no complete answer within the time limit',
  'api-unauthorized': '401: Mailtrap does not know the token, or the token cannot be written in a header',
  'api-forbidden': '403: the token may not do this, or the Mailtrap plan does not include it',
  'api-not-found': '404: the account or the account access does not exist',
  'api-rejected': 'another 4xx: the API refused the request',
  'api-rate-limited': 'still 429 after four tries, or more than 1000 requests are waiting',
  'api-server-error': 'still 5xx after four tries; grantd sends a write only once',
  'api-redirect': 'the answer was a redirect, which grantd never follows',
  'api-malformed': 'grantd cannot read the answer; the message says where',
  'wrong-account': 'the token does not administer the account of the policy',
  'empty-read': 'a list that cannot be empty came back empty',
  'clock-skew': "this machine's clock and the API's differ by over 5 minutes",
  'nothing-writable': 'this token may not update any account access, or it is not account admin',
  'policy-unreadable': 'grantd cannot read the policy file',
  'snapshot-unreadable': 'grantd cannot read the snapshot, or the snapshot is from another account',
  'plan-unreadable': 'grantd cannot read the plan file',
  'file-unwritable': 'grantd cannot write an output file, or standard output',
  'state-unwritable': 'grantd cannot write its state: it remembers things only until the process ends',
  'state-unreadable': 'grantd cannot read its state, so it does not know what stays held',
  'approval-unfit': 'a digest of `--approve` fits nothing that is held; grantd wrote nothing',
  'put-replaces':
    'a PUT took rows that it did not name; grantd gives them back, and writes nothing more to the account',
  'audit-unwritable': 'grantd cannot write the audit log: until it can, it writes nothing to the account',
  'account-conflict': 'the policy names another account than before, or one that another policy manages',
  'lease-lost': 'this replica no longer leads the account: the write did not begin',
  'lease-taken': 'another replica leads the account and writes to it',
  'cluster-unreachable': 'no complete answer from the Kubernetes API',
  'cluster-refused': 'the Kubernetes API refused: a right is missing, or the request is not valid',
  'cluster-malformed': 'grantd cannot read an answer from the Kubernetes API',
  'http-unavailable': 'grantd cannot listen on the HTTP address',
  'notify-unusable': 'grantd cannot use the address or the secret of a notification target',
  fault: 'internal error: grantd gave up what it was doing',
  'run-timeout': 'a run took longer than `runTimeoutMs`, so grantd ended it',
  stopped: 'the run was asked to stop',
} as const;

/** One of `ERROR_CODES`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The base class of every error that grantd throws on purpose: a stable code, a sentence, and what to do about it. */
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

/** The request that an `ApiError` is about. It contains no header and no body, so no secret. */
export interface FailedRequest {
  readonly method: string;
  /** The path with ids, without host and query. */
  readonly path: string;
  /** Null if no answer came. */
  readonly status: number | null;
  readonly requestId: string | null;
  /** How many times grantd sent it. */
  readonly tries: number;
}

/** A request to Mailtrap that failed after every safe attempt. */
export class ApiError extends GrantdError {
  readonly request: FailedRequest;
  /** False only if the API certainly did not act on the request, so nothing can have changed. */
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
