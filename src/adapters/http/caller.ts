import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackPeer } from './listen-place.ts';

/** What a request shows of its sender. */
export interface RequestOrigin {
  readonly headers: IncomingHttpHeaders;
  /** The address of the other end of the connection; undefined if the connection is already gone. */
  readonly peer: string | undefined;
}

/** How the listener is set up, as far as it decides who may do what. */
export interface ListenerAccess {
  /** Gives the token as it is now; may throw. Null if none is configured. */
  readonly httpToken: (() => string) | null;
  /** As configured, without brackets. */
  readonly host: string;
  /** Whether the listener itself is bound to loopback. */
  readonly isLoopback: boolean;
}

/** Who is calling, as far as it decides what they may do. */
export interface Caller {
  /** `none` also if no token is configured, whatever the request sends. */
  readonly token: 'none' | 'right' | 'wrong';
  /** From this machine, and not passed on for someone else. */
  readonly isLocal: boolean;
  /** False if the request uses a host name that anyone could have pointed here. */
  readonly isHostKnown: boolean;
  /** False if a browser says that a page of another site sent it. */
  readonly isSameSite: boolean;
}

/** Headers by which a proxy says that it speaks for someone else, who may be anywhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

export function judgeCaller({ headers, peer }: RequestOrigin, access: ListenerAccess): Caller {
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined);
  return {
    token: judgeToken(headers.authorization, access.httpToken),
    isLocal: !isForwarded && peer !== undefined && isLoopbackPeer(peer),
    isHostKnown: isKnownHost(headers.host, access.host),
    isSameSite: isSameSite(headers.origin, headers.host),
  };
}

function judgeToken(header: string | undefined, httpToken: ListenerAccess['httpToken']): Caller['token'] {
  if (header === undefined || httpToken === null) return 'none';
  const shown = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  return shown !== undefined && isEqual(shown, tokenNow(httpToken)) ? 'right' : 'wrong';
}

/** Null if it cannot be read: then no token is right. */
function tokenNow(httpToken: () => string): string | null {
  try {
    return httpToken();
  } catch {
    return null;
  }
}

/** Compares in constant time, since both sides are hashes. */
function isEqual(shown: string, token: string | null): boolean {
  return token !== null && timingSafeEqual(hashOf(shown), hashOf(token));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** No one can point an address or `localhost` elsewhere. Any other name counts only if the operator wrote it. */
function isKnownHost(header: string | undefined, configured: string): boolean {
  const host = hostOf(header ?? '');
  return isIP(host) !== 0 || host === 'localhost' || (host !== '' && host === configured.toLowerCase());
}

/** `[::1]:9911` → `::1`. */
function hostOf(header: string): string {
  const [, bracketed, plain = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header) ?? [];
  return (bracketed ?? plain).toLowerCase().replace(/\.$/, '');
}

function isSameSite(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return siteOf(origin) === (host ?? '').toLowerCase();
}

/** Null for what is not a URL. Not by `URL.canParse`: once V8 has optimised its caller, it accepts some texts that `URL` refuses. */
function siteOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
