import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createPolicySource } from '../../../adapters/policy-file/policy-source.ts';
import { createMemoryStateStore } from '../../../adapters/state/memory-state-store.ts';
import { NO_JOURNAL } from '../../../core/domain/run/daemon-ports.ts';
import { Daemon } from '../../../daemon/daemon.ts';
import type { Call } from '../../line/command.ts';
import { checkPolicyText } from '../../open/check-policy-text.ts';
import type { AccountPorts } from '../../open/connect.ts';
import { daemonClock } from '../../process/daemon-clock.ts';
import { intervalSchedule } from './interval-schedule.ts';
import type { DemoTeller } from './teller.ts';

/** How often the demo looks for drift: far more often than anybody would for real. */
const LOOK_EVERY_MS = 3_000;

const PACING = { minIntervalMs: 0, startJitterMs: 0, runTimeoutMs: 60_000, runGraceMs: 5_000, pollIntervalMs: 2_000 };

export interface DemoWatchParts {
  readonly call: Call;
  readonly ports: AccountPorts;
  readonly policyPath: string;
  readonly teller: DemoTeller;
  readonly ended: AbortSignal;
}

/** The daemon itself, on the simulated account, told for people; until the demo ends. */
export async function watchDemo({ call, ports, policyPath, teller, ended }: DemoWatchParts): Promise<void> {
  const { io, settings } = call;
  const clock = daemonClock(io.clock);
  const { rowsPerPut, concurrency, settleMs } = settings;
  const daemon = new Daemon([
    {
      source: createPolicySource({
        path: resolve(io.cwd, policyPath),
        shownPath: policyPath,
        settleMs,
        clock,
        check: checkPolicyText,
      }),
      state: createMemoryStateStore(),
      clock,
      emit: (event) => teller.take(event),
      schedule: intervalSchedule(LOOK_EVERY_MS, () => clock.now()),
      open: async () => ({ ...ports, journal: NO_JOURNAL }),
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
