import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import type { ClusterPlace } from '../../adapters/kubernetes/cluster.ts';
import type { SettingsProblem } from '../../adapters/settings/settings-problem.ts';
import { fileToken } from '../../adapters/settings/token.ts';
import type { CallContext } from '../line/command.ts';
import { InvalidSettings } from '../line/errors.ts';
import { settingsWarner } from '../process/secret-file.ts';

/** Where Kubernetes puts the files that a pod needs for its API. */
export const POD_FILES = '/var/run/secrets/kubernetes.io/serviceaccount';

const HOST_VARIABLE = 'KUBERNETES_SERVICE_HOST';
const PORT_VARIABLE = 'KUBERNETES_SERVICE_PORT';

/** The certificates of a company take some hundred KiB. */
const CA_BYTES_MAX = 2 * 2 ** 20;

/**
 * Where the Kubernetes API is: from the settings, else from what Kubernetes gives every pod. An address from the settings
 * gets only a token that the settings name. Throws `InvalidSettings` with everything that is missing.
 */
export function clusterPlace(
  call: Pick<CallContext, 'io' | 'settings' | 'secrets' | 'paint'>,
  version: string,
  podFiles = POD_FILES,
) {
  const { io, settings, secrets } = call;
  const problems: SettingsProblem[] = [];
  const isPod = settings.kubernetesUrl === null;
  const read = <T>(found: { readonly value: T } | { readonly problem: SettingsProblem }, fallback: T): T => {
    if ('value' in found) return found.value;
    problems.push(found.problem);
    return fallback;
  };
  const url = read(addressOf(call), new URL('https://localhost'));
  const namespace = settings.kubernetesNamespace ?? read(podNamespace(podFiles, isPod), 'default');
  const tokenFile = settings.kubernetesTokenFile ?? (isPod ? join(podFiles, 'token') : null);
  const caFile = settings.kubernetesCaFile ?? (isPod ? join(podFiles, 'ca.crt') : null);
  const token = tokenFile === null ? () => null : read(tokenOf(call, tokenFile), () => '');
  const ca = caFile === null ? () => null : read(certificatesOf(resolve(io.cwd, caFile), caFile), () => '');
  if (problems.length > 0) throw new InvalidSettings(problems);
  const kept = () => {
    const secret = token();
    if (secret !== null) secrets.add(secret);
    return secret;
  };
  kept();
  return { url, namespace, token: kept, ca, version } satisfies ClusterPlace;
}

type Found<T> = { readonly value: T } | { readonly problem: SettingsProblem };

function addressOf({ settings, io }: Pick<CallContext, 'io' | 'settings'>): Found<URL> {
  if (settings.kubernetesUrl !== null) return { value: new URL(settings.kubernetesUrl) };
  const host = io.env[HOST_VARIABLE] ?? '';
  const text = `https://${isIPv6(host) ? `[${host}]` : host}:${io.env[PORT_VARIABLE] ?? '443'}`;
  if (host !== '' && URL.canParse(text)) return { value: new URL(text) };
  return problem(
    HOST_VARIABLE,
    `it is not set, so this is not a pod, and no setting says where the Kubernetes API is`,
    'set kubernetesUrl, or set lease to off and leave stateConfigMap out',
  );
}

function podNamespace(podFiles: string, isPod: boolean): Found<string> {
  const path = join(podFiles, 'namespace');
  const text = isPod ? textOf(path, 1024).trim() : '';
  if (text !== '') return { value: text };
  const message = isPod ? `${path} cannot be read, or is empty` : 'no setting says in which namespace the Leases are';
  return problem('kubernetesNamespace', message, 'set kubernetesNamespace');
}

function tokenOf({ io, paint }: Pick<CallContext, 'io' | 'paint'>, shown: string): Found<() => string> {
  const where = `kubernetesTokenFile (${shown})`;
  const found = fileToken(resolve(io.cwd, shown), where, 'token', settingsWarner(io, paint.stderr));
  if (found.ok) return { value: found.token };
  const [first] = found.problems;
  const remedy = 'mount the token of the service account (automountServiceAccountToken), or set kubernetesTokenFile';
  return problem(first?.where ?? shown, first?.message ?? 'it contains no token', remedy);
}

/** Reads the file each time, because a cluster replaces its certificates while pods run. */
function certificatesOf(path: string, shown: string): Found<() => string> {
  let last = textOf(path, CA_BYTES_MAX);
  if (!last.includes('-----BEGIN CERTIFICATE-----')) {
    const message = 'the file cannot be read, or contains no certificate in PEM';
    return problem(`kubernetesCaFile (${shown})`, message, 'name the file with the certificates of the cluster');
  }
  return {
    value: () => {
      const text = textOf(path, CA_BYTES_MAX);
      if (text.includes('-----BEGIN CERTIFICATE-----')) last = text;
      return last;
    },
  };
}

/** Empty if it cannot be read or is longer. */
function textOf(path: string, bytesMax: number): string {
  try {
    const bytes = readFileSync(path);
    return bytes.length > bytesMax ? '' : bytes.toString('utf8');
  } catch {
    return '';
  }
}

function problem(where: string, message: string, remedy: string): { readonly problem: SettingsProblem } {
  return { problem: { where, message, remedy } };
}
