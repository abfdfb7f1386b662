/** One account of a settings file: its policy, the file of its token, and where the entry stands. */
export interface AccountEntry {
  readonly policy: string;
  readonly tokenFile: string;
  /** `file:line:column` of the entry. */
  readonly where: string;
}
