// @ts-check
import { isSamePolicy } from './change.mjs';
import { quoted } from './report.mjs';

/**
 * @typedef {import('./annotations.mjs').ValidationJson} ValidationJson
 * @typedef {import('./grantd.mjs').Ended} Ended
 * @typedef {'paused' | 'held' | 'deferred'} Waiting
 */

/**
 * The files of the policy of the change, and what was there before; empty where it is not there.
 * @typedef {{ readonly head: ReadonlyMap<string, Buffer>, readonly base: ReadonlyMap<string, Buffer> }} Texts
 */

/**
 * @typedef {object} Workspace
 * @property {string} policy as grantd shows it
 * @property {string} oldPolicy
 * @property {string | null} snapshot null where there is none
 * @property {string | null} junit
 * @property {(...args: string[]) => Promise<Ended>} grantd
 */

/**
 * Every problem with its excerpt, as a terminal shows it, where there is one.
 * @param {Workspace} workspace
 * @param {readonly string[]} onSnapshot
 */
export async function validateHead({ grantd, policy, junit }, onSnapshot) {
  const toJunit = junit === null ? [] : ['--junit', junit];
  const asJson = await grantd('validate', policy, '--format', 'json', ...onSnapshot, ...toJunit);
  const json = parse(asJson.stdout);
  // Then something else was in the way, such as a snapshot that cannot be read: nothing is said of the policy.
  if (json === null) return broken(asJson);
  const { problems, tests, never = [] } = json;
  const passed = tests.filter(({ verdict }) => verdict === 'passed').length;
  const remarks = tests.length === 0 ? [] : [`${passed} of ${tests.length} tests of the policy passed.`];
  const isPlain = problems.length === 0 && [...tests, ...never].every(({ verdict }) => verdict === 'passed');
  const text = isPlain ? null : (await grantd('validate', policy, ...onSnapshot)).stdout;
  return { code: codeOf(asJson.code), json, text, remarks, errors: [] };
}

/** @param {Ended} ended */
function broken({ stderr }) {
  return { code: /** @type {const} */ (1), json: null, text: stderr, remarks: [], errors: [firstLine(stderr)] };
}

/**
 * @param {Workspace} workspace
 * @param {Texts} texts
 * @param {readonly string[]} onSnapshot
 * @returns {Promise<string | null>}
 */
export async function compareWithBase({ grantd, policy, oldPolicy }, texts, onSnapshot) {
  if (texts.base.size === 0) return null;
  if (isSamePolicy(texts.base, texts.head)) return 'The text of the policy is not changed.';
  const { code, stdout, stderr } = await grantd('compare', oldPolicy, policy, '--format', 'markdown', ...onSnapshot);
  return code === 0 ? stdout : `**Not compared** with what is there now:\n\n${quoted(stderr)}`;
}

/**
 * Who keeps access although no grant names them, as `grantd plan --format json` counts them.
 * @typedef {{ readonly principals: number, readonly rows: number }} LeftBehind
 */

/**
 * A plan of a policy that was found valid. `leftBehind` is null if it could not be made.
 * @param {Workspace} workspace
 */
export async function planOnSnapshot({ grantd, policy, snapshot }) {
  if (snapshot === null) return null;
  const args = ['plan', policy, '--snapshot', snapshot];
  const { code, stdout, stderr } = await grantd(...args, '--format', 'markdown', '--detailed-exitcode');
  const asJson = [0, 2, 3].includes(code) ? await grantd(...args, '--format', 'json') : null;
  if (asJson?.code === 0) {
    const plan = JSON.parse(asJson.stdout);
    const waits = code === 3 ? whatWaits(plan) : [];
    return { code: codeOf(code), markdown: stdout, leftBehind: plan.counts.leftBehind, errors: [], waits };
  }
  const why = asJson?.stderr ?? stderr;
  const markdown = `**Not planned** on the snapshot:\n\n${quoted(why)}`;
  return { code: /** @type {const} */ (1), markdown, leftBehind: null, errors: [firstLine(why)], waits: [] };
}

/**
 * Why a plan would not be written whole: exit code 3 is one for all of these.
 * @param {{ readonly verdict: string, readonly held: readonly unknown[], readonly deferred: readonly unknown[], readonly unresolved: readonly unknown[] }} plan
 * @returns {readonly Waiting[]}
 */
function whatWaits({ verdict, held, deferred, unresolved }) {
  return [
    ...(verdict === 'paused' ? [/** @type {const} */ ('paused')] : []),
    ...(held.length > 0 ? [/** @type {const} */ ('held')] : []),
    ...(deferred.length + unresolved.length > 0 ? [/** @type {const} */ ('deferred')] : []),
  ];
}

/**
 * @param {string} text
 * @returns {ValidationJson | null}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split('\n')[0] || 'grantd said nothing';
}

/**
 * @param {number} code
 * @returns {0 | 1 | 2 | 3 | 4}
 */
function codeOf(code) {
  return code === 0 || code === 2 || code === 3 || code === 4 ? code : 1;
}
