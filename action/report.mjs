// @ts-check
import { createHash } from 'node:crypto';

/** What GitHub takes for a comment; GitLab takes more. */
const COMMENT_CHARACTERS_MAX = 65_536;

/** How much of what grantd printed is quoted for one step. */
const QUOTED_CHARACTERS_MOST = 20_000;

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {string} markdown
 */

/**
 * @typedef {object} Report
 * @property {string} policy
 * @property {string} headline Markdown that holds no text of the policy
 * @property {readonly string[]} remarks the same
 * @property {readonly Section[]} sections those that matter most first
 */

/**
 * By what the comment of one policy is found again: it shows nowhere, and says nothing of the policy's own words.
 * @param {string} policy
 */
export function markerOf(policy) {
  return `<!-- grantd check ${createHash('sha256').update(policy).digest('hex').slice(0, 16)} -->`;
}

/**
 * The whole report, for the job summary.
 * @param {Report} report
 */
export function renderReport({ policy, headline, remarks, sections }) {
  return [...opening(policy, headline, remarks), ...sections.map(({ markdown }) => `${markdown.trim()}\n`)].join('\n');
}

/**
 * The report as a comment: a section that does not fit any more is left out whole, and said to be.
 * @param {Report} report
 * @param {{ readonly commit: string, readonly logUrl: string | null }} told
 */
export function renderComment({ policy, headline, remarks, sections }, { commit, logUrl }) {
  const elsewhere = logUrl === null ? 'The log of the job' : `The [summary of the job](${logUrl})`;
  const closing = `<sub>For commit ${commit.slice(0, 12)}. Updated in place.</sub>\n`;
  const parts = [markerOf(policy), ...opening(policy, headline, remarks)];
  const leftOut = (/** @type {string} */ title) => `**${title}: too long for this comment.** ${elsewhere} has it.\n`;
  const reserved = sections.reduce((sum, { title }) => sum + leftOut(title).length + 1, closing.length);
  let room = COMMENT_CHARACTERS_MAX - reserved - parts.join('\n').length - 1;
  for (const { title, markdown } of sections) {
    const text = `${markdown.trim()}\n`;
    const fits = text.length + 1 <= room;
    if (fits) room -= text.length + 1;
    parts.push(fits ? text : leftOut(title));
  }
  return [...parts, closing].join('\n');
}

/**
 * @param {string} policy
 * @param {string} headline
 * @param {readonly string[]} remarks
 */
function opening(policy, headline, remarks) {
  return [`## grantd: ${plainCode(policy)}`, '', headline, '', ...remarks.flatMap((remark) => [remark, ''])];
}

/**
 * What grantd printed, in a block that nothing in it can close.
 * @param {string} text
 */
export function quoted(text) {
  const cut = text.length > QUOTED_CHARACTERS_MOST;
  const shown = cut ? text.slice(0, text.lastIndexOf('\n', QUOTED_CHARACTERS_MOST) + 1) : text;
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${shown.trimEnd()}\n${fence}\n${cut ? '\n**Cut to fit:** `grantd validate` shows all.\n' : ''}`;
}

/**
 * A path as inline code; what is not plain in it is shown as `?`.
 * @param {string} text
 */
export function plainCode(text) {
  return `\`${text.replace(/[^\p{L}\p{N} ./_()@+=,-]/gu, '?').slice(0, 300)}\``;
}
