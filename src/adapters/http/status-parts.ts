import type { Revision } from '../../core/domain/policy/revision.ts';
import type { RunResult } from '../../core/domain/run/run-result.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { Problem } from '../../core/domain/text/problem.ts';
import type { ErrorStatus, ProblemStatus, RevisionStatus, RunCounts } from './status.ts';

/** Most problems of a policy that a status tells one by one. */
export const PROBLEMS_KEPT = 50;

const TEXT_CHARACTERS_MOST = 1000;

/** Sentences and names come from policies and from the API, and may be of any length. */
export function boundedText(text: string): string {
  if (text.length <= TEXT_CHARACTERS_MOST) return text;
  // Half of a pair of surrogates is no character.
  return `${text.slice(0, TEXT_CHARACTERS_MOST).replace(/[\ud800-\udbff]$/, '')}…`;
}

export function momentOrNull(at: Instant | null): string | null {
  return at === null ? null : instantText(at);
}

export function revisionStatus({ sha256, commit }: Revision, at: Instant): RevisionStatus {
  return { sha256, commit, at: instantText(at) };
}

export function errorStatus({ code, message, remedy }: GrantdError): ErrorStatus {
  return { code, message: boundedText(message), remedy: boundedText(remedy) };
}

export function problemStatus({ code, severity, message, remedy, at }: Problem): ProblemStatus {
  const { file, line, column } = at;
  return { code, severity, file, line, column, message: boundedText(message), remedy: boundedText(remedy) };
}

export function problemsStatus(problems: readonly Problem[]): {
  readonly problems: readonly ProblemStatus[];
  readonly problemsLeftOut: number;
} {
  return {
    problems: problems.slice(0, PROBLEMS_KEPT).map(problemStatus),
    problemsLeftOut: Math.max(0, problems.length - PROBLEMS_KEPT),
  };
}

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
