import { describe, expect, it } from 'vitest';
import { FoundProblems, MAX_PROBLEMS } from '../../../../src/core/domain/text/found-problems.ts';
import { errorAt, type Place, type Problem, warningAt } from '../../../../src/core/domain/text/problem.ts';

const at = (line: number): Place => ({ file: 'a.yaml', line, column: 1, length: 1 });
const error = (line: number): Problem => errorAt(at(line), 'yaml-syntax', 'wrong', 'fix it');
const warning = (line: number): Problem => warningAt(at(line), 'unused-group', 'odd', 'delete it');
const lines = (problems: readonly Problem[]) => problems.map((problem) => problem.at.line);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function listOf(problems: Iterable<Problem>): FoundProblems {
  const list = new FoundProblems();
  list.pushAll(problems);
  return list;
}

describe('a list of problems', () => {
  it('reports them in the order of the text, each once', () => {
    expect(lines(listOf([error(3), error(1), error(3), warning(2)]).report())).toEqual([1, 2, 3]);
  });

  it('reports nothing where nothing is wrong', () => {
    const list = new FoundProblems();
    expect([list.hasError, list.further, list.kept, list.report()]).toEqual([false, 0, [], []]);
  });

  it('knows whether one is an error', () => {
    expect(listOf([warning(1)]).hasError).toBe(false);
    expect(listOf([warning(1), error(2)]).hasError).toBe(true);
  });

  it('reports the first ones, errors before warnings, and how many more there are at the place of the last one', () => {
    const found = listOf([
      ...numbers(100).map(warning),
      ...numbers(MAX_PROBLEMS).map((line) => error(line + 100)),
    ]).report();
    expect(lines(found)).toEqual([...numbers(MAX_PROBLEMS).map((line) => line + 100), MAX_PROBLEMS + 100]);
    expect(found.at(-1)).toMatchObject({ code: 'too-many-problems', message: '100 more problems are not shown' });
  });

  it('reports more warnings than it shows as a warning: the text is valid', () => {
    const found = listOf(numbers(MAX_PROBLEMS + 1).map(warning)).report();
    expect(found.at(-1)).toMatchObject({ code: 'too-many-problems', severity: 'warning' });
  });

  it('keeps few of very many, whatever the order in which they come', () => {
    const count = 100_000;
    const upwards = listOf(numbers(count).map(error));
    const downwards = listOf(numbers(count).reverse().map(error));
    expect(upwards.kept.length).toBeLessThan(25_000);
    expect(downwards.report()).toEqual(upwards.report());
    expect(lines(downwards.report())).toEqual([...numbers(MAX_PROBLEMS), count]);
    expect(downwards.report().at(-1)?.message).toBe(`${count - MAX_PROBLEMS} more problems are not shown`);
  });

  it('keeps errors before warnings, also among very many', () => {
    const found = listOf([
      ...numbers(12_000).map((line) => warning(line + 1)),
      ...numbers(12_000).map((line) => error(line + 20_000)),
      ...numbers(20_000).map(warning),
      error(1),
    ]).report();
    expect(lines(found)).toEqual([1, ...numbers(MAX_PROBLEMS - 1).map((line) => line + 20_000), 32_000]);
  });

  it('takes over another one, with what that one only counted', () => {
    const list = listOf([error(1)]);
    list.absorb(listOf(numbers(50_000).map((line) => error(line + 1))));
    list.absorb(listOf([warning(60_000)]));
    list.absorb(listOf(numbers(20_000).map(warning)));
    expect(list.report().at(-1)).toMatchObject({
      message: `${70_002 - MAX_PROBLEMS} more problems are not shown`,
      at: { line: 60_000 },
    });
  });

  it('keeps no long text in memory, only its beginning', () => {
    const [problem] = listOf([errorAt(at(1), 'yaml-syntax', 'x'.repeat(1_000), 'y')]).kept;
    expect(problem?.message).toBe(`${'x'.repeat(300)}…`);
  });
});
