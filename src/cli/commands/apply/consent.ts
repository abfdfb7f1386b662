import type { Plan } from '../../../core/domain/plan/plan.ts';
import type { AgreedPlan, RunResult } from '../../../core/domain/run/run-result.ts';
import { counted } from '../../../core/domain/text/text.ts';
import { fitText } from '../../../report/layout/fit.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import { askedDifferences } from '../../../report/plan/differences.ts';
import { summarySection } from '../../../report/plan/summary.ts';
import { PutWatch } from '../../../run/apply/put-watch.ts';
import { agreedPlan, differingPlan } from '../../../run/reconcile/agreed-plan.ts';
import { preview, requireSameClock } from '../../../run/reconcile/preview.ts';
import { UsageError } from '../../line/errors.ts';
import { progressOf } from '../../process/terminal.ts';
import { type ApplyContext, showPlan } from './context.ts';
import { firstPutText } from './first-put.ts';
import { requireFitting } from './require-fitting.ts';
import type { ApplyCall } from './spec.ts';
import { warnFirst } from './warn-first.ts';

/** The user's answer to a plan; `nothing-to-ask` if grantd may not write the plan anyway. */
export type Consent =
  | { readonly kind: 'agreed'; readonly agreed: AgreedPlan }
  | { readonly kind: 'declined' }
  | { readonly kind: 'nothing-to-ask'; readonly result: RunResult };

/** Throws `UsageError` if no one can answer. */
export function requireTerminal({ io, settings }: ApplyCall): void {
  if (io.stdin.isTerminal && io.stderr.isTerminal && settings.policy !== '-') return;
  const why = settings.policy === '-' ? 'the policy comes from standard input' : 'this is not a terminal';
  throw new UsageError(
    `apply asks before it writes, and no one can answer: ${why}`,
    'add --yes, with --plan FILE to write exactly what was reviewed',
  );
}

/** Shows the plan as it is now and asks whether to write it. Writes nothing. */
export async function askConsent(context: ApplyContext, saved: AgreedPlan | null): Promise<Consent> {
  const { call, resolved, restraints, ports, interrupts, progress } = context;
  const seen = await preview(ports, { resolved, restraints }, interrupts.abort, (event) =>
    progress.show(progressOf(event)),
  );
  progress.clear();
  progress.show('');
  const watch = new PutWatch(context.ledger, ports.clock, call.settings.rowsPerPut);
  const plan = watch.deferUnproven(seen);
  showPlan(context, plan);
  const differing = saved && differingPlan(seen, context, saved);
  const refused: RunResult | null =
    saved !== null && differing !== null ? { kind: 'stale', plan: differing, agreed: saved } : notWritable(plan);
  if (refused?.kind !== 'stale') requireFitting(plan, restraints.approvedByHand);
  if (refused) return { kind: 'nothing-to-ask', result: refused };
  requireSameClock(seen);
  warnFirst(context, plan);
  const first = watch.next(seen);
  if (first !== null) {
    const { principal } = first.batch;
    call.io.stderr.write(`${firstPutText({ principal, rows: first.unnamed.length }, context)}\n`);
  }
  call.io.stderr.write(`${summaryForQuestion(call, plan)}\n`);
  const answer = await call.io.stdin.ask(question(plan, call.paint.stderr), interrupts.abort);
  if (answer === null) call.io.stderr.write('\n');
  const isYes = /^\s*y(?:es)?\s*$/i.test(answer ?? '');
  if (!isYes) return { kind: 'declined' };
  const agreed = agreedPlan(seen.plan, restraints.approvedByHand);
  return { kind: 'agreed', agreed: { ...agreed, differences: askedDifferences(seen.plan) } };
}

function notWritable(plan: Plan): RunResult | null {
  if (plan.verdict === 'complete') return { kind: 'complete', plan };
  return plan.verdict === 'allowed' ? null : { kind: 'not-written', plan };
}

/** The summary of the plan stands right above the question. If the plan went elsewhere, it is shown again. */
function summaryForQuestion({ io, flags, paint }: ApplyCall, plan: Plan): string {
  if (flags.format === 'json' || io.stdout.isTerminal) return '';
  return fitText(`${summarySection(plan, paint.stderr).join('\n')}\n`, paint.stderr);
}

function question({ changes, account }: Plan, paint: Paint): string {
  return `${fitText(`Write ${counted(changes.length, 'change')} to account ${account}? Type yes:`, paint)} `;
}
