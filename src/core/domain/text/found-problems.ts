import { clippedProblem, comparePlaces, errorAt, type Problem, placeText, sortProblems, warningAt } from './problem.ts';

/** The most problems of one file that are reported. Further ones add pages, not insight. */
export const MAX_PROBLEMS = 500;

/** The most problems that are kept while they are collected. Up to here the number of further ones is exact. */
const COLLECTED_MOST = 10_000;

/**
 * Collects the problems of one text. It keeps the first ones of the text, errors before warnings, and only counts the
 * others. So a text with a problem in every word costs no more than one with a few.
 */
export class FoundProblems {
  #kept: readonly Problem[] = [];
  #fresh: Problem[] = [];
  #last: Problem | null = null;
  #further = 0;

  /** How many problems are counted and not kept. */
  get further(): number {
    return this.#further;
  }

  /** The problems that are kept, in the order in which they came as long as none is left out. */
  get kept(): readonly Problem[] {
    return [...this.#kept, ...this.#fresh];
  }

  /** Whether any of them is an error. */
  get hasError(): boolean {
    return this.kept.some(({ severity }) => severity === 'error');
  }

  push(problem: Problem): void {
    if (this.#isBeyond(problem)) {
      this.#count(1, problem);
      return;
    }
    this.#fresh.push(clippedProblem(problem));
    if (this.#fresh.length > COLLECTED_MOST) this.#leaveOut(COLLECTED_MOST);
  }

  pushAll(problems: Iterable<Problem>): void {
    for (const problem of problems) this.push(problem);
  }

  /** Takes over what another list kept and counted. */
  absorb(other: FoundProblems): void {
    this.pushAll(other.kept);
    if (other.#last) this.#count(other.#further, other.#last);
  }

  /** What is reported: in the order of the text, each problem once. If there are too many, the last one says so. */
  report(): readonly Problem[] {
    this.#leaveOut(MAX_PROBLEMS);
    if (this.#further === 0 || !this.#last) return sortProblems(this.#kept);
    const message = `${this.#further} more problems are not shown`;
    // Errors are kept before warnings, so those that are left out invalidate a text only if a kept one does.
    const problemAt = this.#kept.some(isError) ? errorAt : warningAt;
    const more = problemAt(this.#last.at, 'too-many-problems', message, 'fix those above, then validate again');
    return [...sortProblems(this.#kept), more];
  }

  /** Whether so many are kept that this one would be left out: without this, a text with very many would be sorted very often. */
  #isBeyond(problem: Problem): boolean {
    const end = this.#kept.length < COLLECTED_MOST ? undefined : this.#kept.at(-1);
    if (!end) return false;
    return isError(problem) === isError(end) ? isAfter(problem, end) : isError(end);
  }

  #count(further: number, problem: Problem): void {
    this.#further += further;
    if (!this.#last || isAfter(problem, this.#last)) this.#last = problem;
  }

  #leaveOut(most: number): void {
    const sorted = sortProblems(distinct(this.kept));
    const ranked = [...sorted.filter(isError), ...sorted.filter((problem) => !isError(problem))];
    this.#kept = ranked.slice(0, most);
    this.#fresh = [];
    const last = sorted.at(-1);
    if (last) this.#count(ranked.length - this.#kept.length, last);
  }
}

/** Whether a problem has its place after that of the other. */
function isAfter({ at }: Problem, { at: other }: Problem): boolean {
  return comparePlaces(at, other) > 0;
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${placeText(problem.at)} ${problem.code} ${problem.message}`, problem]),
    ).values(),
  ];
}
