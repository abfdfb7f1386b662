import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileScripts } from '../../../../support/compile-script.ts';
import type { Delivery } from './deliveries.ts';
import { type Line, LineProcess } from './line-process.ts';
import { commitOfText, policyText, sha256Of } from './policy-text.ts';

/** How an observer is started on a path: a command that prints the JSON lines of the daemon's log. */
export type Observer = (path: string) => readonly [command: string, ...args: readonly string[]];

/** How many texts a delivery brings in a row. */
export const UPDATES = 20;

/** Processes and directories of the tests of one file. */
export class Stage {
  readonly #scripts = compileScripts('test/adapters/policy-file/delivery/support', ['write', 'observe']);
  readonly #directory = realpathSync(mkdtempSync(join(tmpdir(), 'grantd-delivery-')));
  readonly #processes: LineProcess[] = [];
  #count = 0;

  /** Everything is gone afterwards. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.end()));
    rmSync(this.#directory, { recursive: true, force: true });
    this.#scripts.remove();
  }

  directory(): string {
    this.#count += 1;
    const directory = join(this.#directory, String(this.#count));
    mkdirSync(directory);
    return directory;
  }

  start(
    [command, ...args]: readonly [command: string, ...args: readonly string[]],
    options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): LineProcess {
    const process = new LineProcess(command, args, options);
    this.#processes.push(process);
    return process;
  }

  /** What brings the texts of a delivery, one for each line that it is sent. */
  writer(delivery: Delivery, directory: string): LineProcess {
    return this.start([process.execPath, this.#scripts.paths.write, delivery.name, directory]);
  }

  /** The policy source by itself. */
  observeFile(mode: 'auto' | 'polling' = 'auto', settleMs = 200): Observer {
    return (path) => [process.execPath, this.#scripts.paths.observe, path, mode, String(settleMs)];
  }

  /** A writer and an observer of one delivery, both running, the first text seen unless there is none. */
  async begin(delivery: Delivery, observer: Observer): Promise<Scene> {
    const directory = this.directory();
    const writer = this.writer(delivery, directory);
    writer.send({ step: 'prepare', text: policyText(0) });
    await writer.line(({ event }) => event === 'written');
    const observing = this.start(observer(join(directory, delivery.policyPath)));
    const scene = new Scene(delivery, writer, observing);
    await observing.line(({ event }) => event === 'watch.mode');
    await observing.line(({ event }) => event === 'policy.accepted' || event === 'policy.unreadable');
    return scene;
  }
}

export class Scene {
  readonly delivery: Delivery;
  readonly writer: LineProcess;
  readonly observing: LineProcess;
  /** How long each update took the writer, so that one that stood still for a while can be told from one that did not. */
  readonly tookMs: number[] = [];

  constructor(delivery: Delivery, writer: LineProcess, observing: LineProcess) {
    this.delivery = delivery;
    this.writer = writer;
    this.observing = observing;
  }

  /** Brings the next text without waiting for anybody to notice. */
  async write(text: string): Promise<void> {
    const start = this.writer.lines.length;
    this.writer.send({ step: 'update', text });
    const { tookMs } = await this.writer.line(({ event }) => event === 'written', start);
    this.tookMs.push(Number(tookMs));
  }

  /**
   * Brings one text after the other, each once the one before was accepted; gives how each was noticed, up to the first
   * that was not noticed by an event.
   */
  async writeAll(count = UPDATES): Promise<readonly string[]> {
    const triggers: string[] = [];
    for (let number = 1; number <= count; number += 1) {
      const text = policyText(number);
      await this.write(text);
      const { trigger } = await this.accepted(text);
      triggers.push(trigger);
      if (trigger !== 'file') break;
    }
    return triggers;
  }

  async accepted(text: string): Promise<{ readonly trigger: string }> {
    const line = await this.observing.line(
      (line) => line.event === 'policy.accepted' && revisionOf(line).sha256 === sha256Of(text),
    );
    return { trigger: String(line['trigger']) };
  }

  /** Every revision that was accepted or rejected, in order. */
  revisions(event: 'policy.accepted' | 'policy.rejected'): readonly Revision[] {
    return this.observing.lines.filter((line) => line.event === event).map(revisionOf);
  }
}

interface Revision {
  readonly sha256: string;
  readonly commit: string | null;
}

function revisionOf(line: Line): Revision {
  return line['revision'] as Revision;
}

/** What a delivery must have shown of a text. */
export function expectedRevision(delivery: Delivery, text: string): Revision {
  return { sha256: sha256Of(text), commit: delivery.hasCommit ? commitOfText(text) : null };
}
