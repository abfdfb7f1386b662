import type { EmitEvent } from '../../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../../core/domain/run/ports.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import type { Daemon } from '../../../daemon/daemon.ts';
import type { CliIo } from '../../process/io.ts';

/** What it takes to stop a daemon. */
export interface StopParts {
  readonly io: Pick<CliIo, 'onInterrupt' | 'onHangup' | 'endNow'>;
  readonly clock: Clock;
  readonly daemon: Pick<Daemon, 'stop' | 'abort' | 'ask'>;
  readonly emit: EmitEvent;
  readonly stopTimeoutMs: number;
}

/**
 * Ends the daemon in order: nothing further begins, and what runs may finish until a deadline, which then cuts it off.
 * A second signal ends the process at once. SIGHUP asks for a run.
 */
export class DaemonStop {
  readonly #parts: StopParts;
  readonly #over = new AbortController();
  readonly #offs: readonly (() => void)[];
  #isStopping = false;

  constructor(parts: StopParts) {
    this.#parts = parts;
    this.#offs = [
      parts.io.onInterrupt(() => (this.#isStopping ? parts.io.endNow() : this.stop('a signal'))),
      parts.io.onHangup(() => parts.daemon.ask('signal')),
    ];
  }

  /** The log contains `reason`. */
  stop(reason: string): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { emit, daemon } = this.#parts;
    emit({ kind: 'daemon.stopping', reason });
    daemon.stop();
    void this.#keepDeadline().catch(() => {});
  }

  /** The daemon has ended. */
  end(): void {
    this.#over.abort();
    for (const off of this.#offs) off();
  }

  async #keepDeadline(): Promise<void> {
    const { clock, daemon, stopTimeoutMs } = this.#parts;
    await clock.sleep(stopTimeoutMs, this.#over.signal);
    const message = `cut off: the run was not done ${stopTimeoutMs} ms after the request to stop`;
    daemon.abort(new GrantdError('stopped', message, 'the next run reads the account and does what remains'));
  }
}
