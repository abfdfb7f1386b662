/** What a caller of the simulator got wrong, every part of it at once. */
export class SimulatorInputError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SimulatorInputError';
    this.problems = problems;
  }
}
