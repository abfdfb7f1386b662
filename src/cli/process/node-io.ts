import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DaemonClock } from '../../core/domain/run/daemon-ports.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { isFile, writeToFile } from './file-output.ts';
import type { CliIo, Input, Output } from './io.ts';

/** A signal that never aborts, for reads: Ctrl-C ends the process itself, and a read leaves nothing half done. */
export const NEVER: AbortSignal = new AbortController().signal;

/** The clock of the system. */
export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (durationMs, signal) => {
    try {
      await sleep(durationMs, undefined, { signal });
    } catch {
      // The timer rejects with an error of its own; the port promises the reason of the signal.
      throw signal.reason;
    }
  },
};

/** Adds the time since the process started, which no one can set. */
export function daemonClock(clock: Clock): DaemonClock {
  return {
    now: () => clock.now(),
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
    monotonicMs: () => performance.now(),
  };
}

/** Aborts on the first Ctrl-C, or when the output has no reader any more. A second Ctrl-C ends the process by itself. */
export function untilInterrupted(io: Pick<CliIo, 'onInterrupt' | 'stdout'>): AbortSignal {
  const end = new AbortController();
  const stop = () => end.abort(new GrantdError('stopped', 'stopped by a signal', 'start it again when you like'));
  const off = io.onInterrupt(() => {
    off();
    stop();
  });
  io.stdout.closed.addEventListener('abort', stop, { once: true });
  return end.signal;
}

/** The real streams, environment, clock and signals of this process. */
export function nodeIo(): CliIo {
  return {
    stdin: toInput(process.stdin),
    stdout: toOutput(process.stdout, 1),
    stderr: toOutput(process.stderr, 2),
    env: process.env,
    cwd: process.cwd(),
    clock: REAL_CLOCK,
    random: Math.random,
    onInterrupt: (listener) => listen(['SIGINT', 'SIGTERM'], listener),
    onHangup: (listener) => listen(['SIGHUP'], listener),
    endNow: () => process.exit(1),
  };
}

function listen(signals: readonly NodeJS.Signals[], listener: () => void): () => void {
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

function toOutput(stream: NodeJS.WriteStream, fd: number): Output {
  const closed = new AbortController();
  // Without a listener, a closed pipe would end the process in the middle of an apply.
  stream.on('error', () => closed.abort());
  const write = isFile(fd) ? (text: string) => writeToFile(fd, text) : (text: string) => stream.write(text);
  return {
    write: (text) => {
      try {
        if (!closed.signal.aborted) write(text);
      } catch (error) {
        closed.abort(error);
      }
    },
    drained: async () => {
      // It rejects where the stream fails or is closed, and then there is nothing to wait for.
      if (stream.writableNeedDrain) await once(stream, 'drain', { signal: closed.signal }).catch(() => {});
    },
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : null,
    closed: closed.signal,
  };
}

function toInput(stream: NodeJS.ReadStream): Input {
  return { isTerminal: stream.isTTY === true, read: () => stream, ask };

  async function ask(question: string, signal: AbortSignal): Promise<string | null> {
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input: stream, output: process.stderr });
    try {
      const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
      return await Promise.race([lines.question(question, { signal }), ended]);
    } catch {
      return null;
    } finally {
      lines.close();
    }
  }
}
