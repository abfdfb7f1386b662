import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHANGE_CAUSES, type ChangeCause } from '../../../src/core/domain/plan/change-cause.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { agreedFromJson } from '../../../src/report/plan/read-json.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { runToJson } from '../../../src/report/run/json.ts';
import { renderRunText } from '../../../src/report/run/text.ts';
import { agreedPlan, isAgreed } from '../../../src/run/reconcile/agreed-plan.ts';
import { ANN, smallWorld } from '../../support/small-world.ts';
import { schemaErrors } from '../schema-check.ts';

/** Ann gains one row, by this cause. */
function planBy(cause?: ChangeCause): Plan {
  const { plan } = smallWorld(
    { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] },
    { accesses: [{ access: 2, user: ANN }] },
  );
  return { ...plan, changes: plan.changes.map((change) => (cause === undefined ? change : { ...change, cause })) };
}

const WORDS: Readonly<Record<ChangeCause, string>> = {
  policy: 'policy: its text asks for it',
  date: 'date: a begin or an end has passed',
  tree: 'tree: the resources changed, so a name fits other ones',
  newcomer: 'newcomer: this access was not in the account before',
  drift: 'drift: someone else changed this access',
};

describe.each(CHANGE_CAUSES)('a change by %s', (cause) => {
  test('says so as text, as a comment and as JSON', () => {
    expect(renderPlanText(planBy(cause), PLAIN)).toContain(
      `    + project:Checkout  none → viewer\n        ${WORDS[cause]}\n        because `,
    );
    expect(renderPlanMarkdown(planBy(cause))).toContain(`| create: none → viewer | ${WORDS[cause]}<br>`);
    const json = planToJson(planBy(cause));
    expect(json.changes[0]?.cause).toBe(cause);
    expect(schemaErrors('plan', json)).toEqual([]);
  });

  test('says so in the result of a run', () => {
    const plan = planBy(cause);
    const result: RunResult = {
      kind: 'written',
      plan,
      outcomes: plan.changes.map((change) => ({
        change,
        outcome: 'applied',
        sent: 'answered',
        found: change.after,
        reason: null,
        auditHash: null,
      })),
      foreign: [],
      after: { ...plan, changes: [], verdict: 'complete' },
      unconfirmed: null,
    };
    expect(renderRunText(result, PLAIN)).toContain(`none → viewer  applied (cause: ${cause})`);
    const json = runToJson(result);
    expect(json.outcomes[0]?.change.cause).toBe(cause);
    expect(schemaErrors('run', json)).toEqual([]);
  });

  test('is the same change for whoever agreed to it', () => {
    const saved = agreedFromJson(JSON.parse(JSON.stringify(planToJson(planBy(cause)))));
    if ('problems' in saved) throw new Error('unreadable');
    expect(isAgreed(planBy(), saved)).toBe(true);
    expect(isAgreed(planBy(cause), agreedPlan(planBy()))).toBe(true);
  });
});

test('without memory nothing is said of a cause', () => {
  for (const text of [
    renderPlanText(planBy(), PLAIN),
    renderPlanMarkdown(planBy()),
    JSON.stringify(planToJson(planBy())),
  ])
    expect(text).not.toMatch(/drift|newcomer|"cause"/);
});

test('docs/plan.md has a row for every cause, and no other', () => {
  const page = readFileSync(new URL('../../../docs/plan.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('### Causes'), page.indexOf('\n## Held'));
  expect([...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, cause]) => cause)).toEqual([...CHANGE_CAUSES]);
});
