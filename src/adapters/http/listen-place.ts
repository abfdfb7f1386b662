import { isIPv4, isIPv6 } from 'node:net';
import { GrantdError } from '../../core/domain/text/error.ts';

/** Where a server listens. */
export interface ListenPlace {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

const REMEDY = 'set GRANTD_HTTP_ADDRESS to another one as in 127.0.0.1:9911 or [::1]:9911, or to off';

const CAUSES: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'something else listens there already'],
  ['EACCES', 'this user may not listen there'],
  ['EADDRNOTAVAIL', 'this machine does not have that address'],
  ['EAFNOSUPPORT', 'this machine has no addresses of that kind'],
  ['ENOTFOUND', 'there is no host of that name'],
  ['EAI_AGAIN', 'no name server answered'],
]);

/** Reads `host:port`, with IPv6 in brackets. Throws `http-unavailable`. */
export function parseListenPlace(address: string): ListenPlace {
  const [, bracketed, plain, digits] = /^(?:\[([\w:.%]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) throw unavailable(address, 'it is not host:port');
  return { host, port };
}

/** As it is written in an address or a URL. */
export function placeOf({ host, port }: ListenPlace): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Why the system does not let it listen. */
export function listenFailure(address: string, error: unknown): GrantdError {
  return unavailable(address, causeOf(error));
}

/** Every address of a machine without IPv6. */
export const IPV4_FOR_EVERY = '0.0.0.0';

/** Why `::` cannot be listened on, if that is because the machine has no IPv6 at all; else null. */
export function lackOfIpv6(host: string, error: unknown): string | null {
  const isEvery = isIPv6(host) && /^[0:]+$/.test(host);
  return isEvery && ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(codeOf(error)) ? causeOf(error) : null;
}

function causeOf(error: unknown): string {
  const code = codeOf(error);
  return `${CAUSES.get(code) ?? 'the system refuses'} (${code})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** Whether an IP address is of loopback, also if IPv6 carries one of IPv4. */
export function isLoopbackPeer(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

function unavailable(address: string, cause: string): GrantdError {
  return new GrantdError('http-unavailable', `grantd cannot listen on the HTTP address ${address}: ${cause}`, REMEDY);
}
