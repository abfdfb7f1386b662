// @ts-check
import { callForge } from './forge-request.mjs';

/**
 * @typedef {import('./job.mjs').Job} Job
 * @typedef {import('./upsert-comment.mjs').Comments} Comments
 */

/**
 * The comments of the job's pull request or merge request.
 * @param {Job} job
 * @param {{ readonly token: string, readonly author: string }} caller
 * @returns {Promise<Comments>}
 */
export async function commentsOf(job, { token, author }) {
  return job.forge === 'gitlab' ? await gitlabNotes(job, token) : githubComments(job, token, author);
}

/**
 * The token of a workflow cannot ask who it is, so the inputs name the author.
 * @param {Job} job
 * @param {string} token
 * @param {string} author
 * @returns {Comments}
 */
function githubComments({ apiUrl, project, number }, token, author) {
  const issues = `${apiUrl}/repos/${project}/issues`;
  return {
    url: `${issues}/${number}/comments`,
    urlOf: (id) => `${issues}/comments/${id}`,
    updateMethod: 'PATCH',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    isOwn: (comment) => comment?.user?.login === author,
    linkOf: (comment) => webAddress(comment?.html_url),
  };
}

/**
 * @param {Job} job
 * @param {string} token
 * @returns {Promise<Comments>}
 */
async function gitlabNotes({ apiUrl, project, number }, token) {
  const headers = { 'private-token': token };
  const { id } = await callForge({ method: 'GET', url: `${apiUrl}/user`, headers });
  const notes = `${apiUrl}/projects/${encodeURIComponent(project)}/merge_requests/${number}/notes`;
  return {
    url: notes,
    urlOf: (note) => `${notes}/${note}`,
    updateMethod: 'PUT',
    headers,
    isOwn: (note) => note?.author?.id === id,
    linkOf: () => null,
  };
}

/** @param {unknown} text */
function webAddress(text) {
  return typeof text === 'string' && /^https?:\/\/[\x21-\x7e]+$/.test(text) ? text : null;
}
