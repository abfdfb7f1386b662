import { expect } from 'vitest';
import { comparePolicies } from '../../../src/core/compare/compare-policies.ts';
import { levelName } from '../../../src/core/domain/account/access-level.ts';
import { principalNameText, principalText } from '../../../src/core/domain/account/principal.ts';
import {
  type AccessShift,
  type Comparison,
  isSameEverywhere,
  type SilentShift,
} from '../../../src/core/domain/answer/comparison.ts';
import type { Cause } from '../../../src/core/domain/plan/plan.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { comparisonToJson } from '../../../src/report/comparison/json.ts';
import { courseWords, resourceWords, shiftWords } from '../../../src/report/comparison/words.ts';
import { simulateSwitch } from '../../../src/run/reconcile/simulate-switch.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import { type AccountSpec, buildAccount } from '../../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { NOW } from '../../support/small-world.ts';
import { printedJson } from '../../support/whole-text.ts';

export interface Options {
  readonly account?: AccountSpec;
  readonly at?: number;
}

/** Two policies in few words, compared; their JSON has the shape that the schema promises. */
export function compared(old: PolicySpec, next: PolicySpec, { account, at = NOW }: Options = {}): Comparison {
  const before = resolvePolicy(buildPolicy({ file: 'old.yaml', ...old }));
  const after = resolvePolicy(buildPolicy({ file: 'new.yaml', ...next }));
  const onAccount = account ? simulateSwitch(before, after, buildAccount(account), at) : null;
  const comparison = comparePolicies({ old: before, next: after, at, onAccount });
  const json = comparisonToJson(comparison);
  expect(schemaErrors('compare', printedJson(json))).toEqual([]);
  expect(json.isSame).toBe(isSameEverywhere(comparison));
  return comparison;
}

/** `taken ann@example.com project:Checkout viewer → none +2`: the last is what is below. */
export function shiftText(shift: AccessShift): string {
  const who = shift.principal ? principalText(shift.principal) : principalNameText(shift.name);
  const below = shift.below > 0 ? ` +${shift.below}` : '';
  return `${shift.risk} ${who} ${resourceWords(shift.resource)} ${shiftWords(shift)}${below}`;
}

export function shiftTexts({ shifts }: Comparison): readonly string[] {
  return shifts.map(shiftText);
}

/** `other-words ann@example.com project:Checkout viewer → none`. */
export function silentTexts({ silent }: Comparison): readonly string[] {
  return silent.map((one) => `${one.why} ${courseText(one)}`);
}

/** `null ann@example.com project:Checkout viewer until … → viewer`. */
export function aheadTexts({ ahead }: Comparison): readonly string[] {
  return ahead.map((one) => `${one.risk} ${courseText(one)}`);
}

function courseText({ name, resource, before, after }: Omit<SilentShift, 'why'>): string {
  return `${principalNameText(name)} ${resourceWords(resource)} ${courseWords(before)} → ${courseWords(after)}`;
}

/** `bob@example.com named → not-in-policy: keeps (admin account)`. */
export function statusTexts({ statuses }: Comparison): readonly string[] {
  return statuses.map(({ name, before, after, outcome, gave }) => {
    const gifts = gave.map(({ resource, level }) => `${level} ${resourceWords(resource)}`).join(', ');
    return `${principalNameText(name)} ${before} → ${after}: ${outcome} (${gifts})`;
  });
}

/** `loosens limits admins 2 → 1`. */
export function termTexts({ terms }: Comparison): readonly string[] {
  return terms.map(({ effect, term, what }) => `${effect} ${term} ${what}`);
}

/** `grant old.yaml:51 admin`. */
export function causeTexts(causes: readonly Cause[]): readonly string[] {
  return causes.map((cause) => {
    const at = 'grant' in cause ? cause.grant : cause.at;
    const level = 'level' in cause ? cause.level : levelName(0);
    return `${cause.kind} ${at.file}:${at.line} ${level}`;
  });
}
