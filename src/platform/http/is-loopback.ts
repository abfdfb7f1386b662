import { isIPv4 } from 'node:net';

/** Whether a URL names this machine itself, by `localhost` or by an address of its loopback interface. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
