import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { referredBy, VALIDATORS, type ValidatorName, validatorPath } from '../../src/cli/process/schema-check.ts';
import { checkBy, type SchemaCheck } from '../../src/core/document/check-schema.ts';
import { compileSchema } from '../../src/core/document/compile-schema.ts';
import { parseDocument } from '../../src/core/document/parse-document.ts';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { runGrantd } from '../support/process.ts';
import { POLICY, workplace } from '../support/workplace.ts';

beforeAll(() => ensureBuilt());

const SETTINGS_TEXT = 'apiUrl: https://mailtrap.io\nschedule: "*/15 * * * *"\nconcurrency: 4\n';
const TEAM_TEXT = `version: 1
kind: team
groups: { qa: [ann@example.com] }
roles: { tester: [{ resource: "project:Checkout", level: viewer }] }
grants: [{ to: group:qa, role: tester }]
tests: [{ who: ann@example.com, resource: "project:Checkout", expect: viewer }]
complete: true
`;
const SHARED_TEXT = `version: 1
kind: shared
groups: { qa: [ann@example.com] }
roles: { tester: [{ resource: "project:Checkout", level: viewer }] }
complete: true
`;
const APPROVALS_TEXT = `version: 1
kind: approvals
approvals: [{ digests: ["sha256:${'0'.repeat(64)}"], until: 2026-12-31 }]
complete: true
`;
const TEXTS: Readonly<Record<ValidatorName, string>> = {
  policy: POLICY,
  settings: SETTINGS_TEXT,
  shared: SHARED_TEXT,
  team: TEAM_TEXT,
  approvals: APPROVALS_TEXT,
};

function built(name: ValidatorName): SchemaCheck {
  return checkBy(createRequire(import.meta.url)(`${ROOT}dist/validators/${name}.cjs`));
}

function compiled(name: ValidatorName): SchemaCheck {
  return compileSchema(schemaOf(name), referredBy(name).map(schemaOf));
}

function schemaOf(name: ValidatorName): object {
  return JSON.parse(readFileSync(`${ROOT}schemas/${name}.v1.schema.json`, 'utf8'));
}

/** Documents that are nearly right: one of their values is something else, wherever it stands. */
function nearly(text: string): fc.Arbitrary<string> {
  const { root } = parseDocument({ file: 'f.yaml', text });
  if (root === null) throw new Error('the text is none');
  const value = fc.jsonValue({ maxDepth: 2 });
  const keys = fc.constantFrom(
    'version',
    'account',
    'grants',
    'to',
    'level',
    'resource',
    'schedule',
    'apiUrl',
    'never',
  );
  return fc
    .tuple(fc.nat(), keys, value)
    .map(([seed, key, other]) => stringify(withOther(JSON.parse(JSON.stringify(toPlain(text))), { seed, key, other })));
}

function toPlain(text: string): unknown {
  return createRequire(import.meta.url)('yaml').parse(text);
}

interface Change {
  readonly seed: number;
  readonly key: string;
  readonly other: unknown;
}

/** Puts the other value where the seed points, or adds a key there. */
function withOther(data: unknown, change: Change): unknown {
  const { seed, key, other } = change;
  if (typeof data !== 'object' || data === null) return other;
  const map = data as Record<string, unknown>;
  const names = Object.keys(map);
  const name = names[seed % (names.length + 1)];
  if (name === undefined) return Array.isArray(data) ? [...data, other] : { ...map, [key]: other };
  map[name] = seed % 3 === 0 ? other : withOther(map[name], { ...change, seed: Math.floor(seed / 3) });
  return map;
}

describe.each(VALIDATORS)('the validator of %s that the build wrote', (name) => {
  it('says what a schema that is compiled on the spot says, word for word', () => {
    const [theirs, ours] = [compiled(name), built(name)];
    let found = 0;
    fc.assert(
      fc.property(nearly(TEXTS[name]), (text) => {
        const { root } = parseDocument({ file: 'f.yaml', text });
        if (root === null) return;
        const problems = ours(root);
        found += problems.length;
        expect(problems).toEqual(theirs(root));
      }),
      { numRuns: 300, seed: 20261128 },
    );
    expect(found, 'problems in all').toBeGreaterThan(100);
  });

  it('is with the compiled sources, and not with the sources', () => {
    expect(existsSync(fileURLToPath(validatorPath(name)))).toBe(false);
    expect(existsSync(`${ROOT}dist/validators/${name}.cjs`)).toBe(true);
  });
});

it('no command that reads a policy loads the compiler of schemas', async () => {
  const cwd = workplace({
    'policy.yaml': POLICY,
    'tell.cjs': 'process.on("exit", () => console.error(Object.keys(require("module")._cache).join("\\n")));',
  });
  const { code, stderr } = await runGrantd(['validate', 'policy.yaml'], {
    cwd,
    env: { NODE_OPTIONS: `--require ${cwd}/tell.cjs` },
  });
  expect(code).toBe(0);
  const loaded = stderr.split('\n').filter((path) => /validators|node_modules\/ajv/.test(path));
  expect(loaded.filter((path) => path.includes('validators/policy.cjs'))).toHaveLength(1);
  expect(loaded.filter((path) => /ajv\/dist\/(?!runtime)/.test(path))).toEqual([]);
});
