import { lstat, readlink, rm, symlink, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../platform/system-code.ts';
import { auditFault } from './audit-fault.ts';
import type { Writer } from './audit-record.ts';
import { lifeOf } from './process-life.ts';

/** A record takes milliseconds; a disk that is busy may hold it up. */
const WAIT_MOST_MS = 10_000;
const LOOK_EVERY_MS = 5;

/** Nobody holds a lock for so long: one of another machine that is older was left behind. */
const LEFT_BEHIND_AFTER_MS = 60_000;

/** A lock that was left behind is removed under a lock of its own, which may be left behind in turn. */
const DEPTH_MOST = 3;

/**
 * Runs work that only one process may do at a time on this file. The lock is a symbolic link beside it that leads to
 * nowhere and says who holds it: it is made and read in one step each, so it is never half written.
 */
export async function withWriterLock<T>(file: string, self: Writer, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await take(lock, { file, self, depth: 0 });
  try {
    return await work();
  } finally {
    await giveBack(lock, self);
  }
}

interface Claim {
  readonly file: string;
  readonly self: Writer;
  readonly depth: number;
}

async function take(lock: string, claim: Claim): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MOST_MS;
  while (!(await isMade(lock, claim.self))) {
    const holder = await holderOf(lock);
    if (performance.now() > deadlineMs) throw held(lock, claim.file, holder);
    if (holder !== null && (await isLeftBehind(lock, holder, claim.self))) await remove(lock, claim);
    else await sleep(LOOK_EVERY_MS);
  }
}

async function isMade(lock: string, self: Writer): Promise<boolean> {
  try {
    await symlink(holderText(self), lock);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Only whoever holds the second lock removes the first, and looks again before: so nobody's new lock is ever removed. */
async function remove(lock: string, claim: Claim): Promise<void> {
  const outer = `${lock}.lock`;
  const depth = claim.depth + 1;
  if (depth === DEPTH_MOST) {
    throw auditFault(claim.file, `is locked by ${lock}, which was left behind`, `delete ${lock}`);
  }
  await take(outer, { ...claim, depth });
  try {
    const holder = await holderOf(lock);
    if (holder !== null && (await isLeftBehind(lock, holder, claim.self))) await rm(lock, { force: true });
  } finally {
    await giveBack(outer, claim.self);
  }
}

async function giveBack(lock: string, self: Writer): Promise<void> {
  const holder = await holderOf(lock).catch(() => null);
  if (holder?.id === self.id) await unlink(lock).catch(() => {});
}

/** Null where nobody holds it any more. */
async function holderOf(lock: string): Promise<Writer | null> {
  try {
    const [id = '', pid = '', ...host] = (await readlink(lock)).split(' ');
    return { host: host.join(' '), pid: Number(pid), id };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (systemCode(error) !== 'EINVAL') throw error;
    throw auditFault(lock.replace(/(\.lock)+$/, ''), `cannot be locked: ${lock} is no lock`, `move ${lock} away`);
  }
}

function holderText({ host, pid, id }: Writer): string {
  return `${id} ${pid} ${host}`;
}

async function isLeftBehind(lock: string, holder: Writer, self: Writer): Promise<boolean> {
  const life = lifeOf(holder, self);
  if (life !== 'elsewhere') return life === 'gone';
  const found = await lstat(lock).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > LEFT_BEHIND_AFTER_MS;
}

function held(lock: string, file: string, holder: Writer | null): Error {
  const who = holder === null ? 'others, in turns,' : `process ${holder.pid} on ${holder.host}`;
  return auditFault(
    file,
    `is being written by ${who} for over ${WAIT_MOST_MS / 1000} seconds`,
    `see whether that process hangs; if it is gone, delete ${lock}`,
  );
}
