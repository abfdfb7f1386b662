// @ts-check
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ActionError } from './action-error.mjs';

const run = promisify(execFile);

/** A policy over 1 MiB is refused by grantd itself, in its own words. */
const POLICY_BYTES_MAX = 8 * 2 ** 20;

/**
 * The two commits whose policies are compared. Without a base there is nothing to compare with.
 * @typedef {{ readonly head: string, readonly base: string | null }} Change
 */

/**
 * Finds what merging would change: the merge that the forge made against the branch that it goes into, or else the head
 * against the commit where it parted. Anything else that is checked out is not this change, and judging it would say
 * "valid" of something that nobody merges.
 * @param {{ readonly headSha: string | null, readonly baseSha: string | null }} asked
 * @param {string} cwd
 * @returns {Promise<Change>}
 */
export async function findChange({ headSha, baseSha }, cwd) {
  const [head = '', first, second] = (await headWithParents(cwd)).split(' ');
  if (headSha === null) return { head, base: null };
  if (second === headSha && first !== undefined) return { head, base: first };
  if (head !== headSha) {
    throw new ActionError(
      `what is checked out (${head.slice(0, 12)}) is neither the merge of this change nor its head (${headSha.slice(0, 12)})`,
      'check out with fetch-depth: 2 and without ref, in a workflow on pull_request',
    );
  }
  return { head, base: baseSha === null ? null : await partingCommit(cwd, baseSha) };
}

/** @param {string} cwd */
async function headWithParents(cwd) {
  try {
    return (await gitText(cwd, ['rev-list', '--parents', '-n', '1', 'HEAD'])).trim();
  } catch {
    throw new ActionError(`${cwd} is no clone of a repository`, 'check the repository out first');
  }
}

/**
 * @param {string} cwd
 * @param {string} baseSha
 */
async function partingCommit(cwd, baseSha) {
  try {
    return (await gitText(cwd, ['merge-base', baseSha, 'HEAD'])).trim();
  } catch {
    throw new ActionError(
      `the commit where this change parted from ${baseSha.slice(0, 12)} is not in the clone`,
      'check out the merge commit with fetch-depth: 2, or the whole history (fetch-depth: 0; GIT_DEPTH: 0)',
    );
  }
}

/**
 * The bytes of a file in a commit; null where it is not there. They are read from git and never from the working tree,
 * where a link in its place could lead to any file of the runner.
 * @param {string} commit
 * @param {string} path
 * @param {string} cwd
 */
export async function readCommitted(commit, path, cwd) {
  const listed = await gitText(cwd, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path]);
  const entry = listed.split('\0')[0];
  if (entry === undefined || entry === '') return null;
  const [mode = '', type, object = ''] = (entry.split('\t')[0] ?? '').split(' ');
  if (type !== 'blob' || mode === '120000')
    throw new ActionError(
      `${path} is no ordinary file in ${commit.slice(0, 12)}`,
      'commit the policy itself, not a link to it',
    );
  try {
    return (await run('git', ['cat-file', 'blob', object], { cwd, maxBuffer: POLICY_BYTES_MAX, encoding: 'buffer' }))
      .stdout;
  } catch {
    throw new ActionError(`${path} cannot be read from git, or is over 8 MiB`, 'a policy has at most 1 MiB');
  }
}

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 */
async function gitText(cwd, args) {
  const { stdout } = await run('git', [...args], { cwd, maxBuffer: POLICY_BYTES_MAX });
  return stdout;
}
