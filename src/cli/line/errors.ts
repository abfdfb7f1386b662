import type { SettingsProblem } from '../../adapters/settings/settings-problem.ts';
import type { PolicyTexts } from '../../core/document/source-text.ts';
import type { Problem } from '../../core/domain/text/problem.ts';

/** A command was called in a wrong way: exit code 4. */
export class UsageError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'UsageError';
    this.remedy = remedy;
  }
}

/** A policy that cannot be used, with every problem of its text: exit code 4. */
export class InvalidPolicy extends Error {
  readonly problems: readonly Problem[];
  readonly source: PolicyTexts;

  constructor(problems: readonly Problem[], source: PolicyTexts) {
    super('the policy is invalid');
    this.name = 'InvalidPolicy';
    this.problems = problems;
    this.source = source;
  }
}

/** Settings that cannot be used, with every problem of them: exit code 4. */
export class InvalidSettings extends Error {
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super('the settings are invalid');
    this.name = 'InvalidSettings';
    this.problems = problems;
  }
}
