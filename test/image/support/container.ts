import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { RunningGrantd } from '../../support/process.ts';
import type { Image } from './buildah.ts';

/** A directory of this machine and where it is in the container. */
export interface Bind {
  readonly from: string;
  readonly to: string;
  readonly isReadOnly: boolean;
}

/**
 * What a container runtime does, by the tools of util-linux and coreutils: the image's files as a read-only root, mounts, a
 * process tree of its own in which grantd is process 1, the image's user, no capability and none to be gained.
 */
const SCRIPT = `
root=$1 user=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do
  mkdir -p "$root$2" && mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,ro,bind "$root$2"
  shift 3
done
shift
mount -o remount,ro,bind "$root"
exec chroot --userspec="$user" --groups="\${user#*:}" "$root" "$@"
`;

/** Starts the image, with arguments for its entry point, as its own user. */
export function startContainer(
  { root, config }: Pick<Image, 'root' | 'config'>,
  {
    args,
    env = {},
    binds = [],
  }: { args: readonly string[]; env?: Readonly<Record<string, string>>; binds?: readonly Bind[] },
): RunningGrantd {
  const mounts = binds.flatMap(({ from, to, isReadOnly }) => [from, to, isReadOnly ? 'ro' : 'rw']);
  const variables = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const command = ['env', '-i', '-C', config.WorkingDir, ...variables, 'setpriv', '--no-new-privs'];
  const all = [
    'sh',
    '-ec',
    SCRIPT,
    'sh',
    root,
    config.User,
    ...mounts,
    '--',
    ...command,
    ...config.Entrypoint,
    ...args,
  ];
  const unshare = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  return new RunningGrantd(spawn('unshare', [...unshare, ...all], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** What the kernel says of process 1 of a container. */
export interface FirstProcess {
  readonly pid: number;
  readonly pidInside: number;
  readonly uids: readonly number[];
  readonly capabilities: bigint;
  readonly canGainPrivileges: boolean;
}

export function firstProcessOf({ pid }: RunningGrantd): FirstProcess {
  const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  const status = readFileSync(`/proc/${child}/status`, 'utf8');
  const line = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
  return {
    pid: child,
    pidInside: Number(line('NSpid').split(/\s+/).at(-1)),
    uids: line('Uid').split(/\s+/).map(Number),
    capabilities: BigInt(`0x${line('CapEff')}`) | BigInt(`0x${line('CapPrm')}`) | BigInt(`0x${line('CapInh')}`),
    canGainPrivileges: line('NoNewPrivs') !== '1',
  };
}
