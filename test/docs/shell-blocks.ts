import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN, ROOT } from '../support/build.ts';

const NOT_RUN = /<!-- not run (?:from )?here: [^>]+ -->\n$/;

/** The fenced blocks of one language in a page, in order, without those that a comment right above says are not run. */
export function blocksOf(page: string, language: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .filter(({ index }) => !NOT_RUN.test(text.slice(0, index)))
    .map(([, , code]) => `${code}`);
}

export interface ShellRun {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs the lines of a page in one shell, in a directory of its own that has the project's `config`, and stops at the first
 * that fails. `grantd` is the built command line. The ports of the page are others here, which are free: what holds those of
 * the page may be another run of this test.
 */
export async function runShell(script: string, environment: Readonly<Record<string, string>> = {}): Promise<ShellRun> {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-docs-'));
  symlinkSync(join(ROOT, 'config'), join(directory, 'config'));
  writeFileSync(join(directory, 'grantd'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, { mode: 0o755 });
  const lines = await withFreePorts(script);
  const child = spawn('bash', ['-c', `set -eu -o pipefail\n${lines}`], {
    cwd: directory,
    env: { PATH: `${directory}:${process.env['PATH'] ?? ''}`, HOME: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const closed = once(child, 'close');
  const [code] = (await once(child, 'exit')) as [number | null];
  endGroup(child.pid);
  await closed;
  return { code, output };
}

async function withFreePorts(script: string): Promise<string> {
  let lines = script;
  for (const port of new Set(script.match(/\b991\d\b/g))) lines = lines.replaceAll(port, await freePort());
  return lines;
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

/** What a script left running in the background would outlive the test. */
function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
