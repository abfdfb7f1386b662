import { resolve } from 'node:path';
import { isLoopbackAddress, parseListenAddress } from '../../../adapters/settings/listen-address.ts';
import { ACCOUNT_PLACEHOLDER } from '../../../adapters/settings/path-kinds.ts';
import { fileToken } from '../../../adapters/settings/token.ts';
import type { CallContext } from '../../line/command.ts';
import { type DoctorFinding, fail, ok, warn } from './finding.ts';

/** Where the daemon would listen, and who could use it. This opens no port: a daemon may have it already. */
export async function checkHttp(call: CallContext): Promise<DoctorFinding> {
  const { httpAddress, httpTokenFile } = call.settings;
  const address = parseListenAddress(httpAddress);
  if (address === null) {
    if (call.settings.mailtrapWebhookSecretFile === null) return ok('off: no probes, no metrics, no status');
    return warn(
      'off, so that nothing takes the audit events of mailtrapWebhookSecretFile',
      'set httpAddress, or remove mailtrapWebhookSecretFile',
    );
  }
  const secret = readSecret(call, 'httpTokenFile', httpTokenFile, 'token');
  if (secret !== null && secret.status !== 'ok') return secret;
  const signing = readMailtrapSecret(call);
  if (signing !== null && signing.status !== 'ok') return signing;
  const own = isLoopbackAddress(address);
  if (secret !== null) return ok(`${httpAddress}; pages with names need the token of httpTokenFile`);
  if (own) return ok(`${httpAddress}, for this machine only; no token is needed`);
  return warn(
    `${httpAddress} can be reached from other machines and there is no httpTokenFile: grantd serves no names and accepts no request for a run`,
    'set httpTokenFile if you want that; probes and metrics work without it',
  );
}

/** The files with the addresses that get notifications. This sends nothing to them. */
export async function checkNotifications(call: CallContext): Promise<DoctorFinding> {
  const { webhookUrlFile, webhookSecretFile, slackUrlFile } = call.settings;
  const findings = [
    readSecret(call, 'webhookUrlFile', webhookUrlFile, 'URL'),
    readSecret(call, 'webhookSecretFile', webhookSecretFile, 'secret'),
    readSecret(call, 'slackUrlFile', slackUrlFile, 'URL'),
  ].filter((finding) => finding !== null);
  const worst = findings.find(({ status }) => status === 'fail') ?? findings.find(({ status }) => status === 'warn');
  if (worst) return worst;
  if (findings.length === 0) return ok('off: no webhook is set');
  if (webhookSecretFile !== null && webhookUrlFile === null) {
    return warn(
      'webhookSecretFile is set, but there is no webhook to sign for',
      'set webhookUrlFile as well, or remove it',
    );
  }
  const targets = [webhookUrlFile === null ? [] : ['the webhook'], slackUrlFile === null ? [] : ['Slack']].flat();
  return ok(`${targets.join(' and ')}; this check does not send anything to try them`);
}

/** One file for all accounts. If its name has `{account}`, only the daemon knows which accounts have one. */
function readMailtrapSecret(call: CallContext): DoctorFinding | null {
  const { mailtrapWebhookSecretFile: file } = call.settings;
  if (file?.includes(ACCOUNT_PLACEHOLDER)) return null;
  return readSecret(call, 'mailtrapWebhookSecretFile', file, 'signing secret');
}

/** Null if no file is set. A URL must be valid; the finding never shows it. */
function readSecret(call: CallContext, key: string, file: string | null, noun: string): DoctorFinding | null {
  if (file === null) return null;
  const found = fileToken(resolve(call.io.cwd, file), `${key} (${file})`, noun);
  if (!found.ok) {
    const [problem] = found.problems;
    return fail(`${problem?.where}: ${problem?.message}`, problem?.remedy ?? '');
  }
  const secret = found.token();
  call.secrets.add(secret);
  if (noun === 'URL' && !/^https?:$/.test(URL.canParse(secret) ? new URL(secret).protocol : '')) {
    return fail(`${key} (${file}): it contains no URL`, 'write an https address into the file, and nothing else');
  }
  const [warning] = found.warnings;
  return warning ? warn(`${warning.where}: ${warning.message}`, warning.remedy) : ok(`${key} (${file})`);
}
