/** A problem with a setting: where it was set (a variable, a flag, or `file:line:column`), what is wrong, and what to do. */
export interface SettingsProblem {
  readonly where: string;
  readonly message: string;
  readonly remedy: string;
}
