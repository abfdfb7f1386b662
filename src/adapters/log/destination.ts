import { pino } from 'pino';

/** Takes whole lines, each with its end. */
export interface LogDestination {
  write(line: string): void;
}

/** How often grantd tries a write while no one reads the pipe, 100 ms apart. */
const STUCK_TRIES_MOST = 100;
/** How much waits while lines cannot be written for another reason, such as a full disk. grantd drops the rest. */
const WAITING_BYTES_MOST = 1024 * 1024;
/** The reader is gone, or does not read any more. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EAGAIN', 'EBADF', 'ECONNRESET', 'ENOTCONN', 'EIO']);

/**
 * Standard output, written at once: if the process is killed, every line that it logged is out. `onClosed` is called once,
 * when no one reads it any more. From then on lines are dropped.
 */
export function openStandardOutput(onClosed: () => void): LogDestination {
  let isClosed = false;
  let stuckTries = 0;
  const stream = pino.destination({
    dest: 1,
    sync: true,
    maxLength: WAITING_BYTES_MOST,
    retryEAGAIN: () => ++stuckTries <= STUCK_TRIES_MOST,
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosed || !CLOSED.has(error.code)) return;
    isClosed = true;
    // `onClosed` may log in turn, which must not happen within a write.
    queueMicrotask(onClosed);
  });
  return {
    write(line) {
      if (isClosed) return;
      stuckTries = 0;
      stream.write(line);
    },
  };
}
