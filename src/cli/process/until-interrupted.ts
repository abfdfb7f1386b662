import { GrantdError } from '../../core/domain/text/error.ts';
import type { CliIo } from './io.ts';

/** Aborts on the first Ctrl-C, or when nobody reads the output any more. A second Ctrl-C ends the process by itself. */
export function untilInterrupted(io: CliIo): AbortSignal {
  const end = new AbortController();
  const stop = () => end.abort(new GrantdError('stopped', 'stopped by a signal', 'start it again when you like'));
  const off = io.onInterrupt(() => {
    off();
    stop();
  });
  io.stdout.closed.addEventListener('abort', stop, { once: true });
  return end.signal;
}
