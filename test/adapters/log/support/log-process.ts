import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogFormat, LogThreshold } from '../../../../src/adapters/log/level.ts';
import type { DaemonEvent } from '../../../../src/core/domain/run/daemon-event.ts';
import { ApiError, type GrantdError } from '../../../../src/core/domain/text/error.ts';
import { ensureBuilt, ROOT } from '../../../support/build.ts';

const CHILD = fileURLToPath(new URL('./log-child.mjs', import.meta.url));

export interface LogProcessOptions {
  readonly level?: LogThreshold;
  readonly format?: LogFormat;
  /** What the process does when it has logged: end, kill itself, go on logging, or log to somebody who does not read yet. */
  readonly afterwards?: 'end' | 'kill' | 'go on' | 'unread';
  readonly stdout?: 'pipe' | number;
}

export interface LogProcess {
  readonly child: ChildProcess;
  /** Resolves when it has ended and its streams are closed. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>;
}

/** A process of its own that logs these events to its standard output. */
export function startLogProcess(events: readonly DaemonEvent[], options: LogProcessOptions = {}): LogProcess {
  ensureBuilt();
  const { level = 'trace', format = 'json', afterwards = 'end', stdout = 'pipe' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'grantd-log-'));
  const file = join(folder, 'events.json');
  writeFileSync(
    file,
    JSON.stringify(events, (_, value) => (value instanceof Error ? errorJson(value) : value)),
  );
  const args = [CHILD, join(ROOT, 'dist'), JSON.stringify({ level, format }), file, afterwards];
  const child = spawn(process.execPath, args, { stdio: ['ignore', stdout, 'pipe'] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Awaited<LogProcess['ended']>>((resolve) => {
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true });
      resolve({ code, signal, stderr });
    });
  });
  return { child, ended };
}

/** Reads what a process writes until it ends. */
export async function outputOf(process: LogProcess): Promise<string> {
  let text = '';
  process.child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await process.ended;
  return text;
}

function errorJson(error: Error): unknown {
  const { message, cause } = error;
  const { code, remedy } = error as GrantdError;
  const request = error instanceof ApiError ? error.request : undefined;
  return { $error: { code, message, remedy, request, ...(cause instanceof Error ? { cause: cause.message } : {}) } };
}
