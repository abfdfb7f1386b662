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
