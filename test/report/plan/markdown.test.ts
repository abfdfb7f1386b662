import { describe, expect, test } from 'vitest';
import { inlineCode } from '../../../src/report/layout/markdown.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { listed } from '../../support/account-builder.ts';
import { smallWorld } from '../../support/small-world.ts';
import { beside } from '../sections.ts';
import { busyWorld, hostileWorld } from '../worlds.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `person-${index}@example.com`);

describe('a plan as a comment', () => {
  test('puts the largest risks first', () => {
    expect(renderPlanMarkdown(busyWorld().plan)).toMatchInlineSnapshot(`
      "### grantd: account 3229, authoritative

      **4 gain, 2 lose, 2 wait, 1 stays untouched, 3 not in the policy.** 8 changes may be written. 2 changes deferred. 1 name matches no resource, or several. 2 people whom no grant names keep 4 rows (unlisted: keep).

      #### New account admins (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`erin@example.com\` | \`account\` | create: none → admin | \`because a grant (policy.yaml:58), on call\` |

      #### Access taken (3)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`bob@example.com\` | \`project:Checkout\` | remove: viewer → none | \`\` ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123 \`\`<br>\`\` ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57) \`\` |
      | \`bob@example.com\` | \`project:Mobile\` | remove: viewer → none | \`\` offboarded by \`ends\` (policy.yaml:21) \`\` |
      | \`erin@example.com\` | \`billing\` | remove: admin → none | \`no grant gives this; named at policy.yaml:57, policy.yaml:58\` |

      #### Access given (4)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`Ann@example.com\` | \`inbox:Checkout/Staging\` | create: none → admin | \`because group qa → role tester (policy.yaml:51), OPS-123\` |
      | \`carol@example.com\` | \`domain:example.com\` | create: none → admin | \`because a grant (policy.yaml:52), until 2026-12-31\` |
      | \`token:ci\` | \`domain:example.com\` | create: none → admin | \`because a grant (policy.yaml:52), until 2026-12-31\` |
      | \`token:ci\` | \`project:Mobile\` | create: none → admin | \`because project:Mob* (policy.yaml:52), until 2026-12-31\` |

      <details>
      <summary>Ahead: what begins and ends in the next 30 days (1)</summary>

      - 2026-12-01T00:00:00Z begins: \`dan@example.com\`: \`viewer on project:Mobile\` \`policy.yaml:56\`

      </details>

      <details>
      <summary>Notices (2)</summary>

      - \`policy.yaml:53\` **unresolved-name**: \`project:Moblie matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it\`<br>\`did you mean project:Mobile (project:#4002)? otherwise correct the name, or check that the token administers the resource; if the resource is gone, delete the line\`
      - **unproven-token**: \`token:ci: it is not yet confirmed that access 5142 belongs to this token; grantd first raises one row and checks that it appears on this token\`<br>\`\` if the raise does not appear, check both ids under \`tokens\` \`\`

      </details>

      <details>
      <summary>Deferred: not written until what it waits for is settled (2)</summary>

      - \`Ann@example.com\` \`project:Checkout\` admin → viewer: waits for \`project:Moblie\` (**unresolved-name**: a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there; correct the name, or use the id)
      - \`carol@example.com\` \`inbox:Checkout/Staging\` admin → none: waits for \`project:Moblie\` (**unresolved-name**: a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there; correct the name, or use the id)

      </details>

      <details>
      <summary>Unmanageable: the policy asks for a different level, and grantd cannot write it (1)</summary>

      - \`owner@example.com\` \`account\`: has owner, entitled none, more than entitled (**owner**: owners cannot be changed through the API; change the owner in Mailtrap, or remove them from the grant)

      </details>

      <details>
      <summary>Absent: in the policy, not in the account (1)</summary>

      - \`zoe@example.com\` \`policy.yaml:55\`

      </details>

      <details>
      <summary>Upcoming: their first grant has not begun (1)</summary>

      - \`dan@example.com\` from 2026-12-01T00:00:00Z \`policy.yaml:56\`

      </details>

      <details>
      <summary>Unlisted: have access, and no grant that has begun names them (2)</summary>

      - \`gina@example.com\`: \`billing\` admin, \`project:Checkout\` viewer+
      - \`zed@example.com\`: \`inbox:Mobile/Builds\` viewer, \`project:Mobile\` admin

      </details>

      <details>
      <summary>Idle: members without any access (1)</summary>

      - \`idle@example.com (invited)\`

      </details>

      <details>
      <summary>Ended (3)</summary>

      - \`bob@example.com\` \`inbox:Checkout/Staging\`: admin until \`2026-11-01\`, has none \`policy.yaml:51\`
      - \`bob@example.com\` \`project:Checkout\`: viewer until \`2026-11-01\`, has viewer \`policy.yaml:51\`
      - \`bob@example.com\` \`project:Checkout\`: viewer until \`2026-11-01\`, has viewer \`policy.yaml:57\`

      </details>

      <details>
      <summary>Redundant: give nothing beyond the policy, and grantd leaves them alone (2)</summary>

      - \`carol@example.com\` \`inbox:Mobile/Builds\` viewer
      - \`erin@example.com\` \`project:Checkout\` admin

      </details>

      Plan \`sha256:105f734f5b8becba7d590a6640f992961891487323af678cc139c3dbc4025cf2\`
      "
    `);
  });

  test('shows what is held, by which rule and digest', () => {
    const { plan } = busyWorld({ limits: { newAdmins: 0 } });
    expect(beside(renderPlanMarkdown(busyWorld().plan), renderPlanMarkdown(plan))).toMatchInlineSnapshot(`
      "### grantd: account 3229, authoritative

      **4 gain, 2 lose, 3 wait, 1 stays untouched, 3 not in the policy.** 6 changes may be written. 1 change held by admin-limit. 3 changes deferred. 1 name matches no resource, or several. 2 people whom no grant names keep 4 rows (unlisted: keep).

      #### Held by a guard

      - **admin-limit**: \`1 would newly become account admin: erin@example.com. The limit is 0\`<br>To go on: \`\` approve the parts that you intend, make the change in smaller steps, or raise \`limits.newAdmins\` in a reviewed change of the policy \`\`

      To let parts run, add the digests of those that you intend to the policy:

      \`\`\`yaml
      approvals:
        - until: 2026-12-01
          digests:
            - sha256:52916b264b359897cb469611c34092faa0e75b6c0c9b931a099ebefdf97f9ebe
      \`\`\`

      | held part | rules | changes | digest |
      | --- | --- | --- | --- |
      | \`erin@example.com\` | admin-limit | 1 | \`sha256:52916b264b359897cb469611c34092faa0e75b6c0c9b931a099ebefdf97f9ebe\` |

      #### New account admins (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`erin@example.com\` | \`account\` | create: none → admin, **held** | \`because a grant (policy.yaml:58), on call\` |

      #### Access taken (2)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`bob@example.com\` | \`project:Checkout\` | remove: viewer → none | \`\` ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa → role tester (policy.yaml:51), OPS-123 \`\`<br>\`\` ended 2026-11-01 by \`ends\` (policy.yaml:21): group qa (policy.yaml:57) \`\` |
      | \`bob@example.com\` | \`project:Mobile\` | remove: viewer → none | \`\` offboarded by \`ends\` (policy.yaml:21) \`\` |

      #### Access given (4)

      = | who | resource | change | why |

      = <details>

      - 2026-12-01T00:00:00Z begins: \`dan@example.com\`: \`viewer on project:Mobile\` \`policy.yaml:56\`

      </details>

      = <details>

      = - \`policy.yaml:53\` **unresolved-name**: \`project:Moblie matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it\`<br>\`did you mean project:Mobile (project:#4002)? otherwise correct the name, or check that the token administers the resource; if the resource is gone, delete the line\`

      </details>

      <details>
      <summary>Deferred: not written until what it waits for is settled (3)</summary>

      - \`Ann@example.com\` \`project:Checkout\` admin → viewer: waits for \`project:Moblie\` (**unresolved-name**: a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there; correct the name, or use the id)
      - \`carol@example.com\` \`inbox:Checkout/Staging\` admin → none: waits for \`project:Moblie\` (**unresolved-name**: a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there; correct the name, or use the id)
      - \`erin@example.com\` \`billing\` admin → none: waits for \`account\` (**relies-on-missing**: a row that the policy grants here, above or below is not in place, and this one may replace it; settle the missing row first; this one follows)

      </details>

      = <details>

      - \`owner@example.com\` \`account\`: has owner, entitled none, more than entitled (**owner**: owners cannot be changed through the API; change the owner in Mailtrap, or remove them from the grant)

      </details>

      = <details>

      - \`zoe@example.com\` \`policy.yaml:55\`

      </details>

      = <details>

      - \`dan@example.com\` from 2026-12-01T00:00:00Z \`policy.yaml:56\`

      </details>

      = <details>

      = - \`gina@example.com\`: \`billing\` admin, \`project:Checkout\` viewer+

      </details>

      = <details>

      - \`idle@example.com (invited)\`

      </details>

      = <details>

      = - \`bob@example.com\` \`inbox:Checkout/Staging\`: admin until \`2026-11-01\`, has none \`policy.yaml:51\`

      </details>

      = <details>

      = - \`carol@example.com\` \`inbox:Mobile/Builds\` viewer

      </details>

      Plan \`sha256:14beec9fbe4aeec76ca980784100de0aa7dee9a1776c4acf5c1887db1c75e95b\`
      "
    `);
  });

  test('has sections of their own for account-wide access and lost admins', () => {
    const { plan } = smallWorld(
      {
        grants: [
          { to: 'ann@example.com', resource: 'account' },
          { to: ['bob@example.com', 'carol@example.com'], resource: 'account', level: 'admin' },
          { to: 'dan@example.com', resource: 'account', until: '2026-10-01' },
        ],
      },
      {
        accesses: [
          { access: 1, user: 'ann@example.com' },
          { access: 2, user: 'bob@example.com', rows: { account: 'admin' } },
          { access: 3, user: 'carol@example.com' },
          { access: 4, user: 'dan@example.com', rows: { account: 'admin', 'project:#4001': 'viewer' } },
        ],
      },
    );
    expect(renderPlanMarkdown(plan)).toMatchInlineSnapshot(`
      "### grantd: account 3229, authoritative

      **2 gain, 1 loses, 1 stays untouched, 0 not in the policy.** 4 changes may be written.

      #### New account admins (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`carol@example.com\` | \`account\` | create: none → admin | \`because a grant (policy.yaml:52)\` |

      #### Account-wide access (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`ann@example.com\` | \`account\` | create: none → viewer | \`because a grant (policy.yaml:51)\` |

      #### No longer account admin (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`account\` | remove: admin → none | \`ended 2026-10-01: a grant (policy.yaml:53)\` |

      #### Access taken (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`project:Checkout\` | remove: viewer → none | \`ended 2026-10-01: account (policy.yaml:53)\` |

      <details>
      <summary>Ended (1)</summary>

      - \`dan@example.com\` \`account\`: viewer until \`2026-10-01\`, has admin \`policy.yaml:53\`

      </details>

      Plan \`sha256:f123c50d39dc74e198377a08e5d6ce44fc63ac1f46ae432b265f49c875d5c517\`
      "
    `);
  });

  test('folds long tables, and is cut if a comment would be too long', () => {
    const many = names(400);
    const { plan } = smallWorld(
      {
        limits: { gains: { principals: 400, percent: null } },
        grants: [{ to: many, resource: 'project:Checkout', reason: 'r'.repeat(250) }],
      },
      { accesses: many.map((user, access) => ({ access, user })) },
    );
    const text = renderPlanMarkdown(plan);
    expect(text.length).toBeLessThan(65_000);
    expect(text.length).toBeGreaterThan(60_000);
    expect(text).toContain('<summary>Access given (400)</summary>');
    expect(text.split('<details>').length).toBe(text.split('</details>').length);
    expect(text.split('\n').slice(-4)).toMatchInlineSnapshot(`
      [
        "**Cut to fit a comment:** 223 rows left out. \`grantd plan\` shows all.",
        "",
        "Plan \`sha256:1c39cf8864f79c865e04aed0c5607477926e6efddd2d5d96d8fd105036848d70\`",
        "",
      ]
    `);
  });

  test('omits whole lists if there is no room left', () => {
    const many = names(30);
    const { plan } = smallWorld(
      { grants: [{ to: 'zoe@example.com', resource: 'project:0' }] },
      {
        tree: [
          listed(
            'account',
            3229,
            'Account',
            names(400).map((name, index) => listed('project', index + 1, `${name}${'x'.repeat(200)}`)),
          ),
        ],
        accesses: many.map((user, access) => ({
          access,
          user,
          rows: Object.fromEntries(names(20).map((_, index) => [`project:#${index + 1}`, 'viewer' as const])),
        })),
      },
    );
    const idle = names(3000).map((email) => ({ kind: 'user', email }) as const);
    const [unlisted] = plan.unlisted;
    const ended = smallWorld(
      { grants: [{ to: 'ann@example.com', resource: 'project:Checkout', until: '2026-11-01' }] },
      { accesses: [{ access: 2, user: 'ann@example.com' }] },
    ).plan.ended;
    expect([unlisted?.rows.length, ended.length]).toEqual([20, 1]);
    const text = renderPlanMarkdown({ ...plan, idle, ended });
    expect(text.length).toBeLessThan(65_000);
    expect(text).toContain('<summary>Idle');
    expect(text).not.toContain('<summary>Ended');
    expect(text).toMatch(/\*\*Cut to fit a comment:\*\* \d+ rows left out/);
  });

  test('lets no name mention, link, open a tag or end a cell', () => {
    const text = renderPlanMarkdown(hostileWorld().plan);
    const outside = text.replace(/(`+)[^\n]*?[^`]\1(?!`)/g, '').replace(/<code>[^<]*<\/code>/g, '');
    expect(outside).not.toMatch(/@|<img|#7|x\|y/);
    for (const row of text.split('\n').filter((line) => line.startsWith('|'))) expect(row.split('|')).toHaveLength(6);
    expect(text).toMatchInlineSnapshot(`
      "### grantd: account 3229, authoritative

      **1 gains, 2 lose, 0 stay untouched, 3 not in the policy.** 3 changes may be written. 1 name matches no resource, or several. 1 person whom no grant names keeps 1 row (unlisted: keep).

      #### Access taken (2)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | <code>oddx&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#64;example&#46;com</code> | <code>project&#58;x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;2</code> | remove: viewer → none | <code>no grant gives this&#59; named at x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#46;yaml&#58;54</code> |
      | <code>x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#64;example&#46;com</code> | <code>project&#58;x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;2</code> | remove: viewer → none | <code>no grant gives this&#59; named at x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#46;yaml&#58;51 (group x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;)</code> |

      #### Access given (1)

      | who | resource | change | why |
      | --- | --- | --- | --- |
      | <code>x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#64;example&#46;com</code> | <code>project&#58;x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;</code> | create: none → admin | <code>because group x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125; → role x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125; (x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#46;yaml&#58;51), x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;</code> |

      <details>
      <summary>Notices (1)</summary>

      - <code>x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#46;yaml&#58;54</code> **unresolved-name**: <code>domain&#58;x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125; matches no resource that the token can see&#59; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any domain, or on what may be above or below it</code><br>\`correct the name, or check that the token administers the resource; if the resource is gone, delete the line\`

      </details>

      <details>
      <summary>Absent: in the policy, not in the account (1)</summary>

      - <code>gonex&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#64;example&#46;com</code> <code>x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#46;yaml&#58;52</code>

      </details>

      <details>
      <summary>Upcoming: their first grant has not begun (1)</summary>

      - <code>laterx&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#64;example&#46;com</code> from 2027-01-01T00:00:00Z <code>x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;&#46;yaml&#58;53</code>

      </details>

      <details>
      <summary>Unlisted: have access, and no grant that has begun names them (1)</summary>

      - <code>unlistedx&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;</code>: <code>project&#58;x&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125;2</code> viewer

      </details>

      <details>
      <summary>Idle: members without any access (1)</summary>

      - <code>idlex&#124;y&#96;z&#60;img src&#61;q&#62;&#64;admins &#35;7&#92;u&#123;1b&#125;&#91;31m&#92;u&#123;202e&#125; (invited)</code>

      </details>

      Plan \`sha256:275d242aedd9f850bd94d4728488315bfd8c16d2366267a3c7b439eccc0f80b0\`
      "
    `);
  });

  test('says that nothing is to be done', () => {
    expect(renderPlanMarkdown(smallWorld({ grants: [] }, {}).plan)).toMatchInlineSnapshot(`
      "### grantd: account 3229, authoritative

      **0 gain, 0 lose, 0 stay untouched, 0 not in the policy.** Nothing to change: the account is as the policy says.

      Plan \`sha256:809a1cae02060c4d54b3d907e86af45f00c8b258c8acfaa0c53af8895842ff5b\`
      "
    `);
  });
});

describe('inline code', () => {
  test.each([
    ['ann@example.com', '`ann@example.com`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['`x`', '`` `x` ``'],
    ['a``b`c', '``` a``b`c ```'],
    ['', '<code></code>'],
    [' ', '`\\u{20}`'],
    ['Trail ', '`Trail\\u{20}`'],
    ['a\u200bb\u00a0c', '`a\\u{200b}b\\u{a0}c`'],
    ['*|é', '<code>&#42;&#124;é</code>'],
    ['line\nbreak', '`line\\u{a}break`'],
  ])('of %j is %j', (text, code) => {
    expect(inlineCode(text)).toBe(code);
  });

  test('is cut if it is very long', () => {
    expect(inlineCode('x'.repeat(400))).toBe(`\`${'x'.repeat(300)}…\``);
  });
});
