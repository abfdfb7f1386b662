import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackAddress } from './listen-place.ts';

/** What a request shows of whoever sent it. */
export interface Approach {
  readonly headers: IncomingHttpHeaders;
  /** The address of the other end of the connection; undefined where it is gone already. */
  readonly peer: string | undefined;
}

/** Where callers knock. */
export interface Door {
  /** Gives the token as it is now; may throw. Null where none is configured. */
  readonly httpToken: (() => string) | null;
  /** As configured, without brackets. */
  readonly host: string;
  /** Whether the listener itself is bound to loopback. */
  readonly isLoopback: boolean;
}

/** Who is calling, as far as it bears on what they may. */
export interface Caller {
  /** `none` also where no token is configured, whatever was sent. */
  readonly token: 'none' | 'right' | 'wrong';
  /** From this machine, and not passed on for somebody else. */
  readonly isLocal: boolean;
  /** False where a name was asked for that anybody could have pointed here. */
  readonly isHostKnown: boolean;
  /** False where a browser says that a page of another site sent it. */
  readonly isSameSite: boolean;
}

/** Headers by which a proxy says that it speaks for somebody else, who may be anywhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

export function judgeCaller({ headers, peer }: Approach, door: Door): Caller {
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined);
  return {
    token: judgeToken(headers.authorization, door.httpToken),
    isLocal: !isForwarded && peer !== undefined && isLoopbackAddress(peer),
    isHostKnown: isKnownHost(headers.host, door.host),
    isSameSite: isSameSite(headers.origin, headers.host),
  };
}

function judgeToken(header: string | undefined, httpToken: Door['httpToken']): Caller['token'] {
  if (header === undefined || httpToken === null) return 'none';
  const shown = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  return shown !== undefined && isEqual(shown, tokenNow(httpToken)) ? 'right' : 'wrong';
}

/** Null where it cannot be read: then nobody has it. */
function tokenNow(httpToken: () => string): string | null {
  try {
    return httpToken();
  } catch {
    return null;
  }
}

/** Takes as long whatever is shown, since it compares hashes. */
function isEqual(shown: string, token: string | null): boolean {
  return token !== null && timingSafeEqual(hashOf(shown), hashOf(token));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** An address cannot be rebound, nor can `localhost`; a name can, unless it is the one that the operator wrote. */
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

/** Null for what is no URL. Not by `URL.canParse`: once V8 has optimised its caller, it takes some that `URL` then refuses. */
function siteOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
