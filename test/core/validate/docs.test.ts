import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_TEXT_BYTES } from '../../../src/core/document/check-text.ts';
import { MAX_DEPTH } from '../../../src/core/document/inspect-tokens.ts';
import { MAX_TOKENS, MAX_WORDS } from '../../../src/core/document/read-tokens.ts';
import { MAX_PROBLEMS } from '../../../src/core/domain/text/found-problems.ts';
import { PROBLEM_CODES } from '../../../src/core/domain/text/problem-code.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { runPolicyTests } from '../../../src/core/validate/run-policy-tests.ts';
import { POLICY_SCHEMA, policyText, validate, validPolicy } from './policy-text.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const NOW = Date.parse('2026-10-01T00:00:00Z');

describe('docs/errors.md', () => {
  it('has one row for every code of a problem, and none for anything else', () => {
    const [, section = ''] = read('docs/errors.md').split('## Problems of a policy or settings file\n');
    const [own = ''] = section.split(/^## /m);
    const rows = Array.from(own.matchAll(/^\| `([^`]+)` \|/gm), ([, code = '']) => code);
    expect(rows).toEqual(Object.keys(PROBLEM_CODES));
  });
});

describe('docs/policy.md', () => {
  const text = read('docs/policy.md');
  const blocks = Array.from(text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm), ([, block = '']) => block);

  it.each(blocks.map((block) => [block.split('\n', 1)[0], block] as const))('%s', (_, block) => {
    const wanted = /^# problem: (.*)$/m.exec(block)?.[1]?.split(' ') ?? [];
    // A block that shows a required key stands for the one of `policyText`.
    const whole = block.startsWith('limits:') ? policyText(block).replace(/^limits: \{.*\n/m, '') : policyText(block);
    const { ok, problems } = validate(block.includes('version: 1') ? block : whole);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code).sort()).toEqual([...wanted].sort());
    expect(ok).toBe(wanted.length === 0);
  });

  it('shows tests that pass', () => {
    const block = blocks.find((one) => one.includes('tests:')) ?? '';
    const policy = validPolicy(policyText(block));
    expect(runPolicyTests(policy, resolvePolicy(policy).entitlements, NOW).map(({ verdict }) => verdict)).toEqual([
      'passed',
      'passed',
      'passed',
    ]);
  });

  it('names every key of the schema, and the bounds of the code', () => {
    for (const key of Object.keys(POLICY_SCHEMA.properties)) expect(text).toContain(`| \`${key}\` |`);
    for (const bound of [MAX_TEXT_BYTES, MAX_WORDS, MAX_TOKENS, MAX_DEPTH, MAX_PROBLEMS])
      expect(text).toContain(bound.toLocaleString('en'));
  });
});

describe('config/policy.example.yaml', () => {
  it('is valid without a warning, and its tests pass', () => {
    const { ok, problems } = validate(read('config/policy.example.yaml'));
    expect(problems).toEqual([]);
    expect(ok).toBe(true);
    const policy = validPolicy(read('config/policy.example.yaml'));
    const results = runPolicyTests(policy, resolvePolicy(policy).entitlements, NOW);
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(policy.tests.length).fill('passed'));
  });
});
