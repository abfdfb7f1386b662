import type { Plan } from '../domain/plan.ts';
import type { Restraints } from '../domain/restraints.ts';
import type { Revision } from '../domain/revision.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import type { WritePorts } from '../reconcile/reconcile.ts';
import { renderPlanText } from '../report/render-plan-text.ts';
import type { ApplyInterrupts } from './apply-interrupts.ts';
import type { Call } from './command-spec.ts';
import { textFlag } from './flags.ts';
import type { Progress } from './progress.ts';

/** Everything that the steps of one apply share. */
export interface ApplyScene {
  readonly call: Call;
  readonly resolved: ResolvedPolicy;
  readonly restraints: Restraints;
  readonly revision: Revision;
  readonly ports: WritePorts;
  readonly interrupts: ApplyInterrupts;
  readonly progress: Progress;
}

/** Prints the plan before anything of it is written; where stdout is for a program, on stderr. */
export function showPlan({ call, progress }: Pick<ApplyScene, 'call' | 'progress'>, plan: Plan): void {
  progress.clear();
  const { io, paint } = call;
  if (textFlag(call, 'format') === 'json') io.stderr.write(renderPlanText(plan, paint.stderr));
  else io.stdout.write(renderPlanText(plan, paint.stdout));
}
