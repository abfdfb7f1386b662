import { isFailure, type RunEnd, type RunMark } from '../../../core/domain/run/daemon-event.ts';
import type { RunResult } from '../../../core/domain/run/run-result.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { AccountStatuses } from '../../../daemon/account-statuses.ts';
import { judgeRun } from '../../../daemon/judge-run.ts';
import type { CallContext } from '../../line/command.ts';
import { notifyTargets, openNotifier } from '../../open/notifier.ts';
import { daemonClock } from '../../process/node-io.ts';

/** How long the delivery of the notifications of one run may take, with every retry. */
const DELIVERY_MS = 40_000;

/** What a run came to, and whether every notification about it was delivered to at least one receiver. */
export interface ReportedRun {
  readonly result: RunResult;
  readonly isReported: boolean;
}

/**
 * Runs, and sends the notifications that the daemon would send after its first run. A run that fails is reported as well, and
 * rejects as it did. `isStopped`: whether the run was called off.
 */
export async function reportRun(
  call: CallContext,
  mark: RunMark,
  run: () => Promise<RunResult>,
  isStopped: () => boolean,
): Promise<ReportedRun> {
  const { stderr } = call.io;
  const clock = daemonClock(call.io.clock);
  const lost = new Set<string>();
  const statuses = new AccountStatuses(clock, () => lost.add('webhook').add('slack'));
  const notifier = await openNotifier(call, clock, { endsSoonDays: 0 }, (event) => {
    if (event.kind !== 'notify.failed' && event.kind !== 'notify.dropped') return;
    lost.add(event.target);
    const why = event.kind === 'notify.failed' ? event.reason : 'too many waited';
    stderr.write(`a notification was not delivered to ${event.target}: ${why}\n`);
  });
  statuses.add(notifier.observe);
  const startedMs = clock.monotonicMs();
  statuses.emit({ kind: 'run.started', ...mark });
  const end = (ended: RunEnd, result: RunResult | null, error: GrantdError | null) =>
    statuses.emit({
      kind: 'run.ended',
      ...mark,
      end: ended,
      result,
      error,
      durationMs: clock.monotonicMs() - startedMs,
      failures: isFailure(ended) ? 1 : 0,
      commitToAppliedSeconds: null,
    });
  try {
    const result = await run();
    end(judgeRun(result, isStopped()), result, null);
    await notifier.flush(DELIVERY_MS);
    notifier.close();
    return { result, isReported: notifyTargets(call).some(({ kind }) => !lost.has(kind)) };
  } catch (error) {
    if (error instanceof GrantdError) end(error.code === 'stopped' ? 'stopped' : 'failed', null, error);
    await notifier.flush(DELIVERY_MS);
    notifier.close();
    throw error;
  }
}
