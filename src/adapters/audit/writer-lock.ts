import { lstat, readlink, rm, symlink, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../platform/system-code.ts';
import { auditFault } from './audit-fault.ts';
import type { Writer } from './audit-record.ts';
import { lifeOf } from './process-life.ts';

/** A record takes milliseconds, unless the disk is busy. */
const WAIT_MOST_MS = 10_000;
const LOOK_EVERY_MS = 5;

/** No process needs a lock for so long. An older lock of another machine was left behind. */
const LEFT_BEHIND_AFTER_MS = 60_000;

/** A lock protects the removal of a lock that was left behind. It can be left behind in turn. */
const DEPTH_MOST = 3;

/**
 * Runs work that only one process may do at a time on this file. The lock is a symbolic link beside the file, and its target
 * names the process that has it. It is made and read in one step each, so it is never half written.
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
    const owner = await ownerOf(lock);
    if (performance.now() > deadlineMs) throw lockedByOther(lock, claim.file, owner);
    if (owner !== null && (await isLeftBehind(lock, owner, claim.self))) await remove(lock, claim);
    else await sleep(LOOK_EVERY_MS);
  }
}

async function isMade(lock: string, self: Writer): Promise<boolean> {
  try {
    await symlink(ownerText(self), lock);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Only the process that has the second lock removes the first, after another look. So it never removes a new lock. */
async function remove(lock: string, claim: Claim): Promise<void> {
  const outer = `${lock}.lock`;
  const depth = claim.depth + 1;
  if (depth === DEPTH_MOST) {
    throw auditFault(claim.file, `is locked by ${lock}, which was left behind`, `delete ${lock}`);
  }
  await take(outer, { ...claim, depth });
  try {
    const owner = await ownerOf(lock);
    if (owner !== null && (await isLeftBehind(lock, owner, claim.self))) await rm(lock, { force: true });
  } finally {
    await giveBack(outer, claim.self);
  }
}

async function giveBack(lock: string, self: Writer): Promise<void> {
  const owner = await ownerOf(lock).catch(() => null);
  if (owner?.id === self.id) await unlink(lock).catch(() => {});
}

/** The process that has the lock; null if none has it any more. */
async function ownerOf(lock: string): Promise<Writer | null> {
  try {
    const [id = '', pid = '', ...host] = (await readlink(lock)).split(' ');
    return { host: host.join(' '), pid: Number(pid), id };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (systemCode(error) !== 'EINVAL') throw error;
    throw auditFault(lock.replace(/(\.lock)+$/, ''), `cannot be locked: ${lock} is no lock`, `move ${lock} away`);
  }
}

function ownerText({ host, pid, id }: Writer): string {
  return `${id} ${pid} ${host}`;
}

async function isLeftBehind(lock: string, owner: Writer, self: Writer): Promise<boolean> {
  const life = lifeOf(owner, self);
  if (life !== 'elsewhere') return life === 'gone';
  const found = await lstat(lock).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > LEFT_BEHIND_AFTER_MS;
}

function lockedByOther(lock: string, file: string, owner: Writer | null): Error {
  const who = owner === null ? 'others, in turns,' : `process ${owner.pid} on ${owner.host}`;
  return auditFault(
    file,
    `is being written by ${who} for over ${WAIT_MOST_MS / 1000} seconds`,
    `check whether that process hangs; if it is gone, delete ${lock}`,
  );
}
