import type { Plan } from '../../../core/domain/plan/plan.ts';
import type { RunResult } from '../../../core/domain/run/run-result.ts';
import { EXIT, type ExitCode, worstOf } from '../../line/exit-code.ts';

/** How an apply ends. Done means: grantd has read back every change, and nothing is left that it may write. */
export function applyExit(result: RunResult): ExitCode {
  switch (result.kind) {
    case 'stale':
      return EXIT.failed;
    case 'clean':
      return EXIT.done;
    case 'not-written':
      return result.plan.verdict === 'observe' ? EXIT.done : EXIT.held;
    case 'written':
      return worstOf(wasDone(result) ? EXIT.done : EXIT.failed, heldExit(result.plan), heldExit(result.after));
  }
}

function wasDone({ outcomes, after, unconfirmed }: Extract<RunResult, { kind: 'written' }>): boolean {
  if (after === null || unconfirmed !== null) return false;
  return after.changes.length === 0 && outcomes.every(({ outcome }) => outcome === 'applied');
}

function heldExit(plan: Plan | null): ExitCode {
  return plan !== null && plan.held.length > 0 ? EXIT.held : EXIT.done;
}
