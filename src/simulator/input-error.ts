/** Invalid input to the simulator, with every problem at once. */
export class SimulatorInputError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SimulatorInputError';
    this.problems = problems;
  }
}
