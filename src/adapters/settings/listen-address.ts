import { isIPv4, isIPv6 } from 'node:net';
import { type Kind, type Misfit, shown } from './kinds.ts';

/** Where a server listens. */
export interface ListenAddress {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
}

const OFF = 'off';

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** `host:port`, with IPv6 in brackets, or `off`. */
export function listenAddress(): Kind<string> {
  return {
    placeholder: 'HOST:PORT|off',
    schema: { type: 'string', minLength: 1 },
    read: (text) => {
      const misfit = text === OFF ? null : misfitOf(text);
      return misfit ?? { value: text };
    },
  };
}

/** The host and port of a valid `httpAddress`; null for `off`. */
export function parseListenAddress(text: string): ListenAddress | null {
  if (text === OFF) return null;
  const { host, port } = partsOf(text);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Whether only this machine can reach the address. */
export function isLoopbackAddress({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function partsOf(text: string): { readonly host: string; readonly port: string } {
  const colon = text.lastIndexOf(':');
  return colon < 0 ? { host: '', port: text } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function misfitOf(text: string): Misfit | null {
  const { host, port } = partsOf(text);
  const remedy = 'write host:port, for example 127.0.0.1:9911 or [::1]:9911, or off';
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) {
    return { misfit: `${shown(text)} does not end in a port from 0 to 65535`, remedy };
  }
  if (host === '') {
    return {
      misfit: `${shown(text)} has no host`,
      remedy: `write 127.0.0.1:${port}, or 0.0.0.0:${port} for every address`,
    };
  }
  if (isIPv6(host)) return { misfit: `${shown(text)} is IPv6 without brackets`, remedy: `write [${host}]:${port}` };
  const isBracketed = host.startsWith('[') && host.endsWith(']');
  const isHost = isBracketed
    ? isIPv6(host.slice(1, -1))
    : isIPv4(host) || (HOST_NAME.test(host) && !/^[0-9.]+$/.test(host));
  return isHost ? null : { misfit: `${shown(text)} has a host that grantd cannot listen on`, remedy };
}
