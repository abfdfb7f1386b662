import type { Plan } from '../../../core/domain/plan/plan.ts';
import type { RunResult } from '../../../core/domain/run/run-result.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';

/**
 * How an apply ends. Done means: grantd has read back every change, and nothing is left to write or to wait for. A policy that
 * only observes asks for nothing more than the plan.
 */
export function applyExit(result: RunResult): ExitCode {
  switch (result.kind) {
    case 'stale':
      return EXIT.failed;
    case 'complete':
      return EXIT.done;
    case 'not-written':
      return result.plan.verdict === 'observed' ? EXIT.done : EXIT.waiting;
    case 'written':
      return wasDone(result) ? waitingExit(result.after) : EXIT.failed;
  }
}

function wasDone({ outcomes, after, unconfirmed }: Extract<RunResult, { kind: 'written' }>): boolean {
  if (after === null || unconfirmed !== null) return false;
  return after.changes.length === 0 && outcomes.every(({ outcome }) => outcome === 'applied');
}

function waitingExit(after: Plan | null): ExitCode {
  return after !== null && after.verdict !== 'complete' ? EXIT.waiting : EXIT.done;
}
