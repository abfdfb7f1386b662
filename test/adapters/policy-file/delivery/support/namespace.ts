import { spawnSync } from 'node:child_process';

/** What a shell needs to run a command with other limits or mounts than this machine's. */
export type Kind = 'user' | 'mount';

const FLAGS = { user: ['--user', '--map-root-user'], mount: ['--user', '--map-root-user', '--mount'] } as const;

const PROBES = {
  user: 'test -w /proc/sys/user/max_inotify_instances',
  mount: 'mount --bind /dev/null /dev/null',
} as const;

/** Why the namespaces that a test needs are not to be had here, or null. Printed, so that a skipped test is seen. */
export function whyNot(kind: Kind): string | null {
  const { status, stderr, error } = spawnSync('unshare', [...FLAGS[kind], 'sh', '-c', PROBES[kind]], {
    encoding: 'utf8',
  });
  if (status === 0) return null;
  const reason = `skipped, since this machine gives no ${kind} namespace: ${error?.message ?? stderr.trim()}`;
  process.stderr.write(`${reason}\n`);
  return reason;
}

/** A command run by a shell in namespaces of its own, after a script that prepares them. */
export function inNamespace(
  kind: Kind,
  script: string,
  command: readonly string[],
): readonly [command: string, ...args: readonly string[]] {
  return ['unshare', ...FLAGS[kind], 'sh', '-c', `${script} && exec "$@"`, 'sh', ...command];
}
