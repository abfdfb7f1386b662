import type { ApiPaths } from './resource-types.ts';

/** One request of the API. `route` is its path without the ids, for metrics. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT';
  readonly route: string;
  readonly path: string;
  /** With its question mark, for a later page of a list. */
  readonly query?: string;
  /** JSON text, or null for a request without a body. */
  readonly body: string | null;
}

export interface Routes {
  accounts(): ApiRequest;
  resources(): ApiRequest;
  accesses(): ApiRequest;
  apiTokens(): ApiRequest;
  bulk(access: number, body: string): ApiRequest;
}

/** The paths of one account. The list of accounts is the same in both generations (documented). */
export function toRoutes(account: number, paths: ApiPaths): Routes {
  const open = paths === 'account' ? '/api/accounts/{account_id}' : '/api';
  const toRequest = (rest: string, access: number | null, body: string | null): ApiRequest => {
    const route = `${open}${rest}`;
    const path = route.replace('{account_id}', String(account)).replace('{account_access_id}', String(access));
    return { method: body === null ? 'GET' : 'PUT', route, path, body };
  };
  return {
    accounts: () => ({ method: 'GET', route: '/api/accounts', path: '/api/accounts', body: null }),
    resources: () => toRequest('/permissions/resources', null, null),
    accesses: () => toRequest('/account_accesses', null, null),
    apiTokens: () => toRequest('/api_tokens', null, null),
    bulk: (access, body) => toRequest('/account_accesses/{account_access_id}/permissions/bulk', access, body),
  };
}
