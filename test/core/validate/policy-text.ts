import { readFileSync } from 'node:fs';
import { compileSchema } from '../../../src/core/document/compile-schema.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import type { Checked, Problem } from '../../../src/core/domain/text/problem.ts';
import { validatePolicy } from '../../../src/core/validate/validate-policy.ts';

export const POLICY_SCHEMA = JSON.parse(
  readFileSync(new URL('../../../schemas/policy.v1.schema.json', import.meta.url), 'utf8'),
);

export const checkPolicyShape = compileSchema(POLICY_SCHEMA);

const HEAD = {
  version: '1',
  account: '3229',
  mode: 'authoritative',
  protected: '[owner@example.com]',
  limits: '{ revokes: { principals: 5, percent: 20 }, admins: 2 }',
};

/** A policy with all that is required, the given sections after it, and `unlisted: keep` and `paused` at the end. */
export function policyText(sections = '', head: Partial<typeof HEAD> = {}): string {
  const lines = Object.entries({ ...HEAD, ...head }).map(([key, value]) => `${key}: ${value}`);
  const unlisted = /^unlisted:/m.test(sections) || head.mode === 'additive' ? '' : 'unlisted: keep\n';
  return `${lines.join('\n')}\n${sections === '' ? '' : `${sections.trimEnd()}\n`}${unlisted}paused: false\n`;
}

export function validate(text: string): Checked<Policy> {
  return validatePolicy({ file: 'policy.yaml', text }, checkPolicyShape);
}

/** The policy of a text that must be valid. */
export function validPolicy(text: string): Policy {
  const checked = validate(text);
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('\n'));
  return checked.value;
}

/** `code line:column` of each problem, in order. */
export function codesOf(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`);
}

export function codesIn(text: string): readonly string[] {
  return codesOf(validate(text).problems);
}
