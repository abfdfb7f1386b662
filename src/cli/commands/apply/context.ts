import type { Plan } from '../../../core/domain/plan/plan.ts';
import type { Restraints } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { Revision } from '../../../core/domain/policy/revision.ts';
import type { PutLedger } from '../../../core/domain/run/daemon-ports.ts';
import { renderPlanText } from '../../../report/plan/text.ts';
import type { WritePorts } from '../../../run/reconcile/reconcile.ts';
import type { Progress } from '../../process/terminal.ts';
import type { ApplyInterrupts } from './interrupts.ts';
import type { SharedMemory } from './memory.ts';
import type { ApplyCall } from './spec.ts';

/** Everything that the steps of one apply share. */
export interface ApplyContext {
  readonly call: ApplyCall;
  readonly resolved: ResolvedPolicy;
  readonly restraints: Restraints;
  readonly revision: Revision;
  readonly runId: string;
  readonly ports: WritePorts;
  /** What is known of whether a PUT takes rows that it does not name. */
  readonly ledger: PutLedger;
  /** The state that it shares with a daemon; null without one. */
  readonly shared: SharedMemory | null;
  readonly interrupts: ApplyInterrupts;
  readonly progress: Progress;
}

/** Prints the plan before grantd writes it; on stderr if stdout is for a program. */
export function showPlan({ call, progress }: Pick<ApplyContext, 'call' | 'progress'>, plan: Plan): void {
  progress.clear();
  const { io, paint, flags } = call;
  const stream = flags.format === 'json' ? 'stderr' : 'stdout';
  io[stream].write(renderPlanText(plan, paint[stream], { isWhole: flags.verbose }));
}
