import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { ApiRequest } from './wire/routes.ts';

const TOKEN_PLACE = 'MAILTRAP_API_TOKEN or the file in MAILTRAP_API_TOKEN_FILE';
const MALFORMED =
  'If a proxy or a sign-in page answers instead of Mailtrap, let grantd pass. If the message names an account access or an API token, correct or remove it in Mailtrap. Otherwise the API of Mailtrap has changed: report it with this message.';
const NOTHING_MEANWHILE =
  'Until grantd can read this, it writes nothing to the account: even access that ends meanwhile stays.';
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

/** What to do now about a request that failed. `said` is what the API said. */
export function remedyFor(code: ErrorCode, request: ApiRequest, said: string): string {
  const { method } = request;
  switch (code) {
    case 'api-unauthorized':
      return `Check ${TOKEN_PLACE}: Mailtrap does not know this token. It may be mistyped, expired, reset or deleted; Mailtrap lists the tokens under Settings, API Tokens.`;
    case 'api-forbidden':
      return forbiddenRemedy(said);
    case 'api-not-found':
      return notFoundRemedy(request);
    case 'api-rejected':
      return rejectedRemedy(request);
    case 'api-rate-limited':
      return 'Something else uses the same token (150 requests per 10 s are shared by all of it): give grantd a token of its own, or run it less often.';
    case 'api-server-error':
      return `Mailtrap failed; see ${STATUS_PAGE}. The next run tries again.`;
    case 'api-redirect':
      return 'grantd never follows a redirect, because it could carry the token away. Set GRANTD_API_URL to the final address, and look for a proxy or a sign-in page in between.';
    case 'api-timeout':
      return `Check the network and the proxy between here and Mailtrap, and ${STATUS_PAGE}. The next run tries again.`;
    case 'api-unreachable':
      return 'Check the network from here: DNS, firewall, network policy, HTTPS_PROXY and NO_PROXY, and GRANTD_API_URL. Put a certificate of your own into NODE_EXTRA_CA_CERTS.';
    case 'api-malformed':
      return method === 'GET' ? `${NOTHING_MEANWHILE} ${MALFORMED}` : MALFORMED;
    default:
      return 'The next run tries again.';
  }
}

function forbiddenRemedy(said: string): string {
  if (/plan/i.test(said)) {
    return "The account's Mailtrap plan does not include this part of the API. Ask Mailtrap or change the plan; until then grantd cannot work on this account.";
  }
  return `The token in ${TOKEN_PLACE} is not admin here: make it admin of the account in Mailtrap under Settings, API Tokens, and check that the policy names the account in which the token was made.`;
}

function notFoundRemedy({ method }: ApiRequest): string {
  if (method === 'PUT') {
    return 'This account access is gone: the person left, or the invite was accepted or withdrawn. The next run reads the list again. If it is the `access` of an entry under `tokens`, correct it in the policy.';
  }
  return 'Check that `account` in the policy is the account of the token, and that GRANTD_API_PATHS fits: `account` if the path contains the id, `token` if the token implies it.';
}

function rejectedRemedy({ method }: ApiRequest): string {
  if (method === 'GET')
    return 'Check GRANTD_API_URL and GRANTD_API_PATHS, and whether a proxy in between changes the request.';
  return 'The message of the API names the row that it refuses. The next run reads the account again and writes the rest. If the API refuses the row again, remove that grant from the policy and report it.';
}
