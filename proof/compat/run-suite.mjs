// One run of `npm test` on another Node.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const SIGNALS = ['SIGINT', 'SIGTERM'];

/**
 * Runs the tests, those under `paths` or all, so that every `node` that anything starts is this one:
 * proof/compat/node-version.test.ts fails where it is not. `counts` is null where the run told none,
 * `isCalledOff` true where somebody ended it.
 */
export async function runSuite({ version, binary }, paths) {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-compat-'));
  const report = join(directory, 'report.json');
  const began = performance.now();
  try {
    const more = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status, isCalledOff } = await ended(
      spawn('npm', ['test', '--', ...paths, ...more], {
        cwd: ROOT,
        stdio: 'inherit',
        env: environment(version, binary),
      }),
    );
    const minutes = (performance.now() - began) / 60_000;
    return { version, paths, status, isCalledOff, counts: countsIn(report), minutes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Without what the npm that started this left behind, which names its own Node. */
function environment(version, binary) {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_.*|NODE|NODE_OPTIONS|INIT_CWD)$/.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: `${dirname(binary)}:${process.env.PATH}`,
    GRANTD_TEST_NODE_VERSION: `v${version}`,
  };
}

/** Whoever ends this ends the tests too. */
async function ended(child) {
  let isCalledOff = false;
  const passOn = (signal) => {
    isCalledOff = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  try {
    const status = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(signal ?? code));
    });
    return { status, isCalledOff };
  } finally {
    for (const signal of SIGNALS) process.off(signal, passOn);
  }
}

function countsIn(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return null;
  }
}
