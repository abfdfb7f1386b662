import type { SourceText } from '../../core/document/source-text.ts';
import type { Problem } from '../../core/domain/text/problem.ts';

/** A policy that cannot be used, with every problem of its text. */
export class InvalidPolicy extends Error {
  readonly problems: readonly Problem[];
  readonly source: SourceText;

  constructor(problems: readonly Problem[], source: SourceText) {
    super('the policy is invalid');
    this.name = 'InvalidPolicy';
    this.problems = problems;
    this.source = source;
  }
}
