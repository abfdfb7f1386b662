import { isLoopback } from './is-loopback.ts';
import { isExempt, type NoProxyRule, readNoProxy } from './no-proxy.ts';

/** The environment variables of the process, of which only those for proxies are read. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** A proxy that requests go through. */
export interface ProxyServer {
  /** http or https, without user and password. */
  readonly url: URL;
  /** The value of Proxy-Authorization. It contains the password, so it is never shown. Null if there is none. */
  readonly authorization: string | null;
  /** The environment variable that names it. */
  readonly variable: string;
}

/** The proxies that the environment names. */
export interface Proxies {
  /** For https. */
  readonly https: ProxyServer | null;
  /** For http. grantd uses http on loopback only, and no proxy there. */
  readonly http: ProxyServer | null;
  /** Hosts that are reached without a proxy. */
  readonly except: readonly NoProxyRule[];
}

/** A variable that does not name a usable proxy. No message repeats its value, which may contain a password. */
export class ProxyProblem extends TypeError {
  override readonly name = 'ProxyProblem';
  readonly remedy = 'write it as http://host:port or https://host:port, or unset it';
  readonly variable: string;
  readonly reason: string;

  constructor(variable: string, reason: string) {
    super(`${variable}: ${reason}`);
    this.variable = variable;
    this.reason = reason;
  }
}

/** The proxy did not open a tunnel. Nothing of the request was sent, and the answer is the proxy's, not the host's. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';

  constructor(status: number) {
    super(Number.isInteger(status) ? `the proxy answered ${status}` : 'the proxy did not answer in HTTP');
  }
}

/**
 * Reads the variables as curl does: the lower-case name before the upper-case one, an empty value as none, and for http only
 * `http_proxy`, because a web server passes the `Proxy` header of a request to scripts as HTTP_PROXY. Unlike curl, https falls back to
 * `http_proxy` and HTTP_PROXY. Throws `ProxyProblem` for a variable that is used and names no proxy.
 */
export function readProxies(environment: ProxyEnvironment): Proxies {
  const serverOf = (...variables: readonly string[]): ProxyServer | null => {
    const variable = variables.find((name) => environment[name]);
    return variable === undefined ? null : readServer(variable, environment[variable] ?? '');
  };
  return {
    https: serverOf('https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'),
    http: serverOf('http_proxy'),
    except: readNoProxy(environment['no_proxy'] || environment['NO_PROXY'] || ''),
  };
}

/** The proxy for a URL; null if it is reached directly: on loopback, if NO_PROXY names it, or if there is no proxy. */
export function proxyFor(url: URL, proxies: Proxies): ProxyServer | null {
  const server = url.protocol === 'https:' ? proxies.https : proxies.http;
  return server === null || isLoopback(url) || isExempt(proxies.except, url) ? null : server;
}

/**
 * Whether a request through a proxy failed because this machine could not connect to the proxy. Only the proxy looks up the
 * host of the request and connects to it, so such an error of the system is about the proxy.
 */
export function isProxyUnreachable(cause: unknown): boolean {
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return (
    first instanceof Error && 'syscall' in first && (first.syscall === 'connect' || first.syscall === 'getaddrinfo')
  );
}

function readServer(variable: string, text: string): ProxyServer {
  const url = toUrl(variable, text.trim());
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const authorization = username === '' && password === '' ? null : basic(username, password);
  return { url, authorization, variable };
}

/** Without a scheme it is http, as for curl: `proxy.corp:3128` is a host and a port. */
function toUrl(variable: string, text: string): URL {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const spelled = hasScheme ? text : `http://${text}`;
  if (text.startsWith('/') || !URL.canParse(spelled))
    throw new ProxyProblem(variable, 'it is not a URL with http:// or https://');
  const url = new URL(spelled);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProxyProblem(variable, 'its scheme is neither http nor https');
  }
  // After an unencoded `#` or `?` in a password, the URL would name the wrong host.
  if (url.search !== '' || url.hash !== '') throw new ProxyProblem(variable, 'it must have no query and no fragment');
  return url;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.concat([bytesOf(username), Buffer.from(':'), bytesOf(password)]).toString('base64')}`;
}

/** Undoes percent-encoding. A `%` that encodes nothing stands for itself, as for curl. */
function bytesOf(encoded: string): Buffer {
  const binary = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(binary, 'latin1');
}
