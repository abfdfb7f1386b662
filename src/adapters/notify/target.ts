import { createHmac } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { cloudEvent } from './cloud-event.ts';
import type { Letter } from './notification.ts';
import { slackBody } from './slack-body.ts';

/**
 * Where notifications go. Addresses and secrets are read anew at each use, so that those that rotate are used at once;
 * what throws counts as not readable at the moment. They are in no message and no event.
 */
export type NotifyTarget =
  | {
      readonly kind: 'webhook';
      readonly url: () => string;
      /** Signs every body; null where none is to be signed. */
      readonly secret: (() => string) | null;
    }
  | { readonly kind: 'slack'; readonly url: () => string };

/** One POST. */
export interface Parcel {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What to POST, or why it cannot be made. No reason repeats what was read. */
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

/** Why the address cannot be used, in words that do not hold it; else the address. */
export function readAddress({ url }: NotifyTarget): { readonly url: URL } | { readonly misfit: string } {
  const text = readSecret(url);
  if (text === null) return { misfit: 'its address cannot be read' };
  if (!URL.canParse(text)) return { misfit: 'its address is no URL' };
  const parsed = new URL(text);
  if (parsed.username !== '' || parsed.password !== '') return { misfit: 'its address holds a user name or password' };
  const isSafe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname));
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

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}
