import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/build.ts';

const FOLDER = join(ROOT, '.github/workflows');

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly 'timeout-minutes'?: number;
        readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
      }
    >
  >;
}

describe.each(readdirSync(FOLDER))('the workflow %s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const workflow: Workflow = parse(text);

  it('says at its top what of it was not run', () => {
    expect(text).toMatch(/^# Not run where this was written/);
  });

  it('pins every action to a commit, with its version beside it', () => {
    const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('may do nothing but read, unless a job says so, and every job has an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const [job, { 'timeout-minutes': minutes }] of Object.entries(workflow.jobs))
      expect(minutes, job).toBeGreaterThan(0);
  });

  it('puts nothing that somebody else writes into a script', () => {
    expect([...text.matchAll(/\$\{\{ *github\.(event|head_ref)[^}]*\}\}/g)].map(([found]) => found)).toEqual([]);
  });
});

it('tests run on every version of Node that is promised', () => {
  const { jobs }: Workflow = parse(readFileSync(join(FOLDER, 'ci.yml'), 'utf8'));
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const versions = jobs['test']?.strategy?.matrix.node;
  expect(versions).toEqual(['20.19', '22', '24', '26']);
  expect(engines.node).toBe(`>=${versions?.[0]}`);
});
