// @ts-check
import { execFile } from 'node:child_process';
import { posix } from 'node:path';
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

/** As grantd: the most files that a policy includes. */
const INCLUDED_MOST = 500;

/** A path behind a key of an entry of `include`, plain or quoted. Any other text that looks alike names no file, or one that is not used. */
const INCLUDED = /\b(?:shared|team|approvals)["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s,}\]#"'][^\s,}\]]*))/g;

/** A file of this name would be read as settings, and a change brings no settings along. */
const SETTINGS_FILE = 'config/grantd.yaml';

/**
 * The files of a policy in a commit, by path: the policy first, then what it may include. Empty where the policy is not there.
 * @param {string} commit
 * @param {string} policy
 * @param {string} cwd
 * @returns {Promise<ReadonlyMap<string, Buffer>>}
 */
export async function readPolicyFiles(commit, policy, cwd) {
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  const root = await readCommitted(commit, policy, cwd);
  if (root === null) return files;
  files.set(policy, root);
  const named = [...root.toString('utf8').matchAll(INCLUDED)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  for (const path of [...new Set(named)].slice(0, INCLUDED_MOST)) {
    if (path.startsWith('/') || path.includes('\\') || path.split('/').some((name) => ['', '.', '..'].includes(name)))
      continue;
    const file = posix.join(posix.dirname(policy), path);
    if (file === SETTINGS_FILE || files.has(file)) continue;
    const bytes = await readCommitted(commit, file, cwd);
    if (bytes !== null) files.set(file, bytes);
  }
  return files;
}

/**
 * Whether two versions of a policy have the same files with the same bytes.
 * @param {ReadonlyMap<string, Buffer>} one
 * @param {ReadonlyMap<string, Buffer>} other
 */
export function isSamePolicy(one, other) {
  return one.size === other.size && [...one].every(([path, bytes]) => other.get(path)?.equals(bytes) === true);
}

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 */
async function gitText(cwd, args) {
  const { stdout } = await run('git', [...args], { cwd, maxBuffer: POLICY_BYTES_MAX });
  return stdout;
}
