import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { type Paint, PLAIN } from '../../../src/report/layout/paint.ts';
import { verdictText } from '../../../src/report/plan/headline.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { listed } from '../../support/account-builder.ts';
import { smallWorld } from '../../support/small-world.ts';
import { beside } from '../sections.ts';
import { busyWorld, hostileWorld } from '../worlds.ts';

const text = (plan: Plan) => renderPlanText(plan, PLAIN, { isWhole: true });
const summary = (plan: Plan) => text(plan).trimEnd().split('\n\n').at(-1);

describe('a plan as text', () => {
  test('shows everything about a busy account', () => {
    expect(text(busyWorld().plan)).toMatchInlineSnapshot(`
      "Notices (1)
        policy.yaml:53: project:Moblie matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it [unresolved-name]
          help: did you mean project:Mobile (project:#4002)? otherwise correct the name, or check that the token administers the resource; if the resource is gone, delete the line

      Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
        owners cannot be changed through the API [owner]
          help: change the owner in Mailtrap, or remove them from the grant
          owner@example.com  account  has owner, entitled none  more than entitled

      Absent: in the policy, not in the account (1 name)
        zoe@example.com  policy.yaml:55
        help: invite them in Mailtrap, or remove them from the policy

      Upcoming: their first grant has not begun (1 name)
        dan@example.com  from 2026-12-01T00:00:00Z  policy.yaml:56

      Ended (3 rows)
        bob@example.com  inbox:Checkout/Staging  admin until 2026-11-01   has none    policy.yaml:51
        bob@example.com  project:Checkout        viewer until 2026-11-01  has viewer  policy.yaml:51
        bob@example.com  project:Checkout        viewer until 2026-11-01  has viewer  policy.yaml:57

      Unlisted: have access, and no grant that has begun names them (2 principals)
        gina@example.com  billing admin, project:Checkout viewer+
        zed@example.com   project:Mobile admin, inbox:Mobile/Builds viewer

      Redundant: give nothing beyond the policy, and grantd leaves them alone (2 rows)
        carol@example.com  inbox:Mobile/Builds  viewer
        erin@example.com   project:Checkout     admin

      Idle: members without any access (1 principal)
        idle@example.com (invited)

      Notices: it is not yet confirmed that the access id and the token id of a declared token belong together (1)
        token:ci: it is not yet confirmed that access 5142 belongs to this token; grantd first raises one row and checks that it appears on this token [unproven-token]
          help: if the raise does not appear, check both ids under \`tokens\`

      Ahead: what begins and ends in the next 30 days (1 date)
        2026-12-01T00:00:00Z  begins  dan@example.com  viewer on project:Mobile  policy.yaml:56

      Changes
        Ann@example.com
          + inbox:Checkout/Staging  none → admin
              because group qa → role tester (policy.yaml:51), OPS-123
        bob@example.com
          - project:Checkout  viewer → none
              ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123
              ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57)
          - project:Mobile    viewer → none
              offboarded by \`ends\` (policy.yaml:21)
        carol@example.com
          + domain:example.com  none → admin
              because a grant (policy.yaml:52), until 2026-12-31
        erin@example.com
          + account  none → admin
              because a grant (policy.yaml:58), on call
          - billing  admin → none
              no grant gives this; named at policy.yaml:57, policy.yaml:58
        token:ci
          + domain:example.com  none → admin
              because a grant (policy.yaml:52), until 2026-12-31
          + project:Mobile      none → admin
              because project:Mob* (policy.yaml:52), until 2026-12-31

      Deferred: not written until what it waits for is settled (2 changes)
        waits for project:Moblie [unresolved-name]
          a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
          help: correct the name, or use the id
          Ann@example.com    ↓ project:Checkout        admin → viewer
          carol@example.com  - inbox:Checkout/Staging  admin → none

      Account 3229, authoritative: 4 gain, 2 lose, 2 wait, 1 stays untouched, 3 not in the policy.
      8 changes may be written. 2 changes deferred. 1 name matches no resource, or several.
        lose something: bob@example.com, erin@example.com
        become account admin: erin@example.com
      2 people whom no grant names keep 4 rows (unlisted: keep).
      "
    `);
  });

  test('shows a held plan whole, with numbers, digests and the way forward', () => {
    const { plan } = busyWorld({ limits: { newAdmins: 0, revokes: { principals: 1, percent: 1 } } });
    expect(beside(text(busyWorld().plan), text(plan))).toMatchInlineSnapshot(`
      "= Notices (1)

      = Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)

      = Absent: in the policy, not in the account (1 name)

      = Upcoming: their first grant has not begun (1 name)

      = Ended (3 rows)

      = Unlisted: have access, and no grant that has begun names them (2 principals)

      = Redundant: give nothing beyond the policy, and grantd leaves them alone (2 rows)

      = Idle: members without any access (1 principal)

      = Notices: it is not yet confirmed that the access id and the token id of a declared token belong together (1)

      = Ahead: what begins and ends in the next 30 days (1 date)

      Changes
        Ann@example.com
          + inbox:Checkout/Staging  none → admin
              because group qa → role tester (policy.yaml:51), OPS-123
        bob@example.com
          - project:Checkout  viewer → none
              ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123
              ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57)
          - project:Mobile    viewer → none
              offboarded by \`ends\` (policy.yaml:21)
        carol@example.com
          + domain:example.com  none → admin
              because a grant (policy.yaml:52), until 2026-12-31
        token:ci
          + domain:example.com  none → admin
              because a grant (policy.yaml:52), until 2026-12-31
          + project:Mobile      none → admin
              because project:Mob* (policy.yaml:52), until 2026-12-31

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

      Deferred: not written until what it waits for is settled (3 changes)
        waits for project:Moblie [unresolved-name]
          a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
          help: correct the name, or use the id
          Ann@example.com    ↓ project:Checkout        admin → viewer
          carol@example.com  - inbox:Checkout/Staging  admin → none
        waits for account [relies-on-missing]
          a row that the policy grants here, above or below is not in place, and this one may replace it
          help: settle the missing row first; this one follows
          erin@example.com  - billing  admin → none

      Account 3229, authoritative: 4 gain, 2 lose, 3 wait, 1 stays untouched, 3 not in the policy.
      6 changes may be written. 1 change held by admin-limit. 3 changes deferred. 1 name matches no resource, or several.
        lose something: bob@example.com
        account admins stay the same
      2 people whom no grant names keep 4 rows (unlisted: keep).
      "
    `);
  });

  test('says in one line that nothing is to be done', () => {
    const { plan } = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      { accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } }] },
    );
    expect(text(plan)).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change: the account is as the policy says.
      "
    `);
  });

  test('says that there is nothing to do now if all changes wait', () => {
    const { plan } = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Chekout' }] },
      { accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } }] },
    );
    expect(text(plan)).toMatchInlineSnapshot(`
      "Notices (1)
        policy.yaml:51: project:Chekout matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it [unresolved-name]
          help: did you mean project:Checkout (project:#4001)? otherwise correct the name, or check that the token administers the resource; if the resource is gone, delete the line

      Deferred: not written until what it waits for is settled (1 change)
        waits for project:Chekout [unresolved-name]
          a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there
          help: correct the name, or use the id
          ann@example.com  - project:Checkout  viewer → none

      Account 3229, authoritative: 0 gain, 0 lose, 1 waits, 1 stays untouched, 0 not in the policy.
      Deferred: 1 change waits, nothing is written. 1 name matches no resource, or several.
      "
    `);
  });

  test('says which rows cannot be managed if nothing else differs', () => {
    const { plan } = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      {
        accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 50 } }],
      },
    );
    expect(text(plan)).toMatchInlineSnapshot(`
      "Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
        grantd leaves undocumented levels alone, and cannot lower viewer+ to viewer [level]
          help: change the level in Mailtrap
          ann@example.com  project:Checkout  has viewer+, entitled viewer  more than entitled

      Account 3229, authoritative: 0 gain, 0 lose, 1 stays untouched, 0 not in the policy.
      Nothing to change; 1 row cannot be managed.
      "
    `);
  });

  test('says that nothing can be done for who is absent', () => {
    const { plan } = smallWorld({ grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] }, {});
    expect(text(plan)).toMatchInlineSnapshot(`
      "Absent: in the policy, not in the account (1 name)
        ann@example.com  policy.yaml:51
        help: invite them in Mailtrap, or remove them from the policy

      Account 3229, authoritative: 0 gain, 0 lose, 0 stay untouched, 0 not in the policy.
      Nothing to change; 1 name not in the account.
      "
    `);
  });

  test('in additive mode, lists what has ended and is still in place', () => {
    const { plan } = smallWorld(
      {
        mode: 'additive',
        grants: [
          {
            to: 'ann@example.com',
            resource: ['project:Checkout', 'project:Mobile'],
            level: 'admin',
            until: '2026-11-01',
          },
          { to: 'bob@example.com', resource: 'project:Mobile', until: '2026-11-01' },
        ],
      },
      {
        accesses: [
          { access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } },
          { access: 3, user: 'bob@example.com' },
        ],
      },
    );
    expect(text(plan)).toMatchInlineSnapshot(`
      "Ended, and still in place (1 row)
        ann@example.com  project:Checkout  admin until 2026-11-01  has viewer  policy.yaml:51

      Account 3229, additive: 0 gain, 0 lose, 2 stay untouched, 0 not in the policy.
      Nothing to add: every grant is in place.
      "
    `);
    expect(text({ ...plan, ended: plan.ended.filter((row) => row.actual === 0) })).not.toContain('Ended');
  });

  test('says why a loss is planned: ended, offboarded, lowered or never granted', () => {
    const { plan } = smallWorld(
      {
        groups: { qa: ['ann@example.com'] },
        ends: { 'bob@example.com': '2026-11-01' },
        grants: [
          { to: 'group:qa', resource: 'project:Checkout', until: '2026-11-01', reason: 'OPS-7' },
          { to: ['ann@example.com', 'group:qa'], resource: 'domain:example.com' },
          { to: ['group:qa', 'bob@example.com'], resource: 'inbox:Mobile/Builds' },
        ],
      },
      {
        accesses: [
          {
            access: 2,
            user: 'ann@example.com',
            rows: {
              'project:#4001': 'admin',
              'domain:#7001': 'admin',
              'inbox:#5003': 'viewer',
              'campaigns:#3229': 'viewer',
            },
          },
          { access: 3, user: 'bob@example.com', rows: { 'project:#4001': 'viewer', 'inbox:#5003': 'viewer' } },
        ],
      },
    );
    expect(text(plan)).toMatchInlineSnapshot(`
      "Ended (2 rows)
        ann@example.com  project:Checkout     viewer until 2026-11-01  has admin   policy.yaml:51
        bob@example.com  inbox:Mobile/Builds  viewer until 2026-11-01  has viewer  policy.yaml:53

      Changes
        ann@example.com
          ↓ domain:example.com  admin → viewer
              keeps viewer: a grant (policy.yaml:52), and 1 other way
          - campaigns           viewer → none
              no grant gives this; named at policy.yaml:52, policy.yaml:53 (group qa), policy.yaml:51 (group qa)
          - project:Checkout    admin → none
              ended 2026-11-01: group qa (policy.yaml:51), OPS-7
        bob@example.com
          - inbox:Mobile/Builds  viewer → none
              ended 2026-11-01 by \`ends\` (policy.yaml:21): a grant (policy.yaml:53)
          - project:Checkout     viewer → none
              offboarded by \`ends\` (policy.yaml:21)

      Account 3229, authoritative: 0 gain, 2 lose, 0 stay untouched, 0 not in the policy.
      5 changes may be written.
        lose something: ann@example.com, bob@example.com
        account admins stay the same
      "
    `);
  });

  test('puts what stops every write right below the first line', () => {
    const { plan } = busyWorld({ paused: true });
    expect(text(plan).split('\n').slice(0, 5)).toMatchInlineSnapshot(`
      [
        "grantd writes nothing until this is settled (1)",
        "  the policy says \`paused: true\`: grantd writes nothing, and does not remove expired access either [paused]",
        "    help: set \`paused: false\` to continue; \`git log -S 'paused: true' -- policy.yaml\` shows since when",
        "",
        "Notices (1)",
      ]
    `);
    const single = smallWorld(
      { paused: true, grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      { accesses: [{ access: 2, user: 'ann@example.com' }] },
    );
    expect(text(single.plan)).toMatchInlineSnapshot(`
      "grantd writes nothing until this is settled (1)
        the policy says \`paused: true\`: grantd writes nothing, and does not remove expired access either [paused]
          help: set \`paused: false\` to continue; \`git log -S 'paused: true' -- policy.yaml\` shows since when

      Changes
        ann@example.com
          + project:Checkout  none → viewer
              because a grant (policy.yaml:51)

      Account 3229, authoritative: 1 gains, 0 lose, 0 stay untouched, 0 not in the policy.
      Paused: 1 change waits, nothing is written.
        account admins stay the same
      "
    `);
  });

  test('says that nothing is written in mode observe, or while the clocks differ', () => {
    const { plan } = smallWorld(
      { mode: 'observe', grants: [{ to: 'ann@example.com', resource: 'project:Checkout' }] },
      { accesses: [{ access: 2, user: 'ann@example.com' }] },
    );
    expect(summary(plan)).toMatchInlineSnapshot(`
      "Account 3229, observe: 1 gains, 0 lose, 0 stay untouched, 0 not in the policy.
      Observed only: 1 change found, nothing is written.
        account admins stay the same"
    `);
    const skew = { code: 'clock-skew', message: 'ahead', remedy: 'set the clock', at: null } as const;
    expect(
      text({ ...plan, verdict: 'allowed', notices: [skew] })
        .split('\n')
        .slice(0, 5),
    ).toMatchInlineSnapshot(`
      [
        "grantd writes nothing until this is settled (1)",
        "  ahead [clock-skew]",
        "    help: set the clock",
        "",
        "Changes",
      ]
    `);
  });

  test('counts what is held and what is deferred in the first line, whatever else stops the plan', () => {
    const waits = busyWorld({ limits: { newAdmins: 0 } }).plan;
    const last = (more: Partial<Plan>) => verdictText({ ...waits, ...more });
    const name = '1 name matches no resource, or several.';
    const rest = `1 change held by admin-limit. 3 changes deferred. ${name}`;
    expect(last({ verdict: 'paused' })).toBe(`Paused: 6 changes wait, nothing is written. ${rest}`);
    expect(last({ verdict: 'paused', changes: [] })).toBe(`Paused: nothing is written. ${rest}`);
    expect(last({ verdict: 'held', mode: 'observe' })).toBe(
      'Observed only: 10 changes found, nothing is written. In a mode that writes: 1 change held by admin-limit, 3 changes deferred, 1 name matches no resource, or several.',
    );
    expect(last({ verdict: 'held', changes: [] })).toBe(
      `Held by admin-limit: nothing is written. 3 changes deferred. ${name}`,
    );
    expect(last({ verdict: 'deferred', changes: [], held: [], refusals: [] })).toBe(
      `Deferred: 3 changes wait, nothing is written. ${name}`,
    );
  });

  test('says what may be written beside what is held', () => {
    expect(summary(busyWorld({ limits: { newAdmins: 0 } }).plan)).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 4 gain, 2 lose, 3 wait, 1 stays untouched, 3 not in the policy.
      6 changes may be written. 1 change held by admin-limit. 3 changes deferred. 1 name matches no resource, or several.
        lose something: bob@example.com
        account admins stay the same
      2 people whom no grant names keep 4 rows (unlisted: keep)."
    `);
  });

  test('folds what stays the same from run to run into one line for each kind', () => {
    const [folded = ''] = renderPlanText(busyWorld().plan, PLAIN).split('\n\n').slice(1);
    expect(folded).toMatchInlineSnapshot(`
      "Unmanageable: the policy asks for a different level, and grantd cannot write it (1 row)
      Absent: in the policy, not in the account (1 name)
      Upcoming: their first grant has not begun (1 name)
      Ended (3 rows)
      Unlisted: have access, and no grant that has begun names them (2 principals)
      Redundant: give nothing beyond the policy, and grantd leaves them alone (2 rows)
      Idle: members without any access (1 principal)
      Notices: it is not yet confirmed that the access id and the token id of a declared token belong together (1)
        --verbose lists them"
    `);
    expect(text(busyWorld().plan)).not.toContain('--verbose');
  });

  test('names those who lose, up to what a screen holds, and who becomes or stops being account admin', () => {
    const many = Array.from({ length: 30 }, (_, index) => `p${String(index).padStart(2, '0')}@example.com`);
    const admins = many.map((user, index) => ({ access: index + 1, user, rows: { account: 'admin' as const } }));
    const { plan } = smallWorld(
      { limits: { revokes: { principals: 99, percent: 100 }, admins: 1 }, grants: [{ to: many, resource: 'billing' }] },
      { accesses: [...admins, { access: 99, user: 'owner@example.com', rows: { account: 'owner' } }] },
    );
    expect(summary(plan)).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 30 gain, 30 lose, 0 stay untouched, 1 not in the policy.
      60 changes may be written.
        lose something: p00@example.com, p01@example.com, p02@example.com, p03@example.com, p04@example.com, p05@example.com, p06@example.com, p07@example.com, p08@example.com, p09@example.com, p10@example.com, p11@example.com, p12@example.com, p13@example.com, p14@example.com, p15@example.com, p16@example.com, p17@example.com, p18@example.com, p19@example.com and 10 more, listed above
        no longer account admin: p00@example.com, p01@example.com, p02@example.com, p03@example.com, p04@example.com, p05@example.com, p06@example.com, p07@example.com, p08@example.com, p09@example.com, p10@example.com, p11@example.com, p12@example.com, p13@example.com and 16 more, listed above"
    `);
    const long = plan.changes.map((change, index) => ({
      ...change,
      principal: { kind: 'user', email: `${'x'.repeat(300)}${index}@example.com` } as const,
    }));
    expect(summary({ ...plan, changes: long })?.match(/xxx@?\d*@example/g) ?? []).toHaveLength(2);
  });

  test('bounds long lists and says what it leaves out, but never changes or held parts', () => {
    const many = Array.from({ length: 30 }, (_, index) => `p${String(index).padStart(2, '0')}@example.com`);
    const { plan } = smallWorld(
      { grants: [{ to: many, resource: 'project:Checkout' }] },
      {
        accesses: many.slice(0, 25).map((user, access) => ({ access, user })),
      },
    );
    expect(plan.changes).toHaveLength(25);
    for (const { principal } of plan.changes)
      expect(text(plan)).toContain(`\n  ${'email' in principal && principal.email}\n`);
    const unlisted = smallWorld(
      { grants: [] },
      {
        tree: [
          listed(
            'account',
            3229,
            'Account',
            many.map((name, index) => listed('project', index + 1, name)),
          ),
        ],
        accesses: many.map((user, access) => ({
          access,
          user,
          rows: Object.fromEntries(many.slice(0, 7).map((_, index) => [`project:#${index + 1}`, 'viewer' as const])),
        })),
      },
    );
    expect(renderPlanText(unlisted.plan, PLAIN)).toMatchInlineSnapshot(`
      "Unlisted: have access, and no grant that has begun names them (30 principals)
        --verbose lists them

      Account 3229, authoritative: 0 gain, 0 lose, 0 stay untouched, 30 not in the policy.
      Nothing to change: the policy lists no one in the account; 30 people whom no grant names keep 210 rows (unlisted: keep).
      "
    `);
    const lines = text(unlisted.plan).split('\n');
    expect(lines.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "Unlisted: have access, and no grant that has begun names them (30 principals)",
        "  p00@example.com  project:p00@example.com viewer, project:p01@example.com viewer, project:p02@example.com viewer, 4 more",
        "  p01@example.com  project:p00@example.com viewer, project:p01@example.com viewer, project:p02@example.com viewer, 4 more",
      ]
    `);
    expect(lines.filter((line) => /^ {2}p\d\d@/.test(line))).toHaveLength(30);
    const notices = many.map((name) => ({ code: 'matches-nothing', message: name, remedy: 'r', at: null }) as const);
    const short = renderPlanText({ ...plan, notices }, PLAIN);
    expect(short).toContain('p19@example.com [matches-nothing]\n    help: r\n  and 10 more; --format json shows all\n');
    expect(text({ ...plan, notices })).toContain('p29@example.com [matches-nothing]');
    const held = smallWorld(
      { limits: { newAdmins: 1 }, grants: [{ to: many, resource: 'account', level: 'admin' }] },
      { accesses: many.map((user, access) => ({ access, user })) },
    );
    for (const part of held.plan.held) expect(text(held.plan)).toContain(part.digest);
  });

  test('shows no control character of any name', () => {
    const shown = text(hostileWorld().plan);
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toContain('\u202e');
    expect(shown).toMatchInlineSnapshot(`
      "Notices (1)
        x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}.yaml:54: domain:x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e} matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any domain, or on what may be above or below it [unresolved-name]
          help: correct the name, or check that the token administers the resource; if the resource is gone, delete the line

      Absent: in the policy, not in the account (1 name)
        gonex|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}@example.com  x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}.yaml:52
        help: invite them in Mailtrap, or remove them from the policy

      Upcoming: their first grant has not begun (1 name)
        laterx|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}@example.com  from 2027-01-01T00:00:00Z  x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}.yaml:53

      Unlisted: have access, and no grant that has begun names them (1 principal)
        unlistedx|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}  project:x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}2 viewer

      Idle: members without any access (1 principal)
        idlex|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e} (invited)

      Changes
        oddx|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}@example.com
          - project:x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}2  viewer → none
              no grant gives this; named at x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}.yaml:54
        x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}@example.com
          + project:x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}  none → admin
              because group x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e} → role x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e} (x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}.yaml:51), x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}
          - project:x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}2  viewer → none
              no grant gives this; named at x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}.yaml:51 (group x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e})

      Account 3229, authoritative: 1 gains, 2 lose, 0 stay untouched, 3 not in the policy.
      3 changes may be written. 1 name matches no resource, or several.
        lose something: oddx|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}@example.com, x|y\`z<img src=q>@admins #7\\u{1b}[31m\\u{202e}@example.com
        account admins stay the same
      1 person whom no grant names keeps 1 row (unlisted: keep).
      "
    `);
  });

  test('colours after aligning, so that columns stay straight', () => {
    const tag = (name: string) => (words: string) => `<${name}>${words}</${name}>`;
    const paint: Paint = {
      strong: tag('b'),
      faint: tag('i'),
      gain: tag('gain'),
      loss: tag('loss'),
      warn: tag('warn'),
      fail: tag('fail'),
    };
    const { plan } = busyWorld();
    const tagless = renderPlanText(plan, paint).replace(/<\/?(b|i|gain|loss|warn|fail)>/g, '');
    expect(tagless).toBe(renderPlanText(plan, PLAIN));
  });
});
