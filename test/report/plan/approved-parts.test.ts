import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { makePlan } from '../../../src/run/reconcile/make-plan.ts';
import { buildAccount } from '../../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { NOW } from '../../support/small-world.ts';
import { schemaErrors } from '../schema-check.ts';

/** Each of four loses a domain, and one may lose anything; the last would also become viewer of what is forbidden. */
const EMAILS = ['ann', 'bob', 'carol', 'dave'].map((name) => `${name}@example.com`);
const POLICY: PolicySpec = {
  limits: { revokes: { principals: 1, percent: 100 } },
  never: [{ who: 'dave@example.com', resource: 'project:Mobile', level: 'viewer' }],
  grants: [
    { to: EMAILS, resource: 'project:Checkout' },
    { to: 'dave@example.com', resource: 'project:Mobile' },
  ],
};
const ROWS = { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;

function plan(policy: PolicySpec = {}, restraints: Partial<Restraints> = {}): Plan {
  const accesses = EMAILS.map((user, index) => ({ access: index + 1, user, rows: ROWS }));
  const resolved = resolvePolicy(buildPolicy({ ...POLICY, ...policy }));
  return makePlan(resolved, buildAccount({ accesses }), NOW, { ...NO_RESTRAINTS, ...restraints }).plan;
}

/** One by the policy, and one by hand. */
function approvedPlan(): Plan {
  const [ann, bob] = plan().held;
  if (!ann || !bob) throw new Error('nothing is held');
  return plan({ approvals: [{ digests: [ann.digest], until: '2026-12-31' }] }, { approvedByHand: [bob.digest] });
}

describe('parts that are approved', () => {
  test('as text: whose, how much, which rule, and by what', () => {
    const lines = renderPlanText(approvedPlan(), PLAIN).split('\n');
    const from = lines.findIndex((line) => line.startsWith('Approved'));
    expect(lines.slice(from, from + 5)).toMatchInlineSnapshot(`
      [
        "Approved (2 parts)",
        "  ann@example.com: 1 change that revoke-limit would hold",
        "    sha256:6cf426d7184bfaaa4033fd9feb9e7dca6b4540560cec1bbc047d4d49e7654a7e, by policy.yaml:91:3, until 2026-12-31",
        "  bob@example.com: 1 change that revoke-limit would hold",
        "    sha256:26ebf7574954cd34290bd2b6561a558af2fe9e54cb7c679c903d9f4bf72e465e, by --approve",
      ]
    `);
  });

  test('as a comment', () => {
    const text = renderPlanMarkdown(approvedPlan());
    const from = text.indexOf('#### Approved');
    expect(text.slice(from, text.indexOf('\n####', from + 1))).toMatchInlineSnapshot(`
      "#### Approved (2)

      | part | rules | changes | by |
      | --- | --- | --- | --- |
      | \`ann@example.com\` | revoke-limit | 1 | \`policy.yaml:91:3, until 2026-12-31\` |
      | \`bob@example.com\` | revoke-limit | 1 | \`--approve\` |

      An approval is good once. The daemon holds a part if it has used its approval before; this plan cannot know that.
      "
    `);
  });

  test('as JSON, by the schema', () => {
    const json = planToJson(approvedPlan());
    expect(json.approved.map(({ by, isBegun }) => [by, isBegun])).toMatchInlineSnapshot(`
      [
        [
          {
            "file": "policy.yaml",
            "kind": "policy",
            "line": 91,
            "until": "2027-01-01T00:00:00Z",
          },
          false,
        ],
        [
          {
            "kind": "by-hand",
            "user": null,
          },
          false,
        ],
      ]
    `);
    expect(schemaErrors('plan', json)).toEqual([]);
  });
});

describe('what is left of a part that was begun', () => {
  test('says so', () => {
    const [ann] = plan().held;
    if (!ann) throw new Error('nothing is held');
    const part = { ...ann, isBegun: true, by: { kind: 'by-hand', user: null } } as const;
    const left: Plan = { ...plan(), approved: [part] };
    expect(renderPlanText(left, PLAIN)).toContain(', the rest of a part that was begun\n');
    expect(renderPlanMarkdown(left)).toContain(' (the rest) | `--approve` |');
  });
});

describe('a part that cannot be approved', () => {
  test('says so, and stands in nothing that is to be copied', () => {
    const [, , , dave] = plan().held;
    const text = renderPlanMarkdown(plan());
    expect(text).toContain(`\`${dave?.digest}\`, cannot be approved |`);
    expect(text).not.toContain(`      - ${dave?.digest}`);
    expect(renderPlanText(plan(), PLAIN)).toContain(`cannot be approved (${dave?.digest})`);
  });
});

test('if nothing can be approved, the comment does not say how', () => {
  const held = plan().held.filter(({ approve }) => approve === null);
  expect(renderPlanMarkdown({ ...plan(), held })).not.toContain('approvals:');
});
