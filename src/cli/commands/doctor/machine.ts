import { readFile } from 'node:fs/promises';
import { toBaseUrl } from '../../../adapters/mailtrap/transport/base-url.ts';
import { unknownVariables } from '../../../adapters/settings/environment.ts';
import { isLoopback } from '../../../platform/http/is-loopback.ts';
import { isExempt } from '../../../platform/http/no-proxy.ts';
import { ProxyProblem, readProxies } from '../../../platform/http/proxies.ts';
import type { CallContext } from '../../line/command.ts';
import { readNeededNode } from '../../process/shipped-file.ts';
import { type DoctorFinding, fail, ok, unknown, warn } from './finding.ts';

const INOTIFY = '/proc/sys/fs/inotify';

/** Lower limits are unusually small: the usual ones are 128 and more. */
const INSTANCES_FEW = 64;
const WATCHES_FEW = 1024;

/** Which settings are not at their defaults, and where each comes from. */
export async function checkSources({ origins, io }: CallContext): Promise<DoctorFinding> {
  const said = [...origins].map(([key, where]) => `${key} (${where})`).join(', ');
  const found = said === '' ? 'every setting is at its default' : `not at their defaults: ${said}`;
  const [first, ...others] = unknownVariables(io.env);
  if (!first) return ok(found);
  const names = [first, ...others].map(({ where }) => where).join(', ');
  return warn(`${found}; unknown and therefore ignored: ${names}`, first.remedy);
}

/** Whether this version of Node is new enough. */
export async function checkNode(): Promise<DoctorFinding> {
  const needed = await readNeededNode();
  const found = `Node ${process.versions.node}; ${needed} or newer is needed`;
  return isAtLeast(process.versions.node, needed) ? ok(found) : fail(found, `run grantd with Node ${needed} or newer`);
}

function isAtLeast(version: string, needed: string): boolean {
  const [own, least] = [version, needed].map((text) => text.split('.').map(Number));
  for (const [index, part] of (least ?? []).entries()) {
    const difference = (own?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Which proxy requests go through. Only its host is shown: its address may contain a password. */
export async function checkProxy({ io, settings }: CallContext): Promise<DoctorFinding> {
  try {
    const { https: proxy, except } = readProxies(io.env);
    const url = toBaseUrl(settings.apiUrl);
    if (isLoopback(url)) return ok('none: the API is on loopback');
    if (proxy === null) return ok(`none: requests go directly to ${url.host}`);
    if (isExempt(except, url)) return ok(`none: NO_PROXY names ${url.host}`);
    const but = except.length === 0 ? '' : ', unless NO_PROXY names it';
    return ok(`requests to ${url.host} go through ${proxy.url.host}${but}`);
  } catch (error) {
    if (!(error instanceof ProxyProblem)) throw error;
    return fail(error.message, error.remedy);
  }
}

/** The limits of the kernel. It does not say how much others use. */
export async function checkInotify(): Promise<DoctorFinding> {
  const [instances, watches] = await Promise.all([limit('max_user_instances'), limit('max_user_watches')]);
  if (instances === null || watches === null) return unknown('this system does not show its limits of inotify');
  const found = `${instances} instances and ${watches} watches for each user, shared by everything that runs as this user`;
  if (instances >= INSTANCES_FEW && watches >= WATCHES_FEW) return ok(found);
  return warn(
    found,
    'raise fs.inotify.max_user_instances and fs.inotify.max_user_watches on the node; if they run out, grantd polls instead',
  );
}

async function limit(name: string): Promise<number | null> {
  const text = await readFile(`${INOTIFY}/${name}`, 'utf8').catch(() => '');
  return /^[0-9]+$/.test(text.trim()) ? Number(text) : null;
}
