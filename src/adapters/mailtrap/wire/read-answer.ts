import { isUtf8 } from 'node:buffer';
import type { TimedValue } from '../../../core/domain/run/ports.ts';
import { malformedFailure } from '../failure.ts';
import { serverTimeOf } from '../transport/answer-headers.ts';
import { MAILTRAP_LIMITS, MEMORY_HINT } from '../transport/limits.ts';
import type { MailtrapCall, Requester } from '../transport/requester.ts';
import { hasMoreValues } from './count-values.ts';
import { safeText } from './safe-text.ts';
import { WireMisfit } from './shape.ts';

/** How much of a body that is not JSON an error repeats. */
const EXCERPT_CHARACTERS_MAX = 80;

/** Turns a parsed body into a value. Throws `WireMisfit` if it does not fit. */
export type Decode<T> = (body: unknown, callingToken: string) => T;

/** Sends a request and decodes its answer. Throws `ApiError`, also if the answer does not fit. */
export async function readAnswer<T>(
  requester: Requester,
  call: MailtrapCall,
  decode: Decode<T>,
): Promise<TimedValue<T>> {
  const { answer, sent } = await requester.send(call);
  try {
    const value = decode(parseBody(answer.body, sent.secrets), call.token);
    return { value, serverTime: serverTimeOf(answer.headers) };
  } catch (error) {
    if (error instanceof WireMisfit) throw malformedFailure(sent, answer, error.message);
    throw error;
  }
}

/** Parses a body as JSON. Throws a `WireMisfit` that repeats how the body begins, without secrets. */
export function parseBody(body: Buffer, secrets: readonly string[]): unknown {
  if (!isUtf8(body)) throw new WireMisfit('', 'not UTF-8');
  const { bodyValuesMax } = MAILTRAP_LIMITS;
  if (hasMoreValues(body, bodyValuesMax))
    throw new WireMisfit('', `more than ${bodyValuesMax.toLocaleString('en')} values${MEMORY_HINT}`);
  const text = withoutMark(body.toString('utf8'));
  if (text.trim() === '') throw new WireMisfit('', 'empty, where JSON was expected');
  try {
    return JSON.parse(text);
  } catch {
    throw new WireMisfit('', notJson(text, secrets));
  }
}

function notJson(text: string, secrets: readonly string[]): string {
  const what = /^\s*[[{]/.test(text) ? 'JSON that is cut off or broken' : 'not JSON';
  return `${what}; it begins with: ${safeText(text, secrets, EXCERPT_CHARACTERS_MAX)}`;
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
