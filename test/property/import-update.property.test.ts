import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TakenOver, takeOver } from '../../src/cli/commands/import/take-over.ts';
import type { SourceText } from '../../src/core/document/source-text.ts';
import type { ActualState } from '../../src/core/domain/account/actual-state.ts';
import { nameOf, type PrincipalName, principalNameText } from '../../src/core/domain/account/principal.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../src/core/domain/policy/entitlement.ts';
import { MODES } from '../../src/core/domain/policy/policy.ts';
import type { Checked } from '../../src/core/domain/text/problem.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { validate } from '../core/validate/policy-text.ts';
import { arbitraryWorld } from '../support/arbitrary/world.ts';
import { declaredRows, effective, everybody, type RowMap } from '../support/oracle.ts';
import { type Layout, likelyValid, policyYaml } from './policy-yaml.ts';
import { RUNS, SEED } from './runs.ts';

const DAY_MS = 86_400_000;

function check({ text }: SourceText): Checked<ResolvedPolicy> {
  const checked = validate(text);
  return checked.ok ? { ...checked, value: resolvePolicy(checked.value) } : checked;
}

function resolved(text: string): ResolvedPolicy {
  const checked = check({ file: 'policy.yaml', text });
  if (!checked.ok) throw new Error(`${checked.problems.map(({ message }) => message).join('\n')}\n${text}`);
  return checked.value;
}

interface Case {
  readonly text: string;
  readonly actual: ActualState;
  readonly now: number;
  readonly after: TakenOver;
}

/** Policies that are valid as a text, beside an account that differs from them. */
function cases(): fc.Arbitrary<Case> {
  return fc
    .record({ world: arbitraryWorld('messy'), layout: fc.constantFrom<Layout>('block', 'flow') })
    .map(({ world, layout }) => ({ world, text: policyYaml(likelyValid(world.policy), layout) }))
    .filter(({ text }) => validate(text).ok)
    .map(({ world: { actual, now }, text }) => {
      const after = takeOver({ file: 'policy.yaml', text }, { actual, now, check });
      return { text, actual, now, after };
    });
}

/** A fifth of the worlds of the other properties: each is validated half a dozen times. */
const CASES = Math.ceil(RUNS / 5);

describe(`import --update over random policies and accounts (seed ${SEED})`, () => {
  it('is valid and honest, loses no line, gives nobody anything new, and settles', { timeout: 600_000 }, () => {
    let clean = 0;
    let seen = 0;
    const judge = (one: Case) => {
      seen += 1;
      if (one.after.differing === 0) clean += 1;
      tellsWhatDiffers(one);
      plansToNothingOrSaysSo(one);
      losesNoLine(one);
      givesNothingNew(one);
      settles(one);
    };
    fc.assert(fc.property(cases(), judge), { numRuns: CASES, seed: SEED });
    expect(clean / seen, 'most drift can be taken over').toBeGreaterThan(0.3);
  });
});

/** Every row that still differs is told with its person. */
function tellsWhatDiffers({ actual, now, after }: Case): void {
  const value = resolved(after.source.text);
  const unlisted = { ...value.policy.unlisted, revoke: 'nobody' as const };
  const policy = { ...value.policy, mode: 'authoritative' as const, unlisted };
  const { plan } = makePlan({ ...value, policy }, actual, now, NO_RESTRAINTS);
  const rows = [
    ...plan.changes,
    ...plan.held.flatMap((held) => held.changes),
    ...plan.deferred.map((one) => one.change),
  ];
  expect(after.differing).toBe(rows.length);
  for (const { principal, resource } of rows) {
    const who = principalNameText(nameOf(principal));
    const said = after.left.filter((line) => line.startsWith(`${who} `) && line.includes(resource.label));
    expect(said, `${after.left.join('\n')}\n${after.source.text}`).not.toEqual([]);
  }
}

function plansToNothingOrSaysSo({ actual, now, after }: Case): void {
  if (after.left.length > 0) return;
  const value = resolved(after.source.text);
  for (const mode of MODES) {
    const { plan } = makePlan({ ...value, policy: { ...value.policy, mode } }, actual, now, NO_RESTRAINTS);
    expect(plan.changes, after.source.text).toEqual([]);
  }
}

/** Each line is there still, or is a comment, or has lost what was taken out of a list in brackets. */
function losesNoLine({ text, after }: Case): void {
  const kept = new Set(after.source.text.split('\n').map(bare));
  for (const line of text.split('\n')) {
    const comment = /# c\d+\.$/.exec(line)?.[0];
    if (comment) expect(after.source.text).toContain(comment);
    if (!line.includes('[')) expect(kept, `${line}\n${after.source.text}`).toContain(bare(line));
  }
}

/** Nobody is given more than the account holds or the policy gave, at any date. */
function givesNothingNew({ text, actual, now, after }: Case): void {
  const [before, then] = [resolved(text).policy, resolved(after.source.text).policy];
  for (const { name, held } of holdersOf(actual)) {
    for (const at of [now - 3 * DAY_MS, now, now + 3 * DAY_MS]) {
      const [given, gives] = [declaredRows(before, name, actual.tree, at), declaredRows(then, name, actual.tree, at)];
      for (const node of actual.tree.nodes) {
        const most = Math.max(effective(given, node), ...held.map((rows) => effective(rows, node)));
        expect(effective(gives, node), `${principalNameText(name)}\n${after.source.text}`).toBeLessThanOrEqual(most);
      }
    }
  }
}

function settles({ actual, now, after }: Case): void {
  const again = takeOver({ file: 'policy.yaml', text: after.source.text }, { actual, now, check });
  expect(again.source.text, again.done.join('\n')).toBe(after.source.text);
}

/** A line without what commenting it out, or emptying its list, adds. */
function bare(line: string): string {
  return line.replaceAll('# ', '').replace(': []', ':').replace(/\s+/g, ' ').trim();
}

function holdersOf(actual: ActualState): readonly { readonly name: PrincipalName; readonly held: readonly RowMap[] }[] {
  const byName = new Map<string, { name: PrincipalName; held: RowMap[] }>();
  for (const { name, rows } of everybody(actual)) {
    const one = byName.get(principalNameText(name)) ?? { name, held: [] };
    byName.set(principalNameText(name), one);
    one.held.push(rows);
  }
  return [...byName.values()];
}
