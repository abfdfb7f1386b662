import { GrantdError } from '../../core/domain/text/error.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import type { ClusterPlace, KubeAnswer, KubeObject } from './cluster.ts';
import { type Exchange, exchange, type Outgoing } from './exchange.ts';
import { LIMITS } from './limits.ts';

/** One call of the Kubernetes API. */
export interface KubeCall {
  readonly method: Outgoing['method'];
  /** From the root, as in `/api/v1/namespaces/team/configmaps/x`. */
  readonly path: string;
  readonly object: KubeObject | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends calls to the Kubernetes API, each once. Throws `GrantdError` for what is no answer that a caller can go by. */
export class KubeApi {
  readonly place: ClusterPlace;

  constructor(place: ClusterPlace) {
    this.place = place;
  }

  async send(call: KubeCall): Promise<KubeAnswer> {
    const { url, token, ca, version } = this.place;
    const secret = token();
    const target = new URL(url);
    target.pathname = `${url.pathname.replace(/\/+$/, '')}${call.path}`;
    const body = call.object === null ? null : JSON.stringify(call.object);
    const end = await exchange(target, {
      method: call.method,
      headers: {
        accept: 'application/json',
        'user-agent': `grantd/${version}`,
        ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === null
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      },
      body,
      ca: ca(),
      timeoutMs: call.timeoutMs,
      signal: call.signal,
    });
    return judge(call, end, secret);
  }
}

function judge(call: KubeCall, end: Exchange, secret: string | null): KubeAnswer {
  const what = `${call.method} ${call.path} of the Kubernetes API`;
  if (end.kind !== 'answer') throw noAnswer(what, end, call.timeoutMs);
  const { status, body } = end;
  if (status === 404) return { kind: 'missing' };
  if (status === 409) return { kind: 'conflict' };
  if (status >= 500 || status === 429) {
    throw new GrantdError('cluster-unreachable', `${what} answered ${status}`, LOOK_AT_CLUSTER);
  }
  if (status < 200 || status >= 300) throw refused(what, status, saidBy(body, secret));
  const object = parseObject(body);
  if (object !== null) return { kind: 'object', object };
  throw new GrantdError('cluster-malformed', `${what} answered ${status} with what is no object`, WRONG_SERVER);
}

const LOOK_AT_CLUSTER = 'see whether the Kubernetes API is up and can be reached from here; it is tried again';
const WRONG_SERVER = 'see that kubernetesUrl is the address of a Kubernetes API, and what stands in between';

function noAnswer(what: string, end: Exclude<Exchange, { kind: 'answer' }>, timeoutMs: number): GrantdError {
  switch (end.kind) {
    case 'too-large': {
      const message = `${what} answered with more than ${LIMITS.bodyBytesMax / 2 ** 20} MiB`;
      return new GrantdError('cluster-malformed', message, WRONG_SERVER);
    }
    case 'timeout':
      return new GrantdError('cluster-unreachable', `${what} was not answered in ${timeoutMs} ms`, LOOK_AT_CLUSTER);
    case 'stopped':
      return new GrantdError('stopped', `${what} was called off`, 'nothing is to be done');
    case 'unreachable': {
      const remedy = CERTIFICATE.test(end.code)
        ? 'set kubernetesCaFile to the certificates of the cluster; in a pod they are mounted beside the token'
        : 'look at the network from here: DNS, network policy, kubernetesUrl; it is tried again';
      return new GrantdError('cluster-unreachable', `${what} could not be sent: ${end.code}`, remedy);
    }
  }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO|TLS/;

function refused(what: string, status: number, said: string): GrantdError {
  const message = `${what} answered ${status}${said === '' ? '' : `: ${said}`}`;
  return new GrantdError('cluster-refused', message, remedyFor(status));
}

function remedyFor(status: number): string {
  if (status === 401) return 'the token of the service account is missing or not valid: see kubernetesTokenFile';
  if (status === 403) {
    return 'give the service account the rights that docs/high-availability.md lists; `grantd doctor` checks them';
  }
  return WRONG_SERVER;
}

/** The message of a Status object. It is text of another program, so it is bounded, made visible, and holds no token. */
function saidBy(body: string, secret: string | null): string {
  const message = parseObject(body)?.['message'];
  if (typeof message !== 'string') return '';
  const clean = secret === null || secret === '' ? message : message.replaceAll(secret, '[secret]');
  return visibleText(clean).slice(0, LIMITS.refusalCharactersMax);
}

function parseObject(body: string): KubeObject | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}
