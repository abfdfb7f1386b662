import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Answer, BAD_REQUEST } from './answer.ts';
import type { FaultEffect } from './fault.ts';

/** The values in the headers of the answers. */
export interface Envelope {
  readonly requestId: string;
  readonly limit: number;
  readonly remaining: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How an answer is sent: whole, or with a connection that breaks or hangs at some point. */
export type Manner = 'whole' | 'reset' | 'reset-midway' | 'stall-headers' | 'stall-body';

/** Sends the answer, or the part of it that the manner allows. */
export function deliver(response: ServerResponse, answer: Answer, manner: Manner): void {
  if (manner === 'reset') {
    response.destroy();
    return;
  }
  if (manner === 'stall-headers') return;
  const body = Buffer.from(answer.body);
  // The Date header is in `headers`, because it shows the simulator's clock.
  response.sendDate = false;
  response.writeHead(answer.status, answer.headers);
  if (manner === 'whole') {
    response.end(body);
    return;
  }
  // Half of the body must be sent before the connection breaks, or the client would see no answer at all.
  response.write(body.subarray(0, body.length >> 1), () => {
    if (manner === 'reset-midway') response.destroy();
  });
}

/**
 * Recorded: every answer has a request id; all but the empty 400 have the version of the API and the rate limit; and every 200
 * has a weak ETag, whatever the method.
 */
export function withEnvelope(answer: Answer, envelope: Envelope, faults: readonly FaultEffect[]): Answer {
  const { requestId, limit, remaining, now } = envelope;
  const skewMs = faults.reduce((sum, fault) => sum + (fault.kind === 'date' ? fault.skewMs : 0), 0);
  const headers: Record<string, string> = {
    ...answer.headers,
    Date: new Date(now + skewMs).toUTCString(),
    'X-Request-Id': requestId,
  };
  if (answer.status !== BAD_REQUEST.status || answer.body !== BAD_REQUEST.body) {
    headers['X-Mailtrap-Version'] = 'v2';
    headers['X-Ratelimit-Limit'] = String(limit);
    headers['X-Ratelimit-Remaining'] = String(answer.status === 429 ? 0 : remaining);
  }
  if (answer.status !== 204) headers['Content-Length'] = String(Buffer.byteLength(answer.body));
  if (answer.status === 200) headers['ETag'] = `W/"${digestOf(answer.body)}"`;
  for (const fault of faults) if (fault.kind === 'header') setHeader(headers, fault.name, fault.value);
  return { ...answer, headers };
}

function setHeader(headers: Record<string, string>, name: string, value: string | null): void {
  for (const known of Object.keys(headers)) if (known.toLowerCase() === name.toLowerCase()) delete headers[known];
  if (value !== null) headers[name] = value;
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}
