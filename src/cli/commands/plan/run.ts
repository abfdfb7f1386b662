import { SETTINGS } from '../../../adapters/settings/settings-table.ts';
import type { Principal } from '../../../core/domain/account/principal.ts';
import { hasWaiting, type Plan } from '../../../core/domain/plan/plan.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { Mode } from '../../../core/domain/policy/policy.ts';
import { counted, visibleText } from '../../../core/domain/text/text.ts';
import { deferUnprovenPuts } from '../../../core/guard/put-canary.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { renderPlanText } from '../../../report/plan/text.ts';
import type { PlannedRun } from '../../../run/reconcile/make-plan.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText } from '../../line/json-text.ts';
import { observeFor } from '../../open/planned.ts';
import { openPolicy } from '../../open/policy.ts';
import { nextLine, nextText } from '../../process/next-line.ts';
import { writeOutputFile } from '../../process/write-output-file.ts';
import type { PlanCall } from './spec.ts';

/** Prints the plan, and saves it with `--out`. Writes nothing to the account. */
export async function runPlan(call: PlanCall): Promise<ExitCode> {
  const resolved = withMode(await openPolicy(call), call.flags.mode);
  const planned = await observeFor(call, resolved);
  const { plan } = planned;
  const { out } = call.flags;
  if (out !== undefined) await writeOutputFile(call.io.cwd, out, await jsonOf(plan));
  call.io.stdout.write(await rendered(call, plan));
  if (call.flags.format === 'text')
    call.io.stderr.write(`${noMemoryText(call, plan, resolved)}${unprovenText(call, planned)}`);
  call.io.stderr.write(hint(call, plan, out));
  return call.flags.detailedExitcode ? detailedExit(plan) : EXIT.done;
}

/**
 * What waits at the first `apply`, where no access can show what a PUT does with rows that it does not name. A plan cannot know
 * whether an earlier run has seen it, so the sentence has an if.
 */
function unprovenText(call: PlanCall, planned: PlannedRun): string {
  const question = { ...planned, rowsPerPut: SETTINGS.rowsPerPut.default, proven: new Set<Principal['kind']>() };
  const waiting = planned.plan.changes.length - deferUnprovenPuts(question, new Set(), true).changes.length;
  if (waiting === 0) return '';
  const text =
    `If grantd's state does not show yet that a PUT keeps the rows that it does not name, ${counted(waiting, 'change')} ` +
    `above ${waiting === 1 ? 'waits' : 'wait'} [put-unproven]: none of them can show it first.`;
  return `\n${fitText(text, call.paint.stderr)}\n`;
}

/** What a daemon remembers decides about what is held, or approved. `plan` reads no state, so it says so. */
function noMemoryText(call: PlanCall, { held }: Plan, { policy }: ResolvedPolicy): string {
  if (held.length + policy.approvals.length === 0) return '';
  const text =
    'plan does not read what the daemon remembers. The daemon may hold more: what stays held beside an approved part. It may ' +
    'hold less: it counts newcomers and drift apart.';
  return `\n${fitText(text, call.paint.stderr)}\n`;
}

/** What to do next, if anything: no one applies a plan for another mode, or a plan that is held. */
function hint(call: PlanCall, { verdict }: Plan, out: string | undefined): string {
  const saved = out === undefined ? '' : `Saved to ${visibleText(out)}.`;
  const words = out === undefined ? [] : ['--plan', out];
  const paint = call.paint.stderr;
  const canApply = verdict === 'allowed' && call.flags.mode === undefined;
  if (canApply && (saved !== '' || call.io.stdout.isTerminal))
    return `\n${nextText(saved, nextLine(call, 'apply', ...words), paint)}`;
  return saved === '' ? '' : `\n${fitText(saved, paint)}\n`;
}

/** What another mode would do. Validation has judged the policy for its own mode, and does not run again. */
function withMode(resolved: ResolvedPolicy, mode: Mode | undefined): ResolvedPolicy {
  return mode === undefined ? resolved : { ...resolved, policy: { ...resolved.policy, mode } };
}

async function jsonOf(plan: Plan): Promise<string> {
  const { planToJson } = await import('../../../report/plan/json.ts');
  return jsonText(planToJson(plan));
}

async function rendered(call: PlanCall, plan: Plan): Promise<string> {
  switch (call.flags.format) {
    case 'json':
      return jsonOf(plan);
    case 'markdown': {
      const { renderPlanMarkdown } = await import('../../../report/plan/markdown.ts');
      return renderPlanMarkdown(plan);
    }
    case 'text':
      return renderPlanText(plan, call.paint.stdout, { isWhole: call.flags.verbose });
  }
}

/** An apply of this plan would leave something that waits: 3. Else changes that it would write, or only observe: 2. */
function detailedExit(plan: Plan): ExitCode {
  if (plan.verdict === 'paused' || hasWaiting(plan)) return EXIT.waiting;
  return plan.verdict === 'complete' && plan.observed.length === 0 ? EXIT.done : EXIT.pending;
}
