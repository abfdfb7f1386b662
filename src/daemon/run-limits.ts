import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { Pacing } from './pacing.ts';

/** The limits of a run: `stop` starts no further write, and `abort` ends work in flight. */
export interface RunLimits {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  /** Whether the daemon stops or a newer policy arrived, so that the run need not finish. A deadline does not count. */
  readonly isCalledOff: boolean;
  /** Starts no further write: a newer policy arrived. */
  supersede(): void;
  /** The run has ended: cancels the deadline, and releases the signals of the daemon. */
  end(): void;
}

/** Sets the deadline of a run, and connects it to the signals of the daemon. */
export function limitRun(
  clock: DaemonClock,
  { runTimeoutMs, runGraceMs }: Pick<Pacing, 'runTimeoutMs' | 'runGraceMs'>,
  daemon: { readonly stop: AbortSignal; readonly abort: AbortSignal },
  onDeadline: () => void,
): RunLimits {
  const stop = new AbortController();
  const abort = new AbortController();
  const ended = new AbortController();
  let isSuperseded = false;
  // Not AbortSignal.any: each signal made from one that lives as long as the daemon would stay in memory.
  const letGo = [follow(stop, daemon.stop), follow(abort, daemon.abort)];
  void keepDeadline().catch(() => {});
  return {
    stop: stop.signal,
    abort: abort.signal,
    get isCalledOff() {
      return isSuperseded || daemon.stop.aborted;
    },
    supersede: () => {
      isSuperseded = true;
      stop.abort();
    },
    end: () => {
      ended.abort();
      for (const one of letGo) one();
    },
  };

  async function keepDeadline(): Promise<void> {
    await clock.sleep(runTimeoutMs, ended.signal);
    onDeadline();
    stop.abort();
    await clock.sleep(runGraceMs, ended.signal);
    const message = `the run was not done ${runTimeoutMs + runGraceMs} ms after it began, and was cut off`;
    abort.abort(
      new GrantdError(
        'run-timeout',
        message,
        'raise runTimeoutMs if the account is large, or see whether the API is slow',
      ),
    );
  }
}

/** Aborts together with another signal, for the same reason. Returns a function that ends the connection. */
function follow(controller: AbortController, signal: AbortSignal): () => void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
