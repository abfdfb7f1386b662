import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createPolicySource } from '../../../adapters/policy-file/policy-source.ts';
import { createMemoryStateStore } from '../../../adapters/state/memory-state-store.ts';
import { emptyMemory } from '../../../core/domain/account/account-memory.ts';
import { NO_JOURNAL, type PutLedger, type Schedule } from '../../../core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';
import { Daemon } from '../../../daemon/daemon.ts';
import type { CallContext } from '../../line/command.ts';
import type { AccountPorts } from '../../open/connect.ts';
import { checkPolicyText } from '../../open/policy.ts';
import { daemonClock } from '../../process/node-io.ts';
import type { DaemonPrinter } from './daemon-printer.ts';

/** How often the demo looks for drift: far more often than a real daemon should. */
const LOOK_EVERY_MS = 3_000;

const PACING = { minIntervalMs: 0, startJitterMs: 0, runTimeoutMs: 60_000, runGraceMs: 5_000, pollIntervalMs: 2_000 };

/** What the second part of the demo works on: the daemon that watches. */
export interface DemoWatchParts {
  readonly call: CallContext;
  readonly ports: AccountPorts;
  /** What the first round learned of whether a PUT takes rows that it does not name. */
  readonly ledger: PutLedger;
  readonly policyPath: string;
  readonly printer: DaemonPrinter;
  readonly ended: AbortSignal;
}

/** Runs the real daemon on the simulated account until the demo ends, and prints what it does. */
export async function watchDemo({ call, ports, ledger, policyPath, printer, ended }: DemoWatchParts): Promise<void> {
  const { io, settings } = call;
  const clock = daemonClock(io.clock);
  const { rowsPerPut, concurrency, settleMs } = settings;
  const state = createMemoryStateStore();
  await state.save({ ...emptyMemory(ledger.account), puts: ledger.memory() });
  const daemon = new Daemon([
    {
      source: createPolicySource({
        path: resolve(io.cwd, policyPath),
        shownPath: policyPath,
        settleMs,
        clock,
        check: checkPolicyText,
      }),
      state,
      clock,
      emit: (event) => printer.take(event),
      schedule: intervalSchedule(LOOK_EVERY_MS, () => clock.now()),
      open: async () => ({ ...ports, journal: NO_JOURNAL }),
      api: ledger.api,
      pacing: PACING,
      sizes: { rowsPerPut, concurrency },
      random: io.random,
      newRunId: randomUUID,
    },
  ]);
  const stop = () => daemon.stop();
  ended.addEventListener('abort', stop, { once: true });
  if (ended.aborted) stop();
  await daemon.live();
}

/** A slot every `everyMs` from the start on. */
function intervalSchedule(everyMs: number, now: () => Instant): Schedule {
  let nextAt: Instant | null = null;
  return {
    next: () => nextAt,
    slotsMs: (count) => count * everyMs,
    start: (onSlot) => {
      nextAt = now() + everyMs;
      const timer = setInterval(() => {
        nextAt = now() + everyMs;
        onSlot({ missed: false });
      }, everyMs);
      return { stop: () => clearInterval(timer) };
    },
  };
}
