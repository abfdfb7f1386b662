import { GrantdError } from '../../core/domain/text/error.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { type OutgoingRequest, type SendEnd, sendOnce } from '../../platform/http/send-once.ts';
import { systemCode } from '../../platform/system-code.ts';
import type { ClusterPlace, KubeAnswer, KubeObject } from './cluster.ts';

/** What grantd reads of one answer of the Kubernetes API at most. */
const KUBERNETES_LIMITS = {
  /** An object of 1 MiB, its text escaped, and what the API adds. */
  bodyBytesMax: 4 * 2 ** 20,
  refusalBytesMax: 16_384,
} as const;

/** As much of a refusal as an error repeats. */
const REFUSAL_CHARACTERS_MAX = 300;

/** One call of the Kubernetes API. */
export interface KubeCall {
  readonly method: OutgoingRequest['method'];
  /** From the root, as in `/api/v1/namespaces/team/configmaps/x`. */
  readonly path: string;
  readonly object: KubeObject | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends calls to the Kubernetes API, each once, and never through a proxy: the API is inside the cluster. Throws
 * `GrantdError` for an answer that a caller cannot use.
 */
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
    const headers = {
      accept: 'application/json',
      'user-agent': `grantd/${version}`,
      ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    };
    const { method, timeoutMs, signal } = call;
    const outgoing = { method, headers, body };
    const end = await sendOnce(target, outgoing, { signal, timeoutMs, limits: KUBERNETES_LIMITS, ca: ca() });
    return judge(call, end, secret);
  }
}

function judge(call: KubeCall, end: SendEnd, secret: string | null): KubeAnswer {
  const what = `${call.method} ${call.path} of the Kubernetes API`;
  if (end.kind !== 'answer') throw noAnswer(what, end, call.timeoutMs);
  const { status } = end;
  const body = end.body.toString('utf8');
  if (status === 404) return { kind: 'missing' };
  if (status === 409) return { kind: 'conflict' };
  if (status >= 500 || status === 429) {
    throw new GrantdError('cluster-unreachable', `${what} answered ${status}`, LOOK_AT_CLUSTER);
  }
  if (status < 200 || status >= 300) throw refused(what, status, saidBy(body, secret));
  const object = parseObject(body);
  if (object !== null) return { kind: 'object', object };
  throw new GrantdError(
    'cluster-malformed',
    `${what} answered ${status} with something other than an object`,
    WRONG_SERVER,
  );
}

const LOOK_AT_CLUSTER = 'check that the Kubernetes API is up and can be reached from here; grantd tries again';
const WRONG_SERVER = 'check that kubernetesUrl is the address of a Kubernetes API, and what is in between';

function noAnswer(what: string, end: Exclude<SendEnd, { kind: 'answer' }>, timeoutMs: number): GrantdError {
  switch (end.kind) {
    case 'too-large': {
      const message = `${what} answered with more than ${KUBERNETES_LIMITS.bodyBytesMax / 2 ** 20} MiB`;
      return new GrantdError('cluster-malformed', message, WRONG_SERVER);
    }
    case 'undecodable': {
      const message = `${what} answered ${end.status} with a body that is not in the encoding that it names`;
      return new GrantdError('cluster-malformed', message, WRONG_SERVER);
    }
    case 'timeout':
      return new GrantdError('cluster-unreachable', `${what} was not answered in ${timeoutMs} ms`, LOOK_AT_CLUSTER);
    case 'stopped':
    case 'not-sent':
      return new GrantdError('stopped', `${what} was cancelled`, 'you need to do nothing');
    case 'unreachable': {
      const code = systemCode(end.cause);
      const remedy = CERTIFICATE.test(code)
        ? 'set kubernetesCaFile to the certificates of the cluster; in a pod they are mounted beside the token'
        : 'look at the network from here: DNS, network policy, kubernetesUrl; it is tried again';
      return new GrantdError('cluster-unreachable', `${what} could not be sent: ${code}`, remedy);
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

/** The message of a Status object: bounded, made visible and without the token, because another program wrote it. */
function saidBy(body: string, secret: string | null): string {
  const message = parseObject(body)?.['message'];
  if (typeof message !== 'string') return '';
  const clean = secret === null || secret === '' ? message : message.replaceAll(secret, '[secret]');
  return visibleText(clean).slice(0, REFUSAL_CHARACTERS_MAX);
}

function parseObject(body: string): KubeObject | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}
