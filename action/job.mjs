// @ts-check
import { readFileSync } from 'node:fs';
import { ActionError } from './action-error.mjs';

/**
 * Where this runs, and for which change.
 * @typedef {object} Job
 * @property {'github' | 'gitlab' | 'none'} forge
 * @property {string | null} headSha null where the job is not about a change
 * @property {string | null} baseSha
 * @property {string | null} number of the pull or merge request; null where none is to be commented on
 * @property {string} apiUrl
 * @property {string} project as its API addresses it
 * @property {string | null} logUrl where a reader finds the rest
 * @property {string | null} untrusted why no account may be read here; null where one may
 */

/** Events that only those can cause who can already write to the repository, and that run what is on its branch. */
const TRUSTED_EVENTS = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Job}
 */
export function readJob(env) {
  if (env['GITHUB_ACTIONS'] === 'true') return githubJob(env);
  if (env['GITLAB_CI'] === 'true') return gitlabJob(env);
  return {
    forge: 'none',
    headSha: null,
    baseSha: null,
    number: null,
    apiUrl: '',
    project: '',
    logUrl: null,
    untrusted: null,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Job}
 */
function githubJob(env) {
  const event = readEvent(env['GITHUB_EVENT_PATH'] ?? '');
  const { pull_request: pull, merge_group: group, repository } = event;
  const project = env['GITHUB_REPOSITORY'] ?? '';
  const run = `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${project}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`;
  return {
    forge: 'github',
    headSha: commitOf(pull?.head?.sha ?? group?.head_sha),
    baseSha: commitOf(pull?.base?.sha ?? group?.base_sha),
    number: numberOf(pull?.number),
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    project,
    logUrl: run,
    untrusted: untrustedEvent(env, repository?.default_branch),
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {unknown} defaultBranch
 */
function untrustedEvent(env, defaultBranch) {
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  if (!TRUSTED_EVENTS.includes(event)) return `the event is ${event}`;
  const ref = env['GITHUB_REF'] ?? '';
  if (typeof defaultBranch === 'string' && ref !== `refs/heads/${defaultBranch}`)
    return 'this is not the default branch';
  return null;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Job}
 */
function gitlabJob(env) {
  const isChange = env['CI_PIPELINE_SOURCE'] === 'merge_request_event';
  const isProtected = env['CI_COMMIT_REF_PROTECTED'] === 'true';
  return {
    forge: 'gitlab',
    headSha: isChange ? commitOf(env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || env['CI_COMMIT_SHA']) : null,
    baseSha: isChange ? commitOf(env['CI_MERGE_REQUEST_DIFF_BASE_SHA']) : null,
    number: isChange ? numberOf(Number(env['CI_MERGE_REQUEST_IID'])) : null,
    apiUrl: env['CI_API_V4_URL'] ?? '',
    project: env['CI_PROJECT_ID'] ?? '',
    logUrl: env['CI_JOB_URL'] ?? null,
    untrusted: isChange ? 'this is a merge request' : isProtected ? null : 'this is not a protected branch',
  };
}

/**
 * @param {string} path
 * @returns {any}
 */
function readEvent(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new ActionError('GITHUB_EVENT_PATH names no event', 'run this as a step of a GitHub workflow');
  }
}

/** @param {unknown} text */
function commitOf(text) {
  return typeof text === 'string' && /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}

/** @param {unknown} number */
function numberOf(number) {
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? String(number) : null;
}
