import { STATUS_CODES } from 'node:http';

/** Replaces every value that the label does not have in its list. */
const OTHER = 'other';

/** Why grantd sends a request again, in the words of the Mailtrap client. */
export const RETRY_REASONS = ['rate-limited', 'server-error', 'unreachable', 'timeout'] as const;

/** A path of the API with placeholders for ids: words, slashes and braces, and no digit. */
const ROUTE = /^(?:\/[a-z_]+|\/\{[a-z_]+\}){1,8}$/;
const COMMIT = /^[0-9a-f]{7,64}$/;

export function methodLabel(method: string): string {
  return method === 'GET' || method === 'PUT' ? method : OTHER;
}

export function routeLabel(route: string): string {
  return ROUTE.test(route) ? route : OTHER;
}

/** A status that HTTP knows. The other side can make up any other number. */
export function codeLabel(status: number | null): string {
  if (status === null) return 'none';
  return STATUS_CODES[status] === undefined ? OTHER : String(status);
}

export function retryLabel(reason: string): string {
  return (RETRY_REASONS as readonly string[]).includes(reason) ? reason : OTHER;
}

/** Empty if there is no commit: Prometheus treats an empty label as absent. */
export function commitLabel(commit: string | null): string {
  return commit !== null && COMMIT.test(commit) ? commit : '';
}
