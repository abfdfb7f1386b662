import { principalText } from '../domain/account/principal.ts';
import { approvalText } from '../domain/plan/approval-text.ts';
import type { Revision } from '../domain/policy/revision.ts';
import { type RunResult, triedApprovals } from '../domain/run/run-result.ts';
import type {
  DatedRevision,
  ErrorStatus,
  ProblemList,
  ProblemStatus,
  RunCounts,
} from '../domain/status/account-status.ts';
import { APPROVED_KEPT, type ApprovedStatus } from '../domain/status/part-status.ts';
import type { GrantdError } from '../domain/text/error.ts';
import type { Instant } from '../domain/text/instant.ts';
import type { Problem } from '../domain/text/problem.ts';
import { boundedText } from '../domain/text/text.ts';

/** How many problems of a policy a status keeps. */
export const PROBLEMS_KEPT = 50;

const TEXT_CHARACTERS_MOST = 1000;

/** A text of unknown origin, short enough to keep. */
export function keptText(text: string): string {
  return boundedText(text, TEXT_CHARACTERS_MOST);
}

export function datedRevision({ sha256, commit }: Revision, at: Instant): DatedRevision {
  return { sha256, commit, at };
}

/** What a status keeps of an error: no stack and no cause. */
export function errorStatus({ code, message, remedy }: GrantdError): ErrorStatus {
  return { code, message: keptText(message), remedy: keptText(remedy) };
}

export function problemList(problems: readonly Problem[]): ProblemList {
  return {
    problems: problems.slice(0, PROBLEMS_KEPT).map(problemStatus),
    problemsLeftOut: Math.max(0, problems.length - PROBLEMS_KEPT),
  };
}

function problemStatus({ code, severity, message, remedy, at }: Problem): ProblemStatus {
  const { file, line, column } = at;
  return { code, severity, file, line, column, message: keptText(message), remedy: keptText(remedy) };
}

/** What a run wrote by approval. */
export function approvedStatus(result: RunResult | null): readonly ApprovedStatus[] {
  return triedApprovals(result)
    .slice(0, APPROVED_KEPT)
    .map(({ digest, principal, rules, changes, by }) => ({
      digest,
      principal: keptText(principalText(principal)),
      rules,
      changes: changes.length,
      by: keptText(approvalText(by)),
    }));
}

/** Null if the run made no plan. */
export function runCounts(result: RunResult | null): RunCounts | null {
  if (result === null) return null;
  const { changes, held, deferred } = result.plan;
  const outcomes = result.kind === 'written' ? result.outcomes : [];
  const applied = outcomes.filter(({ outcome }) => outcome === 'applied').length;
  return {
    planned: changes.length,
    applied,
    notApplied: outcomes.length - applied,
    held: held.length,
    deferred: deferred.length,
  };
}
