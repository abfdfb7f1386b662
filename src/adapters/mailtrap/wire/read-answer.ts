import { isUtf8 } from 'node:buffer';
import type { TimedValue } from '../../../core/domain/run/ports.ts';
import { malformedFailure } from '../failure.ts';
import { serverTimeOf } from '../transport/answer-headers.ts';
import type { Answered, MailtrapCall, Requester } from '../transport/requester.ts';
import { safeText } from './safe-text.ts';
import { WireMisfit } from './shape.ts';
import { ListPages, nextQueryOf, totalOf } from './whole-list.ts';

/** How much of a body that is not JSON an error repeats. */
const EXCERPT_CHARACTERS_MAX = 80;

/** Turns a parsed body into a value. Throws `WireMisfit` if it does not fit. */
export type Decode<T> = (body: unknown, callingToken: string) => T;

/** Sends a request and decodes its answer, all pages of it. Throws `ApiError`, also if the answer does not fit. */
export async function readAnswer<T>(
  requester: Requester,
  call: MailtrapCall,
  decode: Decode<T>,
): Promise<TimedValue<T>> {
  const pages = new ListPages();
  const first = await requester.send(call);
  let answered = first;
  for (;;) {
    const nextQuery = orMalformed(answered, () => addPage(pages, answered, requester));
    if (nextQuery === null) break;
    answered = await requester.send({ ...call, request: { ...call.request, query: nextQuery } });
  }
  const value = orMalformed(answered, () => decode(pages.whole(), call.token));
  return { value, serverTime: serverTimeOf(first.answer.headers) };
}

function addPage(pages: ListPages, { answer, sent }: Answered, requester: Requester): string | null {
  const { headers, body } = answer;
  pages.weigh(body);
  const page = parseBody(body, sent.secrets);
  const nextQuery = nextQueryOf(headers, requester.urlOf(sent.request), sent.secrets);
  pages.add(page, { total: totalOf(headers), nextQuery });
  return nextQuery;
}

function orMalformed<T>({ answer, sent }: Answered, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireMisfit) throw malformedFailure(sent, answer, error.message);
    throw error;
  }
}

/** Parses a body as JSON. Throws a `WireMisfit` that repeats how the body begins, without secrets. */
export function parseBody(body: Buffer, secrets: readonly string[]): unknown {
  if (!isUtf8(body)) throw new WireMisfit('', 'not UTF-8');
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
