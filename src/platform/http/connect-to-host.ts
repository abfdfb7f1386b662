import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, isIP, isIPv6, type Socket } from 'node:net';

/** How long the attempt at one address has for itself before the next one begins beside it, as in curl. */
const NEXT_AFTER_MS = 200;

/** A name with more addresses is a mistake, or an attack. */
const ADDRESSES_MOST = 16;

/** The connections of the pools: small requests leave at once, and a dead peer is noticed. */
const SOCKET = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 1_000 } as const;

/** A host by its name or its address, without brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * A connection to the first address of a host that answers. Each attempt has all the time that the signal leaves; the next
 * address is tried beside it, after a moment or as soon as an attempt fails. Node instead gives up on each address after
 * 250 ms, which is less than a handshake to another continent takes. Rejects with what failed, or the reason of the signal.
 */
export async function connectToHost({ host, port }: HostPort, signal: AbortSignal): Promise<Socket> {
  return connectToFirst(await addressesOf(host), port, signal);
}

/**
 * Where a host answers, for what makes its own connection: the address of the first that does. A host with one address is
 * not tried.
 */
export async function answeringAddress({ host, port }: HostPort, signal: AbortSignal): Promise<string> {
  const addresses = await addressesOf(host);
  const [only = host] = addresses;
  if (addresses.length < 2) return only;
  const socket = await connectToFirst(addresses, port, signal);
  const { remoteAddress = only } = socket;
  socket.destroy();
  return remoteAddress;
}

/** As `connectToHost`, for addresses that are known. */
export function connectToFirst(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const errors: Error[] = [];
    const waiting = [...addresses];
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      for (const socket of open) socket.destroy();
    };
    const stop = () => {
      end();
      reject(signal.reason);
    };
    const begin = () => {
      clearTimeout(timer);
      const host = waiting.shift();
      if (host === undefined) return;
      const socket = connect({ ...SOCKET, host, port });
      open.add(socket);
      const fail = (error: Error) => {
        open.delete(socket);
        errors.push(error);
        if (waiting.length > 0) return begin();
        if (open.size > 0) return;
        end();
        reject(asOne(errors));
      };
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        open.delete(socket);
        end();
        resolve(socket);
      });
      timer = setTimeout(begin, NEXT_AFTER_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else begin();
  });
}

/** The families in turns, so that one whose packets are lost costs one wait. The first is the one that the system prefers. */
async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true, hints: ADDRCONFIG });
  const addresses = found.map(({ address }) => address);
  const [first = ''] = addresses;
  const preferred = addresses.filter((address) => isIPv6(address) === isIPv6(first));
  const others = addresses.filter((address) => isIPv6(address) !== isIPv6(first));
  return preferred
    .flatMap((address, index) => [address, ...others.slice(index, index + 1)])
    .concat(others.slice(preferred.length))
    .slice(0, ADDRESSES_MOST);
}

/** The first error tells most: it is about the address that the system prefers. */
function asOne(errors: readonly Error[]): Error {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const messages = errors.map(({ message }) => message).join('; ');
  return Object.assign(new AggregateError(errors, messages), {
    code: first && 'code' in first ? first.code : undefined,
  });
}
