// @ts-check
import { callForge, ForgeError } from './forge-request.mjs';

/** Both forges give at most 100 on a page. */
const PER_PAGE = 100;

/** A change with more than 20 000 comments is not searched to its end. */
const PAGES_MOST = 200;

/**
 * The comments of one change, as its forge has them.
 * @typedef {object} Comments
 * @property {string} url of the list, and of what is made
 * @property {(id: number) => string} urlOf one comment
 * @property {'PATCH' | 'PUT'} updateMethod
 * @property {Readonly<Record<string, string>>} headers
 * @property {(comment: any) => boolean} isOwn
 * @property {(comment: any) => string | null} linkOf
 */

/**
 * What became of a comment; `refused` where the token may not write, as that of a fork's pull request.
 * @typedef {{ readonly did: 'created' | 'updated', readonly link: string | null } | { readonly did: 'refused', readonly why: string }} Upserted
 */

/**
 * Makes the comment that begins with the marker say this: the one that is there, or a new one. Only a comment of its own
 * is changed: anybody can paste a marker.
 * @param {Comments} comments
 * @param {{ readonly marker: string, readonly body: string }} wanted
 * @returns {Promise<Upserted>}
 */
export async function upsertComment(comments, { marker, body }) {
  const { url, headers, updateMethod, urlOf, linkOf } = comments;
  const found = await findComment(comments, marker);
  if (found !== null) {
    // A comment that cannot be updated goes on saying what is no longer true, so this failure is not let pass.
    const updated = await callForge({ method: updateMethod, url: urlOf(found.id), headers, body: { body } });
    return { did: 'updated', link: linkOf(updated) };
  }
  try {
    return { did: 'created', link: linkOf(await callForge({ method: 'POST', url, headers, body: { body } })) };
  } catch (error) {
    if (error instanceof ForgeError && [401, 403, 404].includes(error.status))
      return { did: 'refused', why: error.message };
    throw error;
  }
}

/**
 * @param {Comments} comments
 * @param {string} marker
 */
async function findComment({ url, headers, isOwn }, marker) {
  for (let page = 1; page <= PAGES_MOST; page += 1) {
    const list = await callForge({ method: 'GET', url: `${url}?per_page=${PER_PAGE}&page=${page}&sort=asc`, headers });
    if (!Array.isArray(list)) throw new ForgeError('the list of comments is no list', 0);
    const found = list.find((comment) => `${comment?.body ?? ''}`.startsWith(marker) && isOwn(comment));
    if (found !== undefined) return found;
    if (list.length < PER_PAGE) return null;
  }
  throw new ForgeError(`there are more than ${PER_PAGE * PAGES_MOST} comments`, 0);
}
