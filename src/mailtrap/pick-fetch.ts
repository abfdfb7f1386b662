import { isLoopback } from './base-url.ts';

/** The part of fetch that is used here: the same in Node's own and in undici's. */
export type Fetch = (url: URL, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** The environment variables of the process, of which only those for proxies are read. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxies that the environment names; empty where it names none. They may hold a password and are never shown. */
export interface Proxies {
  readonly https: string;
  readonly http: string;
  /** Hosts that are reached without a proxy. */
  readonly except: string;
}

/** Reads the proxies, the lower case spelling first as curl does. Throws `TypeError` for one that is no URL. */
export function toProxies(environment: Environment): Proxies {
  const read = (name: string) => environment[name] || environment[name.toUpperCase()] || '';
  const http = read('http_proxy');
  const https = read('https_proxy') || http;
  for (const proxy of [http, https]) {
    if (proxy !== '' && !URL.canParse(proxy)) throw new TypeError('HTTPS_PROXY or HTTP_PROXY is not a URL');
  }
  return { https, http, except: read('no_proxy') };
}

/**
 * Node's own fetch, or undici's through a proxy where one is named. undici is loaded only then: it costs some 30 MB, and
 * a proxy is rare. Loopback never goes through a proxy.
 */
export async function pickFetch(baseUrl: URL, proxies: Proxies): Promise<Fetch> {
  if ((proxies.https === '' && proxies.http === '') || isLoopback(baseUrl)) return fetch;
  const { EnvHttpProxyAgent, fetch: fetchThrough } = await import('undici');
  // All three are given, even if empty: one left out would be taken from the environment of the process.
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: proxies.https,
    httpProxy: proxies.http,
    noProxy: proxies.except,
  });
  // The two Response types differ in spelling only.
  return async (url, init) => (await fetchThrough(url, { ...init, dispatcher })) as unknown as Response;
}
