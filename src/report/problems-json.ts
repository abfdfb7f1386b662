import type { Problem } from '../domain/problem.ts';

/** Problems as a machine reads them, in the form of schemas/problems.v1.schema.json. */
export interface ProblemsJson {
  readonly version: 1;
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly ProblemJson[];
}

/** One problem, its place laid out flat. */
export interface ProblemJson {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export function problemsToJson(file: string, problems: readonly Problem[]): ProblemsJson {
  return {
    version: 1,
    file,
    valid: problems.every(({ severity }) => severity === 'warning'),
    problems: problems.map(({ code, severity, message, remedy, at }) => ({ code, severity, message, remedy, ...at })),
  };
}
