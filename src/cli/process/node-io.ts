import { createInterface } from 'node:readline/promises';
import type { CliIo, Input, Output } from './io.ts';
import { REAL_CLOCK } from './real-clock.ts';

/** The world of a real process. */
export function nodeIo(): CliIo {
  return {
    stdin: toInput(process.stdin),
    stdout: toOutput(process.stdout),
    stderr: toOutput(process.stderr),
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

function toOutput(stream: NodeJS.WriteStream): Output {
  const closed = new AbortController();
  // Without a listener a reader that went away would end the process in the middle of an apply.
  stream.on('error', () => closed.abort());
  return {
    write: (text) => {
      if (!closed.signal.aborted) stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : null,
    closed: closed.signal,
  };
}

function toInput(stream: NodeJS.ReadStream): Input {
  return { isTerminal: stream.isTTY === true, read: () => stream, ask };

  async function ask(question: string, signal: AbortSignal): Promise<string | null> {
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
