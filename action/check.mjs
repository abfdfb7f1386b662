// @ts-check
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { compareWithBase, planOnSnapshot, validateHead } from './ask-grantd.mjs';
import { findChange, readPolicyFiles } from './change.mjs';
import { bareEnvironment, runGrantd } from './grantd.mjs';
import { quoted } from './report.mjs';

/**
 * @typedef {import('./ask-grantd.mjs').Workspace} Workspace
 * @typedef {import('./ask-grantd.mjs').Texts} Texts
 * @typedef {import('./inputs.mjs').Inputs} Inputs
 * @typedef {import('./job.mjs').Job} Job
 * @typedef {import('./annotations.mjs').ValidationJson} ValidationJson
 */

/**
 * @typedef {import('./ask-grantd.mjs').Waiting} Waiting
 * @typedef {'ok' | 'changes' | Waiting | 'failed' | 'invalid'} Result
 * @typedef {object} Checked
 * @property {Result} result
 * @property {0 | 1 | 2 | 3 | 4} exitCode as of grantd
 * @property {string} head the commit that was judged
 * @property {import('./report.mjs').Report} report
 * @property {ValidationJson | null} validation
 * @property {readonly string[]} errors what went wrong besides
 * @property {readonly Waiting[]} waits why the plan would not be written whole
 * @property {import('./ask-grantd.mjs').LeftBehind | null} leftBehind null where nothing was planned
 */

/** @type {Readonly<Record<0 | 1 | 2 | 4, Result>>} by exit code; with 3 the plan says which it is */
const RESULTS = { 0: 'ok', 1: 'failed', 2: 'changes', 4: 'invalid' };

/** @type {Readonly<Record<Result, string>>} */
const HEADLINES = {
  ok: '**Valid.**',
  changes: '**Valid**, and the account differs from it.',
  paused: '**Valid**, and paused: grantd would write nothing.',
  held: '**Valid**, and a guard holds a part of what it would change until that is approved.',
  deferred: '**Valid**, and a part of what it would change waits, because something that it relies on is in doubt.',
  failed: '**Failed:** a test of the policy, or the check itself.',
  invalid: '**Invalid.** grantd would not apply it, and falls back to the last valid policy until it is fixed.',
};

/**
 * Validates the policy of a change, compares it with what was there before, and plans it on the snapshot. The change gives
 * its text and the files that it includes, read from git into an empty directory: none of its files is run, read as a setting, or followed as a link.
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
      head: await readPolicyFiles(change.head, inputs.policy, cwd),
      base: change.base === null ? new Map() : await readPolicyFiles(change.base, inputs.policy, cwd),
    };
    const workspace = await layOut(room, inputs, texts, env);
    return await judge(workspace, texts, change.head);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/**
 * @param {string} room
 * @param {Inputs} inputs
 * @param {Texts} texts
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Workspace>}
 */
async function layOut(room, { policy, snapshot, junit }, texts, env) {
  const head = join(room, 'head');
  await mkdir(head);
  for (const [side, files] of Object.entries(texts)) {
    for (const [file, bytes] of files) {
      const path = join(room, side, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
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
 * @param {Workspace} workspace
 * @param {Texts} texts
 * @param {string} head
 * @returns {Promise<Checked>}
 */
async function judge(workspace, texts, head) {
  const { policy, snapshot } = workspace;
  if (texts.head.size === 0) return withoutPolicy(workspace, texts.base.size > 0, head);
  const onSnapshot = snapshot === null ? [] : ['--snapshot', snapshot];
  const validated = await validateHead(workspace, onSnapshot);
  const sections = validated.text === null ? [] : [{ title: 'Validation', markdown: quoted(validated.text) }];
  const errors = [...validated.errors];
  let exitCode = validated.code;
  /** @type {readonly Waiting[]} */
  let waits = [];
  /** @type {Checked['leftBehind']} */
  let leftBehind = null;
  if (exitCode !== 4) {
    const compared = await compareWithBase(workspace, texts, onSnapshot);
    if (compared !== null) sections.push({ title: 'Comparison', markdown: compared });
    const planned = await planOnSnapshot(workspace);
    if (planned !== null) {
      sections.push({ title: 'Plan', markdown: planned.markdown });
      errors.push(...planned.errors);
      leftBehind = planned.leftBehind;
      exitCode = worstOf(exitCode, planned.code);
      waits = planned.waits;
    }
  }
  const result = exitCode === 3 ? (waits[0] ?? 'failed') : RESULTS[exitCode];
  const remarks = [...validated.remarks, ...leftBehindRemark(leftBehind), await snapshotRemark(snapshot)];
  return {
    result,
    exitCode,
    head,
    errors: [...new Set(errors)],
    waits,
    leftBehind,
    validation: validated.json,
    report: { policy, headline: HEADLINES[result], remarks, sections },
  };
}

/**
 * @param {Workspace} workspace
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
    waits: [],
    leftBehind: null,
    validation: null,
    report: { policy, headline: `**Invalid.** ${what} ${means}`, remarks: [], sections: [] },
  };
}

/**
 * How many keep access although no grant names them; nothing where there are none.
 * @param {Checked['leftBehind']} leftBehind
 * @returns {readonly string[]}
 */
export function leftBehindRemark(leftBehind) {
  if (leftBehind === null || leftBehind.principals === 0) return [];
  const { principals, rows } = leftBehind;
  const people = principals === 1 ? '1 person keeps' : `${principals} people keep`;
  return [`${people} ${rows} ${rows === 1 ? 'row' : 'rows'}, and no grant names them.`];
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
 * Of several, as grantd has it: 4, 1, 3, 2, 0.
 * @param {0 | 1 | 2 | 3 | 4} one
 * @param {0 | 1 | 2 | 3 | 4} other
 */
function worstOf(one, other) {
  const order = /** @type {const} */ ([4, 1, 3, 2, 0]);
  return order.find((code) => code === one || code === other) ?? 1;
}
