import { describe, expect, test } from 'vitest';
import { errorAt, warningAt } from '../../../src/core/domain/text/problem.ts';
import { explainPrincipal } from '../../../src/core/explain/explain-principal.ts';
import { selectNodes } from '../../../src/core/explain/select-nodes.ts';
import { whoHas } from '../../../src/core/explain/who-has.ts';
import { renderAuditProof } from '../../../src/report/audit/proof-text.ts';
import { renderAuditEntry } from '../../../src/report/audit/text.ts';
import { comparisonText } from '../../../src/report/comparison/text.ts';
import { renderDoctorText } from '../../../src/report/doctor/text.ts';
import { renderExplanation } from '../../../src/report/explanation/text.ts';
import { renderWho } from '../../../src/report/explanation/who-text.ts';
import { type Paint, PLAIN } from '../../../src/report/layout/paint.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { renderProblems, warningText } from '../../../src/report/problems/text.ts';
import { renderRunText } from '../../../src/report/run/text.ts';
import { renderValidationText } from '../../../src/report/validation/text.ts';
import { agreedPlan } from '../../../src/run/reconcile/agreed-plan.ts';
import { compared } from '../../core/compare/compared.ts';
import { buildRef } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';
import { wholeText } from '../../support/whole-text.ts';
import { BUSY_POLICY, busyWorld, hostileWorld } from '../worlds.ts';
import { expectFits, wordsOf } from './fits.ts';

function renderComparisonText(...given: Parameters<typeof comparisonText>): string {
  return wholeText(comparisonText(...given));
}

const LONG =
  'a sentence that is much longer than any of the lines of a terminal that a person works with every day, really';
const world = busyWorld();
const { plan } = world;
const held = busyWorld({ limits: { newAdmins: 0, revokes: { principals: 1, percent: 1 } } }).plan;
const place = { file: 'team/policy.yaml', line: 7, column: 3, length: 4 };
const intent = {
  seq: 7,
  time: '2026-11-24T04:00:00Z',
  runId: '0b0f7ad6-3a43-4b55-9a2a-0e2f6a7c7d1b',
  principal: { kind: 'user', email: 'ann@example.com' },
  revision: null,
  rows: [],
} as const;
const results = [
  { check: 'notifications', policy: null, status: 'fail', found: LONG, remedy: LONG },
  { check: 'node', policy: 'a.yaml', status: 'ok', found: 'Node 24', remedy: null },
] as const;
const outcomes = plan.changes.map(
  (change) => ({ change, outcome: 'failed', sent: 'failed', found: null, reason: LONG, auditHash: null }) as const,
);
const proof = {
  records: 0,
  firstTime: null,
  lastTime: null,
  account: null,
  head: null,
  noted: null,
  intents: 0,
  withoutOutcome: [],
  unknown: 0,
  repaired: 0,
  breaks: [{ line: 1, what: LONG }],
  furtherBreaks: 0,
};

/** Every renderer of text, with long and with hostile words. */
const RENDERERS: Readonly<Record<string, (paint: Paint) => string>> = {
  'a plan': (paint) => renderPlanText(plan, paint),
  'a whole plan': (paint) => renderPlanText(plan, paint, { isWhole: true }),
  'a held plan': (paint) => renderPlanText(held, paint),
  'a plan with hostile names': (paint) => renderPlanText(hostileWorld().plan, paint, { isWhole: true }),
  'a run': (paint) =>
    renderRunText({ kind: 'written', plan, outcomes, foreign: [], after: held, unconfirmed: null }, paint),
  'a stale run': (paint) => renderRunText({ kind: 'stale', plan, agreed: agreedPlan(held) }, paint),
  'a run that wrote nothing': (paint) => renderRunText({ kind: 'not-written', plan: held }, paint),
  'an explanation': (paint) =>
    renderExplanation(explainPrincipal({ ...world, name: { email: 'erin@example.com' }, resource: null }), paint),
  'who has access': (paint) =>
    renderWho(whoHas({ ...world, nodes: selectNodes(buildRef('project:*'), world.actual.tree) }), paint),
  'a comparison': (paint) => renderComparisonText(compared(BUSY_POLICY, {}), paint),
  'a diagnosis': (paint) => renderDoctorText(results, paint),
  'the verdict on a policy': (paint) =>
    renderValidationText({ file: 'a/long/path/to/a/policy.yaml', problems: [], checks: [] }, paint),
  'a warning': (paint) => warningText(LONG, LONG, paint),
  'an entry of the audit log': (paint) => renderAuditEntry({ kind: 'put', intent, end: null }, paint),
  'the proof of an audit log': (paint) =>
    renderAuditProof('audit.jsonl', proof, { noted: null, isWhole: false }, paint),
};

describe.each(Object.entries(RENDERERS))('%s', (_name, render) => {
  test.each([40, 60, 80, 200])('fits %i columns, and says the same words', (columns) => {
    const text = render({ ...PLAIN, columns });
    expectFits(text, columns);
    expect(wordsOf(text)).toEqual(wordsOf(render(PLAIN)));
  });
});

describe('a problem of a policy', () => {
  const line = `  - { to: ${'x'.repeat(90)}@example.com, resource: "project:日本語👨‍👩‍👧‍👦", level: viewer }${' # a comment'.repeat(9)}`;
  const source = { file: place.file, text: `\n\n\n\n\n\n${line}\n` };
  const problems = [
    errorAt({ ...place, column: line.indexOf('日') + 1, length: 3 }, 'bad-value', LONG, LONG),
    errorAt({ ...place, column: 1, length: 400 }, 'bad-value', LONG, LONG),
    warningAt({ ...place, column: line.length, length: 1 }, 'unused-group', LONG, LONG),
  ];
  const isExcerpt = (text: string) => /^ *\d* *\|/.test(text);
  const words = (text: string) =>
    wordsOf(
      text
        .split('\n')
        .filter((one) => !isExcerpt(one))
        .join('\n'),
    );

  test.each([40, 60, 80, 200])('fits %i columns, its excerpt and caret too', (columns) => {
    const text = renderProblems(problems, source, { ...PLAIN, columns });
    expectFits(text, columns);
    expect(words(text)).toEqual(words(renderProblems(problems, source)));
  });

  test('shows the place in the excerpt, and cuts no character', () => {
    const lines = renderProblems(problems, source, { ...PLAIN, columns: 40 })
      .split('\n')
      .filter(isExcerpt);
    expect(lines).toMatchInlineSnapshot(`
      [
        "7 | … resource: "project:日本語👨‍👩‍👧‍👦…",
        "  |                      ^^^^^^",
        "7 |   - { to: xxxxxxxxxxxxxxxxxxxxxxxx…",
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "7 | …a comment # a comment",
        "  |                      ^",
      ]
    `);
  });
});

test('a person at 40 columns reads a small plan like this', () => {
  const small = smallWorld(
    { limits: { newAdmins: 0 }, grants: [{ to: 'ann@example.com', resource: 'account', level: 'admin' }] },
    { accesses: [{ access: 2, user: 'ann@example.com' }] },
  );
  expect(renderPlanText(small.plan, { ...PLAIN, columns: 40 })).toMatchInlineSnapshot(`
    "Held: 1 change of 1 principal not
        written
      admin-limit: 1 would newly become
          account admin: ann@example.com.
          The limit is 0
        to go on: approve the parts that you
            intend, make the change in
            smaller steps, or raise
            \`limits.newAdmins\` in a reviewed
            change of the policy
      ann@example.com
        + account  none → admin
            because a grant (policy.yaml:51)
        held by admin-limit
        to approve it, add these lines under
            \`approvals:\` of the policy:
      - until: 2026-12-01
        digests:
          - sha256:306c31234f295042bb6d5648b073e344262562788fdccb333c35438867c6fde1
        or approve it for one run:
            grantd apply policy.yaml \\
            --approve \\
    sha256:306c31234f295042bb6d5648b073e344262562788fdccb333c35438867c6fde1

    Account 3229, authoritative: 1 gains, 0
        lose, 0 stay untouched, 0 not in the
        policy.
    Held by admin-limit: nothing is written.
    "
  `);
});
