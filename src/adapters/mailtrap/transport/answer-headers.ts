import type { Instant } from '../../../core/domain/text/instant.ts';
import type { AnswerHeaders } from '../../../platform/http/answer.ts';
import { safeText } from '../wire/safe-text.ts';

/** The moment of the `Date` header; null without one that can be read. */
export function serverTimeOf(headers: AnswerHeaders): Instant | null {
  return toMoment(headers.get('date'));
}

/**
 * How long `Retry-After` asks to wait, in milliseconds, whether it says seconds or a date; null without one. A date counts
 * from the API's own clock if the answer has it, since this machine's may be wrong. Mailtrap never sent it (recorded).
 */
export function retryAfterOf(headers: AnswerHeaders, now: Instant): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const moment = toMoment(value);
  return moment === null ? null : Math.max(0, moment - (serverTimeOf(headers) ?? now));
}

/** True if the API says that it would refuse the next request (recorded header). */
export function isLimitReached(headers: AnswerHeaders): boolean {
  return headers.get('x-ratelimit-remaining')?.trim() === '0';
}

export function requestIdOf(headers: AnswerHeaders, secrets: readonly string[]): string | null {
  const value = headers.get('x-request-id')?.trim() ?? '';
  return value === '' ? null : safeRequestId(value, secrets);
}

/** Kept whole if it looks like an id. Elsewhere a UUID would count as a secret. */
function safeRequestId(value: string, secrets: readonly string[]): string {
  const isPlain = /^[\w.:-]{1,64}$/.test(value) && !secrets.some((secret) => value.includes(secret));
  return isPlain ? value : safeText(value, secrets, 64);
}

/** The only form that HTTP sends today. `Date.parse` alone would read a bare number as a year. */
function toMoment(value: string | null): Instant | null {
  if (value === null || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return null;
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? null : moment;
}
