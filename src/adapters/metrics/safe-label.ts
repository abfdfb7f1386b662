import { STATUS_CODES } from 'node:http';

/** What stands for every value that is none of those a label may have. */
const OTHER = 'other';

/** Why a request is sent again, as the Mailtrap client says it. */
export const RETRY_REASONS = ['rate-limited', 'server-error', 'unreachable', 'timeout'] as const;

/** A path of the API with its ids left open: words, slashes and braces, and no digit. */
const ROUTE = /^(?:\/[a-z_]+|\/\{[a-z_]+\}){1,8}$/;
const COMMIT = /^[0-9a-f]{7,64}$/;

export function methodLabel(method: string): string {
  return method === 'GET' || method === 'PUT' ? method : OTHER;
}

export function routeLabel(route: string): string {
  return ROUTE.test(route) ? route : OTHER;
}

/** A status that HTTP knows; any other number is whatever the other side makes up. */
export function codeLabel(status: number | null): string {
  if (status === null) return 'none';
  return STATUS_CODES[status] === undefined ? OTHER : String(status);
}

export function retryLabel(reason: string): string {
  return (RETRY_REASONS as readonly string[]).includes(reason) ? reason : OTHER;
}

/** Empty, which Prometheus takes as no label, where there is no commit. */
export function commitLabel(commit: string | null): string {
  return commit !== null && COMMIT.test(commit) ? commit : '';
}
