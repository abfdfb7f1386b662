// @ts-check
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ActionError } from './action-error.mjs';
import { runGrantd } from './grantd.mjs';

/**
 * Saves the account to a file. Only where nobody but those who may write to the default branch decided what runs: it holds
 * the token of an account admin.
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {import('./job.mjs').Job} job
 * @param {{ readonly env: NodeJS.ProcessEnv, readonly cwd: string }} where
 * @returns {Promise<string>} what to tell
 */
export async function takeSnapshot({ policy, snapshot }, job, { env, cwd }) {
  if (job.untrusted !== null) {
    throw new ActionError(
      `no snapshot is taken here: ${job.untrusted}`,
      'take it in a workflow on push, schedule or workflow_dispatch of the default branch (on GitLab: of a protected branch)',
    );
  }
  const out = snapshot ?? 'account.json';
  await mkdir(dirname(out), { recursive: true, mode: 0o700 });
  const { code, stderr } = await runGrantd(['snapshot', '--policy', policy, '--out', out], {
    cwd,
    env: withoutInputs(env),
  });
  if (code !== 0)
    throw new ActionError(
      stderr.trim(),
      'run grantd doctor with the same token: it looks at everything and says what to do',
      code === 4 ? 4 : 1,
    );
  return `The account was saved to ${out}.`;
}

/** @param {NodeJS.ProcessEnv} env */
function withoutInputs(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')));
}
