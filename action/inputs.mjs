// @ts-check
import { isAbsolute, resolve } from 'node:path';
import { ActionError } from './action-error.mjs';

/**
 * What the job asks for. Every text came from a workflow or a pipeline file; nothing of it is ever part of a script.
 * @typedef {object} Inputs
 * @property {'check' | 'snapshot'} task
 * @property {string} policy relative to the top of the repository
 * @property {string | null} snapshot absolute
 * @property {boolean} comment
 * @property {boolean} failWhenHeld
 * @property {boolean} failWhenLeftBehind
 * @property {string | null} junit absolute
 * @property {string} token for comments; empty where there is none
 * @property {string} author whose comments are its own, on GitHub
 */

/** The variables that may hold an API token of Mailtrap. */
const MAILTRAP_VARIABLES = ['MAILTRAP_API_TOKEN', 'MAILTRAP_API_TOKEN_FILE'];

/**
 * Reads `INPUT_*`, as GitHub names the inputs of an action. Reports every problem at once.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} cwd
 * @returns {Inputs}
 */
export function readInputs(env, cwd) {
  const problems = [];
  const text = (/** @type {string} */ name, fallback = '') => env[`INPUT_${name}`]?.trim() || fallback;
  const flag = (/** @type {string} */ name, /** @type {string} */ fallback) => {
    const word = text(name, fallback);
    if (word !== 'true' && word !== 'false')
      problems.push(`${inputName(name)} is ${JSON.stringify(word)}: true or false`);
    return word === 'true';
  };
  const task = text('TASK', 'check');
  if (task !== 'check' && task !== 'snapshot') problems.push(`task is ${JSON.stringify(task)}: check or snapshot`);
  const policy = text('POLICY', 'policy.yaml').replace(/^(?:\.\/)+/, '');
  if (
    isAbsolute(policy) ||
    policy.startsWith('-') ||
    policy.split('/').some((part) => part === '..' || part === '.git' || part === '')
  )
    problems.push(
      `policy is ${JSON.stringify(policy)}: a path from the top of the repository, as in access/policy.yaml`,
    );
  const snapshot = text('SNAPSHOT');
  if (task === 'snapshot' && snapshot === '') problems.push('snapshot is missing: the file to write the account to');
  const held = task === 'check' ? MAILTRAP_VARIABLES.filter((name) => (env[name] ?? '') !== '') : [];
  if (held.length > 0)
    problems.push(
      `${held.join(' and ')} is set: a check reads no account, and anyone who changes the policy could take it`,
    );
  const inputs = {
    task: task === 'snapshot' ? /** @type {const} */ ('snapshot') : /** @type {const} */ ('check'),
    policy,
    snapshot: snapshot === '' ? null : resolve(cwd, snapshot),
    comment: flag('COMMENT', 'true'),
    failWhenHeld: flag('FAIL_WHEN_HELD', 'false'),
    failWhenLeftBehind: flag('FAIL_WHEN_LEFT_BEHIND', 'false'),
    junit: text('JUNIT') === '' ? null : resolve(cwd, text('JUNIT')),
    token: text('TOKEN'),
    author: text('COMMENT_AUTHOR', 'github-actions[bot]'),
  };
  if (problems.length > 0) throw new ActionError(problems.join('; '), 'see docs/pull-requests.md of grantd');
  return inputs;
}

/** @param {string} name */
function inputName(name) {
  return name.toLowerCase().replaceAll('_', '-');
}
