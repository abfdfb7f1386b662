import type { IncomingMessage } from 'node:http';

/** A request of the API as it arrived, before anybody asked whose it is. */
export interface Arrival {
  readonly method: string;
  /** The path with its query, as sent: nothing is decoded or normalised, so `..` leads nowhere. */
  readonly url: string;
  /** The secret it came with; `undefined` without one, and with both headers at once. */
  readonly secret: string | undefined;
  readonly isJson: boolean;
  /** `undefined` for a body that is too large. */
  readonly text: string | undefined;
}

export function readArrival(request: IncomingMessage, text: string | undefined): Arrival {
  const { method = 'GET', url = '/', headers } = request;
  const isJson = /\bjson\b/i.test(headers['content-type'] ?? '');
  return { method, url, secret: secretOf(headers), isJson, text };
}

/** Contract: one of the two headers, never both; both at once is taken for a wrong login (assumed). */
function secretOf({ authorization, 'api-token': apiToken }: IncomingMessage['headers']): string | undefined {
  if (authorization === undefined) return typeof apiToken === 'string' ? apiToken : undefined;
  if (apiToken !== undefined) return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}
