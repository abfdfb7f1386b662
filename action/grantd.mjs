// @ts-check
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A plan of a million rows is a few seconds and some 100 MB of text at most. */
const LIMITS = { timeout: 600_000, maxBuffer: 256 * 2 ** 20 };

/**
 * How a command of grantd ended.
 * @typedef {{ readonly code: number, readonly stdout: string, readonly stderr: string }} Ended
 */

/**
 * Runs the grantd that this action was taken with.
 * @param {readonly string[]} args
 * @param {{ readonly cwd: string, readonly env: NodeJS.ProcessEnv }} where
 * @returns {Promise<Ended>}
 */
export function runGrantd(args, { cwd, env }) {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd, env, ...LIMITS }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      const cut =
        error !== null && typeof error.code !== 'number' ? `grantd did not end by itself: ${error.message}\n` : '';
      resolve({ code, stdout, stderr: `${stderr}${cut}` });
    });
  });
}

/**
 * What an offline command needs of the environment: nothing that could be a secret or a setting.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function bareEnvironment(env) {
  return { PATH: env['PATH'], HOME: env['HOME'], NO_COLOR: '1' };
}
