// @ts-check

/** An error that the author of the job can fix; printed without a stack. */
export class ActionError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {string} remedy what to do
   * @param {1 | 4} exitCode 4 where the job is set up wrongly, as grantd itself has it
   */
  constructor(message, remedy, exitCode = 4) {
    super(message);
    this.name = 'ActionError';
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}
