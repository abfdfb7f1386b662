// @ts-check
import { appendFile } from 'node:fs/promises';
import { ActionError } from './action-error.mjs';
import { annotation, validationAnnotations } from './annotations.mjs';
import { check, leftBehindRemark } from './check.mjs';
import { commentsOf } from './forges.mjs';
import { readInputs } from './inputs.mjs';
import { readJob } from './job.mjs';
import { markerOf, renderComment, renderReport } from './report.mjs';
import { takeSnapshot } from './snapshot.mjs';
import { upsertComment } from './upsert-comment.mjs';

/**
 * What action.yml runs, and a pipeline of GitLab: one task, told as annotations, outputs, a job summary and one comment.
 * @typedef {{ readonly env: NodeJS.ProcessEnv, readonly cwd: string }} Where
 */

/**
 * @param {Where} where
 * @returns {Promise<number>}
 */
async function main(where) {
  const isGithub = where.env['GITHUB_ACTIONS'] === 'true';
  try {
    const inputs = readInputs(where.env, where.cwd);
    const job = readJob(where.env);
    if (inputs.task === 'check') return await runCheck(inputs, job, where);
    say(isGithub, 'notice', await takeSnapshot(inputs, job, where));
    return 0;
  } catch (error) {
    const [message, code] =
      error instanceof ActionError
        ? [`${error.message}\n${error.remedy}`, error.exitCode]
        : [error instanceof Error ? error.message : String(error), 1];
    say(isGithub, 'error', message);
    return code;
  }
}

/**
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {import('./job.mjs').Job} job
 * @param {Where} where
 */
async function runCheck(inputs, job, where) {
  const checked = await check(inputs, job, where);
  const { report, result, exitCode, validation, errors, waits, leftBehind } = checked;
  const left = inputs.failWhenLeftBehind ? leftBehindRemark(leftBehind) : [];
  const isGithub = job.forge === 'github';
  if (isGithub) {
    if (validation !== null) for (const line of validationAnnotations(inputs.policy, validation)) print(line);
    for (const error of errors) print(annotation('error', { file: inputs.policy }, error));
    if (exitCode === 3)
      for (const why of waits)
        print(annotation('warning', { file: inputs.policy, title: WAITING[why].title }, WAITING[why].text));
    for (const text of left) print(annotation('error', { file: inputs.policy, title: 'left behind' }, text));
    await append(where.env['GITHUB_STEP_SUMMARY'], `${renderReport(report)}\n`);
  } else {
    print(renderReport(report));
    for (const text of left) print(`error: ${text}`);
  }
  await append(
    where.env['GITHUB_OUTPUT'],
    `result=${result}\nexit-code=${exitCode}\nleft-behind=${leftBehind?.principals ?? ''}\n`,
  );
  const link = await comment(inputs, job, checked);
  await append(where.env['GITHUB_OUTPUT'], `comment-url=${link ?? ''}\n`);
  if (exitCode === 1 || exitCode === 4) return exitCode;
  if (left.length > 0) return 1;
  return exitCode === 3 && inputs.failWhenHeld && waits.includes('held') ? 3 : 0;
}

/** @type {Readonly<Record<import('./check.mjs').Waiting, { readonly title: string, readonly text: string }>>} */
const WAITING = {
  paused: { title: 'paused', text: 'The policy is paused: grantd would write nothing of this.' },
  held: {
    title: 'held by a guard',
    text: 'A guard holds a part of what this would change. The job summary has its digests, and what approves them.',
  },
  deferred: {
    title: 'deferred',
    text: 'A part of what this would change waits. The job summary says for what, and what to do.',
  },
};

/**
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {import('./job.mjs').Job} job
 * @param {import('./check.mjs').Checked} checked
 * @returns {Promise<string | null>} where the comment is
 */
async function comment({ comment: isEnabled, policy, token, author }, job, { report, head }) {
  const isGithub = job.forge === 'github';
  if (!isEnabled || job.number === null) return null;
  if (token === '') {
    say(isGithub, 'notice', `No comment: there is no token to write one with. ${ELSEWHERE}`);
    return null;
  }
  const commit = job.headSha ?? head;
  const body = renderComment(report, { commit, logUrl: job.logUrl });
  const ended = await upsertComment(await commentsOf(job, { token, author }), { marker: markerOf(policy), body });
  if (ended.did === 'refused') {
    say(isGithub, 'notice', `No comment: this token may not write one (${ended.why}). ${ELSEWHERE}`);
    return null;
  }
  print(`The comment was ${ended.did}.`);
  return ended.link;
}

const ELSEWHERE =
  'That is so for a fork, and where the job lacks the permission (pull-requests: write). The summary or log of the job has it all.';

/**
 * @param {boolean} isGithub
 * @param {'error' | 'notice'} kind
 * @param {string} text
 */
function say(isGithub, kind, text) {
  print(isGithub ? annotation(kind, {}, text) : `${kind}: ${text}`);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * @param {string | undefined} path
 * @param {string} text
 */
async function append(path, text) {
  if (path !== undefined && path !== '') await appendFile(path, text);
}

process.exitCode = await main({ env: process.env, cwd: process.cwd() });
