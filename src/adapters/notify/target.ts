import { createHmac } from 'node:crypto';
import { isLoopback } from '../../platform/http/is-loopback.ts';
import { cloudEvent } from './cloud-event.ts';
import type { Letter } from './message.ts';
import { slackBody } from './slack-body.ts';

/**
 * A receiver of notifications. grantd reads addresses and secrets again at each use, so that rotated ones count at once. If
 * reading throws, they count as unreadable. No message and no event contains them.
 */
export type NotifyTarget =
  | {
      readonly kind: 'webhook';
      readonly url: () => string;
      /** Signs every body; null if grantd signs none. */
      readonly secret: (() => string) | null;
    }
  | { readonly kind: 'slack'; readonly url: () => string };

/** One POST. */
export interface Parcel {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The POST, or why it cannot be made. The reason contains nothing that was read. */
export function packLetter(target: NotifyTarget, letter: Letter): Parcel | { readonly misfit: string } {
  const address = readAddress(target);
  if ('misfit' in address) return address;
  if (target.kind === 'slack') {
    return { ...address, headers: headersOf('application/json; charset=utf-8'), body: slackBody(letter.message) };
  }
  const body = JSON.stringify(cloudEvent(letter));
  const signature = signatureOf(target.secret, body);
  if (signature === null) return { misfit: 'its secret cannot be read' };
  return { ...address, headers: { ...headersOf('application/cloudevents+json; charset=utf-8'), ...signature }, body };
}

/** The address, or why it cannot be used. The reason does not contain it. */
export function readAddress({ url }: NotifyTarget): { readonly url: URL } | { readonly misfit: string } {
  const text = readSecret(url);
  if (text === null) return { misfit: 'its address cannot be read' };
  if (!URL.canParse(text)) return { misfit: 'its address is no URL' };
  const parsed = new URL(text);
  if (parsed.username !== '' || parsed.password !== '')
    return { misfit: 'its address contains a user name or password' };
  const isSafe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed));
  return isSafe ? { url: parsed } : { misfit: 'its address is not https, and http is for loopback only' };
}

export function readSecret(read: () => string): string | null {
  try {
    return read() || null;
  } catch {
    return null;
  }
}

function signatureOf(secret: (() => string) | null, body: string): Readonly<Record<string, string>> | null {
  if (secret === null) return {};
  const key = readSecret(secret);
  if (key === null) return null;
  return { 'X-Signature': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` };
}

function headersOf(contentType: string): Readonly<Record<string, string>> {
  return { 'Content-Type': contentType, 'User-Agent': 'grantd' };
}
