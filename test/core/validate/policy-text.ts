import { readFileSync } from 'node:fs';
import { compileSchema } from '../../../src/core/document/compile-schema.ts';
import type { IncludedText } from '../../../src/core/document/source-text.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import type { Checked, Problem } from '../../../src/core/domain/text/problem.ts';
import type { IncludedKind } from '../../../src/core/validate/read-include.ts';
import { type PartChecks, validatePolicy } from '../../../src/core/validate/validate-policy.ts';

export const POLICY_SCHEMA = JSON.parse(
  readFileSync(new URL('../../../schemas/policy.v1.schema.json', import.meta.url), 'utf8'),
);

export const checkPolicyShape = compileSchema(POLICY_SCHEMA);

function partShape(kind: IncludedKind) {
  const path = new URL(`../../../schemas/${kind}.v1.schema.json`, import.meta.url);
  return compileSchema(JSON.parse(readFileSync(path, 'utf8')), [POLICY_SCHEMA]);
}

export const partShapes: PartChecks = {
  shared: partShape('shared'),
  team: partShape('team'),
  approvals: partShape('approvals'),
};

/** An included file with its first two keys, and `complete` at the end unless the text says it elsewhere. */
export function includedFile(path: string, kind: IncludedKind, text: string): IncludedText {
  const end = /^complete:/m.test(text) ? '' : 'complete: true\n';
  return { path, source: { file: path, text: `version: 1\nkind: ${kind}\n${text.trimEnd()}\n${end}` } };
}

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

export function validate(text: string, included?: readonly IncludedText[]): Checked<Policy> {
  const source = { file: 'policy.yaml', text, ...(included === undefined ? {} : { included }) };
  return validatePolicy(source, checkPolicyShape, partShapes);
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
