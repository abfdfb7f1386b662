// Mailtrap's own client for Node, from the npm registry, in a temporary directory: grantd never depends on it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `npm` says if it cannot reach a registry; anything else, such as a version that does not exist, is a failure. */
const UNREACHABLE =
  /E(?:CONNREFUSED|CONNRESET|TIMEDOUT|NOTFOUND|AI_AGAIN|NETUNREACH|HOSTUNREACH|RR_SOCKET_TIMEOUT|50\d)\b/;

/** The client is missing because the registry cannot be reached, which is no failure of the simulator. */
export class RegistryUnreachable extends Error {}

/** Installs the client. Throws `RegistryUnreachable`, or the words of npm. `remove` deletes what was installed. */
export function bringClient(version) {
  const home = mkdtempSync(join(tmpdir(), 'grantd-official-client-'));
  const remove = () => rmSync(home, { recursive: true, force: true });
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=1000'];
  const args = ['install', '--prefix', home, ...quiet, ...patience, `mailtrap@${version}`];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0) {
    remove();
    const said = stderr.trim();
    throw UNREACHABLE.test(said)
      ? new RegistryUnreachable(`the npm registry cannot be reached (${UNREACHABLE.exec(said)[0]})`)
      : new Error(`npm could not install mailtrap@${version}:\n${said}`);
  }
  const folder = join(home, 'node_modules', 'mailtrap');
  const installed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  const { MailtrapClient } = createRequire(import.meta.url)(folder);
  return { MailtrapClient, version: installed, remove };
}
