import { NO_RESTRAINTS } from '../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { makePlan, type PlannedRun } from '../../run/reconcile/make-plan.ts';
import type { CallContext } from '../line/command.ts';
import { NEVER } from '../process/node-io.ts';
import { Progress, progressOf } from '../process/terminal.ts';
import { readSnapshot } from './snapshot.ts';

/** `everyToken`: read the list of API tokens even if no grant names one, so that an answer leaves no one out. */
export interface LookOptions {
  readonly everyToken: boolean;
}

/** A call of a command that has `--snapshot`. */
type CallWithSnapshot = CallContext & { readonly flags: { readonly snapshot: string | undefined } };

/**
 * Plans the policy against the account: against a snapshot if the call names one, else as it is now. Dates are judged
 * at `at`, or now. Writes nothing.
 */
export async function observeFor(
  call: CallWithSnapshot,
  resolved: ResolvedPolicy,
  options: LookOptions = { everyToken: false },
  at: Instant | null = null,
): Promise<PlannedRun> {
  const { snapshot } = call.flags;
  if (snapshot !== undefined) {
    const actual = await readSnapshot(call, snapshot, resolved.policy.account);
    return makePlan(resolved, actual, at ?? call.io.clock.now(), NO_RESTRAINTS);
  }
  return plannedAt(await observeLive(call, resolved, options), resolved, at);
}

/** The plan of the same account at another moment. */
export function plannedAt(planned: PlannedRun, resolved: ResolvedPolicy, at: Instant | null): PlannedRun {
  return at === null ? planned : makePlan(resolved, planned.actual, at, NO_RESTRAINTS);
}

/** Plans the policy against the account as it is now. Writes nothing. */
export async function observeLive(
  call: CallContext,
  resolved: ResolvedPolicy,
  { everyToken }: LookOptions,
): Promise<PlannedRun> {
  const [{ openAccount }, { preview }] = await Promise.all([
    import('./account.ts'),
    import('../../run/reconcile/preview.ts'),
  ]);
  const ports = await openAccount(call, resolved.policy.account);
  const progress = new Progress(call.io.stderr);
  try {
    return await preview(ports, { resolved, restraints: NO_RESTRAINTS, everyToken }, NEVER, (event) =>
      progress.show(progressOf(event)),
    );
  } finally {
    progress.end();
  }
}
