import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { Pacing } from './pacing.ts';

/** The two ends that a run may meet: begin nothing further, and cut off what is in flight. */
export interface RunLimits {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  /** Whether the daemon stops or a newer policy came, so that nobody expected the run to be done. A deadline does not count. */
  readonly isCalledOff: boolean;
  /** Begins no further write: a newer policy came. */
  supersede(): void;
  /** The run has ended: calls off the deadline, and lets go of the daemon's signals. */
  end(): void;
}

/** Sets a run its deadline, and ties it to the signals of the daemon. */
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
  // Not AbortSignal.any: on a signal that lives as long as the daemon, each one made of it stays behind.
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

/** Aborts with another signal, for the same reason. Returns what ends that. */
function follow(controller: AbortController, signal: AbortSignal): () => void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
