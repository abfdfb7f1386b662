// @ts-check
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findChange, readCommitted } from './change.mjs';
import { bareEnvironment, runGrantd } from './grantd.mjs';
import { quoted } from './report.mjs';

/**
 * @typedef {import('./grantd.mjs').Ended} Ended
 * @typedef {import('./inputs.mjs').Inputs} Inputs
 * @typedef {import('./job.mjs').Job} Job
 * @typedef {import('./annotations.mjs').ValidationJson} ValidationJson
 */

/**
 * @typedef {'ok' | 'changes' | 'held' | 'failed' | 'invalid'} Result
 * @typedef {object} Checked
 * @property {Result} result
 * @property {0 | 1 | 2 | 3 | 4} exitCode as of grantd
 * @property {string} head the commit that was judged
 * @property {import('./report.mjs').Report} report
 * @property {ValidationJson | null} validation
 * @property {readonly string[]} errors what went wrong besides
 */

/** @type {readonly Result[]} by exit code */
const RESULTS = ['ok', 'failed', 'changes', 'held', 'invalid'];

/** @type {Readonly<Record<Result, string>>} */
const HEADLINES = {
  ok: '**Valid.**',
  changes: '**Valid**, and the account differs from it.',
  held: '**Valid**, and a guard holds a part of what it would change until that is approved.',
  failed: '**Failed:** a test of the policy, or the check itself.',
  invalid: '**Invalid.** Nothing of it would be applied: the last good policy stands in until it is mended.',
};

/**
 * Validates the policy of a change, compares it with what was there before, and plans it on the snapshot. The change gives
 * one text, read from git into an empty directory: none of its files is run, read as a setting, or followed as a link.
 * @param {Inputs} inputs
 * @param {Job} job
 * @param {{ readonly env: NodeJS.ProcessEnv, readonly cwd: string }} where
 * @returns {Promise<Checked>}
 */
export async function check(inputs, job, { env, cwd }) {
  const change = await findChange(job, cwd);
  const room = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'grantd-check-'));
  try {
    const texts = {
      head: await readCommitted(change.head, inputs.policy, cwd),
      base: change.base === null ? null : await readCommitted(change.base, inputs.policy, cwd),
    };
    const desk = await layOut(room, inputs, texts, env);
    return await judge(desk, texts, change.head);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/**
 * @typedef {object} Desk
 * @property {string} policy as grantd shows it
 * @property {string} oldPolicy
 * @property {string | null} snapshot null where there is none
 * @property {string | null} junit
 * @property {(...args: string[]) => Promise<Ended>} grantd
 */

/**
 * @param {string} room
 * @param {Inputs} inputs
 * @param {{ readonly head: Buffer | null, readonly base: Buffer | null }} texts
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Desk>}
 */
async function layOut(room, { policy, snapshot, junit }, texts, env) {
  const head = join(room, 'head');
  await mkdir(head);
  for (const [side, text] of Object.entries(texts)) {
    if (text === null) continue;
    const path = join(room, side, policy);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return {
    policy,
    oldPolicy: relative(head, join(room, 'base', policy)),
    snapshot: snapshot !== null && existsSync(snapshot) ? snapshot : null,
    junit,
    grantd: (...args) => runGrantd(args, { cwd: head, env: bareEnvironment(env) }),
  };
}

/**
 * @param {Desk} desk
 * @param {{ readonly head: Buffer | null, readonly base: Buffer | null }} texts
 * @param {string} head
 * @returns {Promise<Checked>}
 */
async function judge(desk, texts, head) {
  const { policy, snapshot } = desk;
  if (texts.head === null) return withoutPolicy(desk, texts.base !== null, head);
  const onSnapshot = snapshot === null ? [] : ['--snapshot', snapshot];
  const validated = await validate(desk, onSnapshot);
  const sections = validated.text === null ? [] : [{ title: 'Validation', markdown: quoted(validated.text) }];
  const errors = [...validated.errors];
  let exitCode = validated.code;
  if (exitCode !== 4) {
    const compared = await compare(desk, texts, onSnapshot);
    if (compared !== null) sections.push({ title: 'Comparison', markdown: compared });
    const planned = await plan(desk);
    if (planned !== null) {
      sections.push({ title: 'Plan', markdown: planned.markdown });
      errors.push(...planned.errors);
      exitCode = worstOf(exitCode, planned.code);
    }
  }
  const result = RESULTS[exitCode] ?? 'failed';
  const remarks = [...validated.remarks, await snapshotRemark(snapshot)];
  return {
    result,
    exitCode,
    head,
    errors,
    validation: validated.json,
    report: { policy, headline: HEADLINES[result], remarks, sections },
  };
}

/**
 * @param {Desk} desk
 * @param {boolean} wasThere
 * @param {string} head
 * @returns {Checked}
 */
function withoutPolicy({ policy }, wasThere, head) {
  const what = wasThere ? 'This change deletes the policy.' : 'There is no policy at this path.';
  const means = 'Without a policy nothing is applied, and what the last good one gave stays, but for what ends.';
  return {
    result: 'invalid',
    exitCode: 4,
    head,
    errors: [`${policy} is not there. ${means}`],
    validation: null,
    report: { policy, headline: `**Invalid.** ${what} ${means}`, remarks: [], sections: [] },
  };
}

/**
 * Every problem with its excerpt, as a terminal shows it, where there is one.
 * @param {Desk} desk
 * @param {readonly string[]} onSnapshot
 */
async function validate({ grantd, policy, junit }, onSnapshot) {
  const toJunit = junit === null ? [] : ['--junit', junit];
  const asJson = await grantd('validate', policy, '--format', 'json', ...onSnapshot, ...toJunit);
  const [code, json] = [codeOf(asJson.code), parse(asJson.stdout)];
  if (json === null) return { code, json, text: asJson.stderr, remarks: [], errors: [firstLine(asJson.stderr)] };
  const { problems, tests, never = [] } = json;
  const passed = tests.filter(({ verdict }) => verdict === 'passed').length;
  const remarks = tests.length === 0 ? [] : [`${passed} of ${tests.length} tests of the policy passed.`];
  const isPlain = problems.length === 0 && [...tests, ...never].every(({ verdict }) => verdict === 'passed');
  const text = isPlain ? null : (await grantd('validate', policy, ...onSnapshot)).stdout;
  return { code, json, text, remarks, errors: [] };
}

/**
 * @param {Desk} desk
 * @param {{ readonly head: Buffer | null, readonly base: Buffer | null }} texts
 * @param {readonly string[]} onSnapshot
 * @returns {Promise<string | null>}
 */
async function compare({ grantd, policy, oldPolicy }, texts, onSnapshot) {
  if (texts.base === null) return null;
  if (texts.head !== null && texts.base.equals(texts.head)) return 'The text of the policy is not changed.';
  const { code, stdout, stderr } = await grantd('compare', oldPolicy, policy, '--format', 'markdown', ...onSnapshot);
  return code === 0 ? stdout : `**Not compared** with what is there now:\n\n${quoted(stderr)}`;
}

/** @param {Desk} desk */
async function plan({ grantd, policy, snapshot }) {
  if (snapshot === null) return null;
  const args = ['plan', policy, '--snapshot', snapshot, '--format', 'markdown', '--detailed-exitcode'];
  const { code, stdout, stderr } = await grantd(...args);
  if ([0, 2, 3].includes(code)) return { code: codeOf(code), markdown: stdout, errors: [] };
  const markdown = `**Not planned** on the snapshot:\n\n${quoted(stderr)}`;
  return { code: codeOf(code), markdown, errors: [firstLine(stderr)] };
}

/**
 * Says how old the picture is that was planned on; the file may be large, and says it at its beginning.
 * @param {string | null} snapshot
 */
async function snapshotRemark(snapshot) {
  if (snapshot === null)
    return 'There is no snapshot of the account, so nothing was planned: only the text was judged.';
  const file = await open(snapshot);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
    const taken = /"takenAt":"([0-9T:.Z+-]{10,40})"/.exec(buffer.toString('utf8', 0, bytesRead))?.[1];
    return taken === undefined ? 'Planned on a snapshot.' : `Planned on the account as it was at \`${taken}\`.`;
  } finally {
    await file.close();
  }
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

/**
 * Of several, as grantd has it: 4, 1, 3, 2, 0.
 * @param {0 | 1 | 2 | 3 | 4} one
 * @param {0 | 1 | 2 | 3 | 4} other
 */
function worstOf(one, other) {
  const order = /** @type {const} */ ([4, 1, 3, 2, 0]);
  return order.find((code) => code === one || code === other) ?? 1;
}
