import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { ChangeOutcome, Outcome, RunResult } from '../../../src/core/domain/run/run-result.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { runToJson } from '../../../src/report/run/json.ts';
import { renderRunText } from '../../../src/report/run/text.ts';
import { agreedPlan } from '../../../src/run/reconcile/agreed-plan.ts';
import { smallWorld } from '../../support/small-world.ts';
import { schemaErrors } from '../schema-check.ts';
import { busyWorld } from '../worlds.ts';

const { plan } = busyWorld();
const heldPlan = busyWorld({ limits: { newAdmins: 0 } }).plan;
const clean = smallWorld({ grants: [] }, {}).plan;

function outcomes(of: Plan, kinds: readonly Partial<ChangeOutcome>[]): readonly ChangeOutcome[] {
  return of.changes.map((change, index) => ({
    change,
    outcome: 'applied',
    sent: 'answered',
    found: change.after,
    reason: null,
    auditHash: null,
    ...kinds[index],
  }));
}

type Written = Extract<RunResult, { readonly kind: 'written' }>;

function written(parts: Partial<Written> = {}): Written {
  return {
    kind: 'written',
    plan,
    outcomes: outcomes(plan, []),
    foreign: [],
    after: clean,
    unconfirmed: null,
    ...parts,
  };
}

const MIXED: readonly Partial<ChangeOutcome>[] = [
  { outcome: 'did-not-stick', found: 0 },
  { outcome: 'failed', reason: '500 from the API, 3 tries' },
  { outcome: 'not-tried', reason: 'an earlier write of this principal failed' },
  { outcome: 'changed-by-someone-else', found: 50 },
  { outcome: 'not-tried', found: null },
  { outcome: 'did-not-stick', found: null },
];

describe('a run as text', () => {
  test('that went well', () => {
    expect(renderRunText(written(), PLAIN)).toMatchInlineSnapshot(`
      "Result of each change
        Ann@example.com
          + inbox:Checkout/Staging  none → admin  applied
        bob@example.com
          - project:Checkout  viewer → none  applied
          - project:Mobile    viewer → none  applied
        carol@example.com
          + domain:example.com  none → admin  applied
        erin@example.com
          + account  none → admin  applied
          - billing  admin → none  applied
        token:ci
          + domain:example.com  none → admin  applied
          + project:Mobile      none → admin  applied

      Account 3229: 8 applied. Nothing to change: the account is as the policy says.
      "
    `);
  });

  test('that went wrong in every way', () => {
    const after: Plan = { ...plan, held: heldPlan.held.slice(0, 1), refusals: heldPlan.refusals };
    const foreign: Written['foreign'] = [
      {
        principal: { kind: 'user', email: 'zed@example.com' },
        access: 5,
        row: { type: 'project', id: 4002, level: 0 },
        before: 100,
      },
    ];
    expect(renderRunText(written({ outcomes: outcomes(plan, MIXED), after, foreign }), PLAIN)).toMatchInlineSnapshot(`
      "Result of each change
        Ann@example.com
          + inbox:Checkout/Staging  none → admin  did not stick: the account shows none
        bob@example.com
          - project:Checkout  viewer → none  failed: 500 from the API, 3 tries
          - project:Mobile    viewer → none  not tried: an earlier write of this principal failed
        carol@example.com
          + domain:example.com  none → admin  changed by someone else: the account shows viewer+
        erin@example.com
          + account  none → admin  not tried
          - billing  admin → none  not confirmed: no read shows the result
        token:ci
          + domain:example.com  none → admin  applied
          + project:Mobile      none → admin  applied
        help: Mailtrap accepted what did not stick, and shows it as it was before; run grantd apply again, and if it does not stick either, make the change in Mailtrap

      Changed during the run, but not by it (1 row)
        zed@example.com  project:#4002  admin → none

      Still to do (8 changes)
        Ann@example.com    + inbox:Checkout/Staging  none → admin
        bob@example.com    - project:Checkout        viewer → none
        bob@example.com    - project:Mobile          viewer → none
        carol@example.com  + domain:example.com      none → admin
        erin@example.com   + account                 none → admin
        erin@example.com   - billing                 admin → none
        token:ci           + domain:example.com      none → admin
        token:ci           + project:Mobile          none → admin

      Held: 1 change of 1 principal not written
        admin-limit: 1 would newly become account admin: erin@example.com. The limit is 0
          to go on: approve the parts that you intend, make the change in smaller steps, or raise \`limits.newAdmins\` in a reviewed change of the policy
        erin@example.com
          + account  none → admin
              because a grant (policy.yaml:58), on call
          held by admin-limit
          to approve it, add these lines under \`approvals:\` of the policy:
        - until: 2026-12-01
          digests:
            - sha256:52916b264b359897cb469611c34092faa0e75b6c0c9b931a099ebefdf97f9ebe
          or approve it for one run: grantd apply policy.yaml --approve sha256:52916b264b359897cb469611c34092faa0e75b6c0c9b931a099ebefdf97f9ebe

      Deferred: not written until what it waits for is settled (2 changes)
        waits for project:Moblie [unresolved-name]
          a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
          help: correct the name, or use the id
          Ann@example.com    ↓ project:Checkout        admin → viewer
          carol@example.com  - inbox:Checkout/Staging  admin → none

      Account 3229: 2 applied, 1 did not stick, 1 failed, 1 changed by someone else, 2 not tried, 1 not confirmed. 8 changes left, 1 change held by admin-limit, 2 changes deferred, 1 name matches no resource, or several. 2 people whom no grant names keep 4 rows (unlisted: keep).
      "
    `);
  });

  test('says so if only held parts remain', () => {
    const text = renderRunText(written({ after: { ...heldPlan, changes: [] } }), PLAIN);
    expect(text).not.toContain('Still to do');
    expect(text.split('\n').at(-2)).toMatchInlineSnapshot(
      `"Account 3229: 8 applied. 1 change held by admin-limit, 3 changes deferred, 1 name matches no resource, or several. 2 people whom no grant names keep 4 rows (unlisted: keep)."`,
    );
  });

  test('that could not be confirmed', () => {
    const unconfirmed = new GrantdError('api-timeout', 'no answer within 30 s', 'run again');
    const text = renderRunText(written({ after: null, unconfirmed }), PLAIN);
    expect(text.split('\n').slice(-5)).toMatchInlineSnapshot(`
      [
        "grantd could not read the account after the writes: no answer within 30 s",
        "  help: run again",
        "",
        "Account 3229: 8 applied. The state of the account is not confirmed.",
        "",
      ]
    `);
    expect(
      renderRunText(written({ after: null }), PLAIN)
        .split('\n')
        .at(-2),
    ).toMatchInlineSnapshot(`"Account 3229: 8 applied. The state of the account is not confirmed."`);
  });

  test('that had nothing to write, or was not allowed to', () => {
    expect(renderRunText({ kind: 'complete', plan: clean }, PLAIN)).toMatchInlineSnapshot(`
      "Nothing to change: the account is as the policy says.
      "
    `);
    const single = smallWorld(
      { limits: { newAdmins: 0 }, grants: [{ to: 'ann@example.com', resource: 'account', level: 'admin' }] },
      { accesses: [{ access: 2, user: 'ann@example.com' }] },
    );
    expect(renderRunText({ kind: 'not-written', plan: single.plan }, PLAIN)).toMatchInlineSnapshot(`
      "Held: 1 change of 1 principal not written
        admin-limit: 1 would newly become account admin: ann@example.com. The limit is 0
          to go on: approve the parts that you intend, make the change in smaller steps, or raise \`limits.newAdmins\` in a reviewed change of the policy
        ann@example.com
          + account  none → admin
              because a grant (policy.yaml:51)
          held by admin-limit
          to approve it, add these lines under \`approvals:\` of the policy:
        - until: 2026-12-01
          digests:
            - sha256:306c31234f295042bb6d5648b073e344262562788fdccb333c35438867c6fde1
          or approve it for one run: grantd apply policy.yaml --approve sha256:306c31234f295042bb6d5648b073e344262562788fdccb333c35438867c6fde1

      Held by admin-limit: nothing is written.
      "
    `);
  });

  test('that found another plan than the agreed one says what differs', () => {
    const other = busyWorld({ limits: { newAdmins: 0 } }).plan;
    const edited: Plan = { ...plan, changes: plan.changes.slice(1) };
    expect(renderRunText({ kind: 'stale', plan: edited, agreed: agreedPlan(plan) }, PLAIN)).toMatchInlineSnapshot(`
      "Nothing was written: the plan differs from the one that you agreed to.
        no longer planned: create Ann@example.com inbox:#5001 none → admin
        help: plan again, and agree to the new plan
      "
    `);
    const saved = { ...agreedPlan(plan), saved: { labels: new Map([['inbox:#5001', 'inbox:Checkout/Staging']]) } };
    expect(renderRunText({ kind: 'stale', plan: edited, agreed: saved }, PLAIN)).toMatchInlineSnapshot(`
      "Nothing was written: the plan differs from the saved plan.
        no longer planned: create Ann@example.com inbox:Checkout/Staging (#5001) none → admin
        help: plan again, and agree to the new plan
      "
    `);
    const heldText = renderRunText({ kind: 'stale', plan, agreed: agreedPlan(other) }, PLAIN);
    expect(heldText.split('\n').slice(1, 2)).toMatchInlineSnapshot(`
      [
        "  no longer planned: held by admin-limit (sha256:52916b264b359897cb469611c34092faa0e75b6c0c9b931a099ebefdf97f9ebe): create erin@example.com account (#3229) none → admin",
      ]
    `);
    const approved = {
      ...plan,
      approved: other.held.map((part) => ({ ...part, by: { kind: 'by-hand' as const, user: 'root' }, isBegun: false })),
    };
    const help = (approvedByHand: readonly string[]) =>
      renderRunText({ kind: 'stale', plan: approved, agreed: agreedPlan(other, approvedByHand) }, PLAIN);
    expect(help([])).toContain('  help: --approve lets more pass than its own part');
    expect(help(['sha256:0'])).toContain('  help: plan again');
    const agreed = { ...agreedPlan(plan), digest: 'sha256:0' };
    expect(renderRunText({ kind: 'stale', plan, agreed }, PLAIN).split('\n')[1]).toBe(
      `  the digest was sha256:0 and is now ${plan.digest}`,
    );
    const turned = { ...agreedPlan(plan), parts: [...agreedPlan(plan).parts].reverse() };
    expect(renderRunText({ kind: 'stale', plan, agreed: turned }, PLAIN).split('\n')[1]).toBe(
      '  the changes are the same, in another order',
    );
  });
});

describe('a run as JSON', () => {
  const unconfirmed = new GrantdError('api-timeout', 'no answer within 30 s', 'run again');
  const runs: readonly RunResult[] = [
    written(),
    written({
      outcomes: outcomes(plan, MIXED),
      after: heldPlan,
      foreign: [
        {
          principal: { kind: 'token', name: 'backup', tokenId: 77 },
          access: 5,
          row: { type: 'project', id: 4002, level: 0 },
          before: 100,
        },
      ],
    }),
    written({ after: null, unconfirmed }),
    { kind: 'complete', plan: clean },
    { kind: 'not-written', plan: heldPlan },
    { kind: 'stale', plan, agreed: agreedPlan(clean) },
  ];

  test('has the shape that the schema promises', () => {
    for (const run of runs) expect(schemaErrors('run', runToJson(run))).toEqual([]);
  });

  test('says how each change ended, and what is still to do', () => {
    const json = runs.map(runToJson);
    expect(json.map((run) => run.result)).toEqual([
      'written',
      'written',
      'written',
      'complete',
      'not-written',
      'stale',
    ]);
    expect(json[1]?.outcomes.map(({ outcome, found, isRead }) => [outcome, found, isRead])).toMatchInlineSnapshot(`
      [
        [
          "did-not-stick",
          null,
          true,
        ],
        [
          "failed",
          null,
          true,
        ],
        [
          "not-tried",
          null,
          true,
        ],
        [
          "changed-by-someone-else",
          "viewer+",
          true,
        ],
        [
          "not-tried",
          null,
          false,
        ],
        [
          "unconfirmed",
          null,
          false,
        ],
        [
          "applied",
          "admin",
          true,
        ],
        [
          "applied",
          "admin",
          true,
        ],
      ]
    `);
    expect(json[1]?.foreign).toMatchInlineSnapshot(`
      [
        {
          "after": null,
          "before": "admin",
          "principal": {
            "access": 5,
            "kind": "token",
            "name": "backup",
            "tokenId": 77,
          },
          "resource": {
            "id": 4002,
            "label": "project:#4002",
            "type": "project",
          },
        },
      ]
    `);
    expect(json[2]?.unconfirmed).toMatchInlineSnapshot(`
      {
        "code": "api-timeout",
        "message": "no answer within 30 s",
        "remedy": "run again",
      }
    `);
    expect(json.map((run) => run.remaining?.verdict ?? null)).toMatchInlineSnapshot(`
      [
        "complete",
        "allowed",
        null,
        "complete",
        "allowed",
        "allowed",
      ]
    `);
    expect(json[5]?.stale.length).toBe(plan.changes.length);
  });

  test('has a word for every outcome', () => {
    const all: readonly Outcome[] = ['applied', 'did-not-stick', 'failed', 'changed-by-someone-else', 'not-tried'];
    const [first] = plan.changes;
    for (const outcome of all) {
      const one: readonly ChangeOutcome[] = first
        ? [{ change: first, outcome, sent: 'answered', found: 0, reason: null, auditHash: null }]
        : [];
      expect(renderRunText(written({ outcomes: one }), PLAIN)).toContain(
        outcome.replaceAll('-', ' ').replace('somebody', 'someone'),
      );
    }
  });
});
