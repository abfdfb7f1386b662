import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { ApiRequest } from './wire/routes.ts';

const TOKEN_PLACE = 'MAILTRAP_API_TOKEN or the file in MAILTRAP_API_TOKEN_FILE';
const STATUS_PAGE = 'https://status.mailtrap.io';

/** The code of an answer that is no success. */
export function codeForStatus(status: number): ErrorCode {
  if (status < 400) return 'api-redirect';
  if (status >= 500) return 'api-server-error';
  switch (status) {
    case 401:
      return 'api-unauthorized';
    case 403:
      return 'api-forbidden';
    case 404:
      return 'api-not-found';
    case 429:
      return 'api-rate-limited';
    default:
      return 'api-rejected';
  }
}

/** What to do about a request that failed, for somebody who has to do it now. `said` is what the API said. */
export function remedyFor(code: ErrorCode, request: ApiRequest, said: string): string {
  switch (code) {
    case 'api-unauthorized':
      return `Look at ${TOKEN_PLACE}: the token may be mistyped, expired, reset or deleted. If it is the right one, it lacks a right: in Mailtrap under Settings, API Tokens, make it admin of the account.`;
    case 'api-forbidden':
      return forbiddenRemedy(said);
    case 'api-not-found':
      return notFoundRemedy(request);
    case 'api-rejected':
      return rejectedRemedy(request);
    case 'api-rate-limited':
      return 'Something else uses the same token (150 requests per 10 s are shared by all of it): give grantd a token of its own, or run it less often.';
    case 'api-server-error':
      return `Mailtrap has a fault; look at ${STATUS_PAGE}. The next run tries again.`;
    case 'api-redirect':
      return 'A redirect is never followed, because it could carry the token away. Set GRANTD_API_URL to the address that answers itself, and look for a proxy or a sign-in page in between.';
    case 'api-timeout':
      return `Look at the network and the proxy between here and Mailtrap, and at ${STATUS_PAGE}. The next run tries again.`;
    case 'api-unreachable':
      return 'Look at the network from here: DNS, firewall, network policy, HTTPS_PROXY and NO_PROXY, and GRANTD_API_URL. A certificate of your own goes into NODE_EXTRA_CA_CERTS.';
    case 'api-malformed':
      return 'Nothing of it was used. If a proxy or a sign-in page answers in place of Mailtrap, let grantd pass; if Mailtrap itself does, its API has changed: report it with this message.';
    default:
      return 'The next run starts anew.';
  }
}

function forbiddenRemedy(said: string): string {
  if (/plan/i.test(said)) {
    return "The account's Mailtrap plan does not include this part of the API. Ask Mailtrap or change the plan; until then grantd cannot work on this account.";
  }
  return `The token in ${TOKEN_PLACE} is not admin here: make it admin of the account in Mailtrap under Settings, API Tokens, and see that the account of the policy is the one it was made in.`;
}

function notFoundRemedy({ method }: ApiRequest): string {
  if (method === 'PUT') {
    return 'This account access is gone: the person left, or the invite was accepted or withdrawn. The next run reads the list anew. If it is the `access` of an entry under `tokens`, correct it in the policy.';
  }
  return 'See that `account` in the policy is the account of the token, and that GRANTD_API_PATHS fits: `account` where the id stands in the path, `token` where the token implies it.';
}

function rejectedRemedy({ method }: ApiRequest): string {
  if (method === 'GET')
    return 'See that GRANTD_API_URL and GRANTD_API_PATHS are right, and what a proxy in between makes of it.';
  return 'What the API says tells which row it refuses. The next run reads the account anew and writes what is left; if it refuses again, take that grant out of the policy and report it.';
}
