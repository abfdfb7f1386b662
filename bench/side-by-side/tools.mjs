import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SCRIPT = fileURLToPath(new URL('script/sync.mjs', import.meta.url));
const PRELOAD = new URL('script/at-simulator.mjs', import.meta.url).href;

/** Where the client of the script is installed; a package of its own, so that grantd's install stays lean. */
export const SCRIPT_PACKAGE = fileURLToPath(new URL('.', import.meta.url));

/** For what hangs, not for what is slow. */
const DEADLINE_MS = 180_000;

/**
 * What is compared: each makes the account behind a URL equal to a policy file, as a process of its own. `asides` is what it
 * printed besides its successes: warnings, and who is left as they are.
 */
export const TOOLS = [
  {
    name: 'grantd apply',
    // As a job whose log somebody reads later: standing findings are listed in full.
    arguments: (url, policy) => [MAIN, 'apply', policy, '--yes', '--verbose', '--api-url', url],
    asides: ({ stdout, stderr }) => `${stderr}\n${besideChanges(stdout)}`,
  },
  {
    name: 'script, one by one',
    arguments: (_url, policy) => ['--import', PRELOAD, SCRIPT, policy],
    asides: ({ stderr }) => stderr,
  },
  {
    name: 'script, Promise.all',
    arguments: (_url, policy) => ['--import', PRELOAD, SCRIPT, policy, '--parallel'],
    asides: ({ stderr }) => stderr,
  },
];

/** Without the sections that list what is to be written and what became of it, since these name whoever went well, too. */
function besideChanges(stdout) {
  const sections = stdout.split('\n\n');
  return sections.filter((section) => !/^\s*(?:Changes|Result of each change)\b/.test(section)).join('\n\n');
}

/** True where `npm ci` was run in the package of the script. */
export function isScriptInstalled() {
  return existsSync(new URL('node_modules/mailtrap/package.json', import.meta.url));
}

/** Runs a tool to its end, and tells how it ended, what it printed, and how long it lived. */
export function runTool(tool, { url, policy, secret, directory }) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, tool.arguments(url, policy), {
      cwd: directory,
      env: { PATH: process.env.PATH, MAILTRAP_API_TOKEN: secret, SIMULATOR_URL: url },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const endedAt = performance.now();
      resolve({ exitCode, stdout, stderr, startedAt, endedAt, wallMs: endedAt - startedAt });
    });
  });
}
