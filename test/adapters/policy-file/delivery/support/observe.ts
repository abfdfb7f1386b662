import { setTimeout as sleep } from 'node:timers/promises';
import { createPolicySource } from '../../../../../src/adapters/policy-file/policy-source.ts';
import type { WatchBy } from '../../../../../src/adapters/policy-file/watch-path.ts';
import type { PolicyReading } from '../../../../../src/core/domain/run/daemon-ports.ts';
import { LAST_LINE } from './policy-text.ts';

/**
 * The observer: `node observe.js PATH MODE SETTLE_MS`. Reads at the start, on every hint, and every so often, and prints a
 * JSON line for each text that is another one than before, in the words of the daemon's log.
 */
const [path = '', mode = '', settleMs = ''] = process.argv.slice(2);

const READ_EVERY_MS = 20_000;

/** What a periodic read finds was missed only if no event comes within this time. */
const EVENT_WITHIN_MS = 3_000;

const source = createPolicySource({
  path,
  shownPath: path,
  settleMs: Number(settleMs),
  clock: {
    now: () => Date.now(),
    sleep: (durationMs, signal) => sleep(durationMs, undefined, { signal }),
  },
  watch: { mode: mode as WatchBy, lookIntervalMs: 100 },
  check: ({ text }) =>
    text.endsWith(LAST_LINE)
      ? { ok: true, value: { entitlements: [] } as never, problems: [] }
      : { ok: false, problems: [] },
});

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const never = await source.neverChanges();
if (never !== null) print({ event: 'policy.never-changes', reason: never });

let isHinted = false;
let wake: () => void = () => {};
source.watch({
  onHint: () => {
    isHinted = true;
    wake();
  },
  onMode: (watchMode, reason) => print({ event: 'watch.mode', mode: watchMode, reason }),
});

function keyOf(reading: PolicyReading): string {
  if (reading.kind === 'unreadable') return reading.error.message;
  return `${reading.kind} ${reading.revision.sha256} ${reading.revision.commit}`;
}

function report(reading: PolicyReading, trigger: string): void {
  if (reading.kind === 'unreadable') {
    print({ event: 'policy.unreadable', trigger, message: reading.error.message });
  } else {
    const event = reading.kind === 'valid' ? 'policy.accepted' : 'policy.rejected';
    print({ event, trigger, revision: reading.revision });
  }
}

async function hintOrTimer(): Promise<void> {
  if (isHinted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, READ_EVERY_MS);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

let seen = '';
for (let trigger = 'start'; ; trigger = isHinted ? 'file' : 'poll') {
  isHinted = false;
  const reading = await source.read(AbortSignal.timeout(60_000));
  if (keyOf(reading) !== seen) {
    seen = keyOf(reading);
    if (trigger === 'poll') await sleep(EVENT_WITHIN_MS);
    report(reading, trigger === 'poll' && isHinted ? 'file' : trigger);
  }
  await hintOrTimer();
}
