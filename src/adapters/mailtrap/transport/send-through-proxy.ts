import { EnvHttpProxyAgent, fetch } from 'undici';
import { watchDeparture } from './departure.ts';
import type { Proxies } from './proxies.ts';
import { HeldBack, type Send } from './send.ts';

/** Sends in a tunnel through the proxies that are named. */
export function sendThroughProxy({ https, http, except }: Proxies): Send {
  // All three are given, even if empty: one left out would be taken from the environment of the process.
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy: https, httpProxy: http, noProxy: except });
  return async (url, { method, headers, body, signal, mayLeave }) => {
    if (!mayLeave()) throw new HeldBack();
    const departure = watchDeparture(method, url, mayLeave);
    try {
      const answer = await fetch(url, { method, headers, body, signal, redirect: 'manual', dispatcher });
      return { status: answer.status, headers: answer.headers, body: answer.body ?? NOTHING };
    } catch (error) {
      throw departure.wasHeldBack ? new HeldBack() : error;
    } finally {
      departure.end();
    }
  };
}

const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {
    // Some answers have no body at all.
  },
};
