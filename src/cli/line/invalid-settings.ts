import type { SettingsProblem } from '../../adapters/settings/settings-problem.ts';

/** The settings do not hold: every problem of them at once. */
export class InvalidSettings extends Error {
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super('the settings are invalid');
    this.name = 'InvalidSettings';
    this.problems = problems;
  }
}
