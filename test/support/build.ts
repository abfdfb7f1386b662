import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const MAIN = join(ROOT, 'dist', 'main.js');

const KEY = createHash('sha256').update(ROOT).digest('hex').slice(0, 16);
const LOCK = join(tmpdir(), `grantd-build-${KEY}.lock`);
const STAMP = join(tmpdir(), `grantd-build-${KEY}.stamp`);

/** A build takes some seconds, a minute where the machine is busy; an older lock was left behind by a run that was killed. */
const LOCK_STALE_MS = 170_000;

/** Builds dist once for all test files, however many processes they run in. */
export function ensureBuilt(): void {
  for (;;) {
    if (isBuilt()) return;
    if (takeLock()) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  try {
    // Somebody else may have built it between the look and the lock, and is running it by now.
    if (isBuilt()) return;
    const revision = newestSource();
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    run([tsc, '-p', 'tsconfig.build.json']);
    run([join(ROOT, 'dist', 'compile-schemas.js')]);
    writeFileSync(STAMP, revision);
  } finally {
    leaveLock();
  }
}

function run(words: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: ROOT });
  if (status !== 0) throw new Error(`the build failed: ${stdout}${stderr}`);
}

function isBuilt(): boolean {
  return existsSync(MAIN) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === newestSource();
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > LOCK_STALE_MS) leaveLock();
    return false;
  }
}

/** Somebody else may have taken it for left behind, and away. */
function leaveLock(): void {
  rmSync(LOCK, { recursive: true, force: true });
}

/** Changes whenever a source file is written, added or removed. */
function newestSource(): string {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const times = files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs);
  return `${files.length} ${Math.max(...times)}`;
}
