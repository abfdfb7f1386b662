import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RELAY = fileURLToPath(new URL('far-network.py', import.meta.url));
const EACH_WAY_MS = 160;

/** Why no second network can be made here; null if it can. */
export const whyNoFarNetwork: string | null = (() => {
  const missing =
    process.getuid?.() !== 0
      ? 'the user is not root'
      : !existsSync('/dev/net/tun')
        ? 'there is no /dev/net/tun'
        : spawnSync('python3', ['--version']).status !== 0
          ? 'there is no python3'
          : spawnSync('ip', ['netns', 'list']).status !== 0
            ? 'ip makes no network namespaces'
            : null;
  if (missing === null) return null;
  const reason = `skipped: no network that is far away, since ${missing}`;
  process.stderr.write(`${reason}\n`);
  return reason;
})();

/** A network namespace. A handshake from it to this one takes 320 ms. */
export interface FarNetwork {
  /** Of this side, as the far side sees it. */
  readonly address: string;
  /** The words before a command that is to run there. */
  readonly words: readonly string[];
  close(): void;
}

/** Makes one, in which a name has these addresses beside that of this side. */
export async function farNetwork(name: string, otherAddresses: readonly string[]): Promise<FarNetwork> {
  const id = `${process.pid % 100_000}`;
  const space = `grantd-far-${id}`;
  const [near, far] = [`gn${id}`, `gf${id}`];
  const net = `10.213.${process.pid % 250}`;
  const relay: ChildProcess = spawn('python3', [RELAY, near, far, `${EACH_WAY_MS}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(relay.stdout ?? relay, 'data');
  const ip = (...words: readonly string[]) => execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  ip('netns', 'add', space);
  ip('link', 'set', far, 'netns', space);
  ip('addr', 'add', `${net}.1`, 'peer', `${net}.2`, 'dev', near);
  ip('link', 'set', near, 'up');
  ip('-n', space, 'addr', 'add', `${net}.2`, 'peer', `${net}.1`, 'dev', far);
  // Without an IPv6 address of its own, the system leaves IPv6 addresses of a name out.
  ip('-n', space, 'addr', 'add', 'fd00:213::2/64', 'dev', far, 'nodad');
  ip('-n', space, 'link', 'set', far, 'up');
  ip('-n', space, 'link', 'set', 'lo', 'up');
  mkdirSync(`/etc/netns/${space}`, { recursive: true });
  const hosts = ['127.0.0.1 localhost', ...[`${net}.1`, ...otherAddresses].map((address) => `${address} ${name}`)];
  writeFileSync(`/etc/netns/${space}/hosts`, `${hosts.join('\n')}\n`);
  return {
    address: `${net}.1`,
    words: ['ip', 'netns', 'exec', space],
    close: () => {
      relay.kill('SIGKILL');
      ip('netns', 'delete', space);
      rmSync(`/etc/netns/${space}`, { recursive: true, force: true });
    },
  };
}
