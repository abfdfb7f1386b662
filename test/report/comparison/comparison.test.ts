import { describe, expect, test } from 'vitest';
import { renderComparisonMarkdown } from '../../../src/report/comparison/markdown.ts';
import { comparisonText } from '../../../src/report/comparison/text.ts';
import { type Paint, PLAIN } from '../../../src/report/layout/paint.ts';
import { compared } from '../../core/compare/compared.ts';
import type { AccountSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { wholeText } from '../../support/whole-text.ts';
import { beside } from '../sections.ts';
import { HOSTILE } from '../worlds.ts';

function renderComparisonText(...given: Parameters<typeof comparisonText>): string {
  return wholeText(comparisonText(...given));
}

const OLD: PolicySpec = {
  protected: ['owner@example.com'],
  groups: { qa: ['ann@example.com', 'bob@example.com'], leads: ['carol@example.com'] },
  roles: { tester: [['inbox:Checkout/Staging', 'admin']] },
  grants: [
    { to: 'group:qa', role: 'tester', reason: 'OPS-1' },
    { to: 'group:leads', resource: 'account', level: 'admin' },
    { to: 'dan@example.com', resource: 'project:Mobile', level: 'admin' },
    { to: 'erin@example.com', resource: 'project:Mobile', level: 'viewer', until: '2026-12-31' },
    { to: ['fay@example.com', 'token:ci'], resource: ['account', 'billing'], level: 'admin' },
  ],
  tokens: { ci: { access: 500, token: 77 } },
};

const NEXT: PolicySpec = {
  ...OLD,
  protected: [],
  limits: { admins: 2 },
  groups: { qa: ['ann@example.com', 'gus@example.com'], leads: ['carol@example.com', 'ann@example.com'] },
  never: [{ who: 'token:*', resource: 'account', level: 'admin' }],
  grants: [
    { to: 'group:qa', role: 'tester', reason: 'OPS-1' },
    { to: 'group:leads', resource: 'account', level: 'admin', reason: 'On call' },
    { to: 'dan@example.com', resource: 'project:#4002', level: 'viewer' },
    { to: 'erin@example.com', resource: 'project:Mobile', level: 'viewer', until: '2027-06-30' },
    { to: 'erin@example.com', resource: 'inbox:Mobile/Builds', level: 'viewer' },
    { to: 'hal@example.com', resource: 'account', level: 'viewer', from: '2027-01-01' },
  ],
};

const ACCOUNT: AccountSpec = {
  accesses: ['ann', 'bob', 'carol', 'dan', 'erin', 'gus'].map((name, index) => ({
    access: index + 2,
    user: `${name}@example.com`,
  })),
  apiTokens: [{ id: 77, name: 'ci', rows: {} }],
};

describe('a comparison for a terminal', () => {
  test('by the texts', () => {
    expect(renderComparisonText(compared(OLD, NEXT), PLAIN)).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 3 gain, 1 loses, 1 new account admin, 3 changes of policy rules, 2 ahead.
      Compared at 2026-11-24T04:00:00Z by the two texts, as if every name matched exactly one resource. Only an account can decide what is marked \`perhaps\`. Use --snapshot FILE to compare on an account.

      Policy rules: allow more than before (1)
        protected  - owner@example.com
            may be lowered and removed from now on

      New account admins (1)
        ann@example.com  account  none → admin
            because group leads (new.yaml:52), On call

      Account-wide access (1)
        hal@example.com  account  none → viewer from 2027-01-01T00:00:00Z

      No longer granted anything, and keeping their access (3)
        bob@example.com  named → not in the policy
            the old policy gave admin on inbox:Checkout/Staging
            left alone from now on: they keep all their access
            to remove their access: name them in \`ends\`
        fay@example.com  named → not in the policy
            the old policy gave admin on account, admin on billing
            left alone from now on: they keep all their access
            to remove their access: name them in \`ends\`
        token:ci         named → not in the policy
            the old policy gave admin on account, admin on billing
            left alone from now on: they keep all their access
            to remove their access: keep a grant for them, with an \`until\` in the past

      New admin access (1)
        gus@example.com  inbox:Checkout/Staging  none → admin
            because group qa → role tester (new.yaml:51), OPS-1

      Access taken (1)
        dan@example.com  project:Mobile  admin → none, perhaps viewer by project:#4002
            was admin: a grant (old.yaml:53)

      Access given (1)
        dan@example.com  project:#4002  none, perhaps admin by project:Mobile → viewer
            because a grant (new.yaml:53)

      Policy rules: other changes (2)
        never   + token:* admin on account
            is forbidden from now on
        limits  admins 1 → 2
            how many account admins must remain

      Newly named, or no longer named (2)
        gus@example.com  not in the policy → named
            from now on they get exactly what the policy says, and lose anything else
        hal@example.com  not in the policy → upcoming
            left alone until then: they keep all their access

      Ahead (1)
        erin@example.com  project:Mobile  viewer until 2027-01-01T00:00:00Z → viewer until 2027-07-01T00:00:00Z

      Different text, same access now (1)
        erin@example.com  inbox:Mobile/Builds  none → viewer
            another grant gives the same access, if each name matches exactly one resource
      "
    `);
  });

  test('on an account', () => {
    const onAccount = renderComparisonText(compared(OLD, NEXT, { account: ACCOUNT }), PLAIN);
    expect(beside(renderComparisonText(compared(OLD, NEXT), PLAIN), onAccount)).toMatchInlineSnapshot(`
      "Account 3229, authoritative: 2 gain, 1 loses, 1 new account admin, 3 changes of policy rules, 2 ahead.
      Compared at 2026-11-24T04:00:00Z on the account of the snapshot, as if the old policy had been applied to it. 1 person whom no grant names keeps 1 row (unlisted: keep).

      = Policy rules: allow more than before (1)

      New account admins (1)
        ann@example.com  account  none → admin
            because group leads (new.yaml:52), On call
            and 5 resources below it

      = Account-wide access (1)

      = No longer granted anything, and keeping their access (3)

      = New admin access (1)

      Access taken (1)
        dan@example.com  project:Mobile  admin → viewer
            was admin: a grant (old.yaml:53)
            keeps viewer: project:#4002 (new.yaml:53)
            and 1 resource below it

      = Policy rules: other changes (2)

      = Newly named, or no longer named (2)

      = Ahead (1)

      = Different text, same access now (1)"
    `);
  });

  test('counts who stops being account admin', () => {
    const next: PolicySpec = {
      ...OLD,
      grants: [{ to: 'group:leads', resource: 'account' }, ...(OLD.grants ?? []).slice(2)],
    };
    expect(renderComparisonText(compared(OLD, next), PLAIN)).toContain(
      'authoritative: 0 gain, 1 loses, 1 no longer account admin.\n',
    );
  });

  test('no difference is one line, and what it rests on', () => {
    expect(renderComparisonText(compared(OLD, OLD), PLAIN)).toMatchInlineSnapshot(`
      "Account 3229, authoritative: No difference: both policies say the same about everyone.
      Compared at 2026-11-24T04:00:00Z by the two texts, as if every name matched exactly one resource. Use --snapshot FILE to compare on an account.
      "
    `);
  });

  test('says where the new policy writes nothing anyway', () => {
    expect(renderComparisonText(compared(OLD, { ...OLD, mode: 'observe' }), PLAIN)).toContain(
      'The new policy is in mode observe: this is what it would do.',
    );
    expect(renderComparisonText(compared(OLD, { ...OLD, paused: true }), PLAIN)).toContain('The new policy is paused');
    expect(renderComparisonText(compared(OLD, { ...OLD, mode: 'observe' }), PLAIN)).toContain(
      'authoritative → observe',
    );
  });

  test('colours gains, losses and what deserves a look', () => {
    const paint: Paint = {
      ...PLAIN,
      gain: (text) => `<gain ${text}>`,
      loss: (text) => `<loss ${text}>`,
      warn: (text) => `<warn ${text}>`,
    };
    const text = renderComparisonText(compared(OLD, NEXT), paint);
    expect(text).toContain('<gain New account admins (1)>');
    expect(text).toContain('<loss admin → none, perhaps viewer by project:#4002>');
    expect(text).toContain('protected  <warn - owner@example.com>');
  });

  test('bounds what is only worth knowing and the grants of one shift, never the shifts', () => {
    const many = (count: number, make: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => make(index));
    const people = many(40, (index) => `p${index}@example.com`);
    const old: PolicySpec = { grants: [{ to: people, resource: 'project:A' }] };
    const next: PolicySpec = {
      grants: [{ to: people, resource: ['project:A', 'project:B'] }],
      protected: people,
    };
    const text = renderComparisonText(compared(old, next), PLAIN);
    expect(text).toContain('Access given (40)');
    expect(text.match(/project:B/g)).toHaveLength(40);
    expect(text).toContain('and 20 more; --format json shows all');
    const six: PolicySpec = {
      grants: many(6, (index) => `${index}`).map(() => ({ to: 'a@x.test', resource: 'project:A' })),
    };
    expect(
      renderComparisonText(compared({ grants: [{ to: 'a@x.test', resource: 'project:B' }] }, six), PLAIN),
    ).toContain('and 2 further grants');
    const gave: PolicySpec = { grants: [{ to: 'a@x.test', resource: many(7, (index) => `project:P${index}`) }] };
    expect(renderComparisonText(compared(gave, {}), PLAIN)).toContain('viewer on project:P4, 2 more');
  });
});

describe('a comparison as a comment', () => {
  test('has the same content, the largest risks first, with long and minor tables folded', () => {
    expect(renderComparisonMarkdown(compared(OLD, NEXT))).toMatchInlineSnapshot(`
      "### grantd: what changes in account 3229, authoritative

      **3 gain, 1 loses, 1 new account admin, 3 changes of policy rules, 2 ahead.** Compared at 2026-11-24T04:00:00Z by the two texts, as if every name matched exactly one resource. Only an account can decide what is marked \`perhaps\`. Use --snapshot FILE to compare on an account.

      #### Policy rules: allow more than before (1)

      | key | change | means |
      | --- | --- | --- |
      | \`protected\` | \`- owner@example.com\` | may be lowered and removed from now on |

      #### New account admins (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`ann@example.com\` | \`account\` | \`none → admin\` | \`because group leads (new.yaml:52), On call\` |

      #### Account-wide access (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`hal@example.com\` | \`account\` | \`none → viewer from 2027-01-01T00:00:00Z\` |  |

      #### No longer granted anything, and keeping their access (3)

      | who | change | means |
      | --- | --- | --- |
      | \`bob@example.com\` | \`named → not in the policy\` | \`the old policy gave admin on inbox:Checkout/Staging\`<br>left alone from now on: they keep all their access<br>to remove their access: name them in \`ends\` |
      | \`fay@example.com\` | \`named → not in the policy\` | \`the old policy gave admin on account, admin on billing\`<br>left alone from now on: they keep all their access<br>to remove their access: name them in \`ends\` |
      | \`token:ci\` | \`named → not in the policy\` | \`the old policy gave admin on account, admin on billing\`<br>left alone from now on: they keep all their access<br>to remove their access: keep a grant for them, with an \`until\` in the past |

      #### New admin access (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`gus@example.com\` | \`inbox:Checkout/Staging\` | \`none → admin\` | \`because group qa → role tester (new.yaml:51), OPS-1\` |

      #### Access taken (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`project:Mobile\` | \`admin → none, perhaps viewer by project:#4002\` | \`was admin: a grant (old.yaml:53)\` |

      #### Access given (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`project:#4002\` | \`none, perhaps admin by project:Mobile → viewer\` | \`because a grant (new.yaml:53)\` |

      <details>
      <summary>Policy rules: other changes (2)</summary>

      | key | change | means |
      | --- | --- | --- |
      | \`never\` | \`+ token:* admin on account\` | is forbidden from now on |
      | \`limits\` | \`admins 1 → 2\` | how many account admins must remain |

      </details>

      #### Newly named, or no longer named (2)

      | who | change | means |
      | --- | --- | --- |
      | \`gus@example.com\` | \`not in the policy → named\` | from now on they get exactly what the policy says, and lose anything else |
      | \`hal@example.com\` | \`not in the policy → upcoming\` | left alone until then: they keep all their access |

      <details>
      <summary>Ahead (1)</summary>

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`erin@example.com\` | \`project:Mobile\` | \`viewer until 2027-01-01T00:00:00Z → viewer until 2027-07-01T00:00:00Z\` |  |

      </details>

      <details>
      <summary>Different text, same access now (1)</summary>

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`erin@example.com\` | \`inbox:Mobile/Builds\` | \`none → viewer\` | another grant gives the same access, if each name matches exactly one resource |

      </details>
      "
    `);
  });

  test('what stands in the way on an account', () => {
    const next: PolicySpec = {
      ...OLD,
      limits: { newAdmins: 0 },
      grants: [
        ...(OLD.grants ?? []).slice(0, 2),
        { to: 'ann@example.com', resource: 'account', level: 'admin' },
        { to: 'dan@example.com', resource: 'project:Moblie', level: 'admin' },
        { to: 'fay@example.com', resource: 'billing', level: 'viewer' },
        { to: 'erin@example.com', resource: 'project:Mobile', level: 'viewer', until: '2026-12-31' },
      ],
    };
    const account: AccountSpec = {
      ...ACCOUNT,
      accesses: [
        ...(ACCOUNT.accesses ?? []),
        { access: 30, user: 'fay@example.com', rows: { account: 'admin' }, canUpdate: false },
      ],
    };
    const ignore = ['inbox:Checkout/QA'];
    const excluded: PolicySpec = { ...next, ignore, unlisted: 'revoke' };
    expect(
      renderComparisonMarkdown(compared({ ...OLD, ignore, limits: { newAdmins: 0 } }, excluded, { account })),
    ).toMatchInlineSnapshot(`
      "### grantd: what changes in account 3229, authoritative

      **1 gains, 0 lose, 1 new account admin, 1 change of policy rules.** Compared at 2026-11-24T04:00:00Z on the account of the snapshot, as if the old policy had been applied to it.

      #### Policy rules: allow more than before (1)

      | key | change | means |
      | --- | --- | --- |
      | \`unlisted\` | \`keep → revoke\` | users and invites that no grant names lose their access |

      #### A guard would hold it (1)

      | rule | change | means |
      | --- | --- | --- |
      | \`admin-limit\` | \`1 would newly become account admin: ann@example.com. The limit is 0\` | \`\` to go on: approve the parts that you intend, make the change in smaller steps, or raise \`limits.newAdmins\` in a reviewed change of the policy \`\` |

      #### New account admins (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`ann@example.com\` | \`account\` | \`none → admin\` | \`because a grant (new.yaml:53)\`<br>and 5 resources below it |

      #### No longer granted anything, and keeping their access (1)

      | who | change | means |
      | --- | --- | --- |
      | \`token:ci\` | \`named → not in the policy\` | \`the old policy gave admin on account, admin on billing\`<br>left alone from now on: they keep all their access<br>to remove their access: keep a grant for them, with an \`until\` in the past |

      #### Deferred: not written until what it waits for is settled (1)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`project:Mobile\` | \`admin → none\` | \`waits for project:Moblie\`<br>a name in a grant matches no resource, or several, so no one whom the grant reaches loses anything there<br>help: correct the name, or use the id |

      #### Unmanageable: the policy asks for a different level, and grantd cannot write it (2)

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`fay@example.com\` | \`account\` | \`has admin, entitled none\` | more than entitled: the account does not let grantd's token change this access<br>help: use a token with more rights, or change it in Mailtrap |
      | \`fay@example.com\` | \`billing\` | \`has none, entitled viewer\` | less than entitled: the account does not let grantd's token change this access<br>help: use a token with more rights, or change it in Mailtrap |

      <details>
      <summary>Notices (2)</summary>

      | code | where | change | why |
      | --- | --- | --- | --- |
      | \`unresolved-name\` | \`new.yaml:54\` | \`project:Moblie matches no resource that the token can see; until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any project, or on what may be above or below it\` | \`help: did you mean project:Mobile (project:#4002)? otherwise correct the name, or check that the token administers the resource; if the resource is gone, delete the line\` |
      | \`touches-excluded\` |  | \`this change of account can also change the access of ann@example.com to ignored, observed or unmanaged resources below it: inbox:Checkout/QA\` | \`\` help: to leave them unchanged, add \`account\` to \`ignore\` or \`observe\`, which then covers everything below it \`\` |

      </details>

      <details>
      <summary>Different text, same access now (4)</summary>

      | who | where | change | why |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`project:Mobile\` | \`admin → none\` | changes nothing for them in this account today |
      | \`dan@example.com\` | \`project:Moblie\` | \`none → admin\` | changes nothing for them in this account today |
      | \`fay@example.com\` | \`account\` | \`admin → none\` | changes nothing for them in this account today |
      | \`fay@example.com\` | \`billing\` | \`admin → viewer\` | changes nothing for them in this account today |

      </details>
      "
    `);
  });

  test('fits a comment, and says what was left out', () => {
    const people = Array.from({ length: 900 }, (_, index) => `person-${index}@example.com`);
    const markdown = renderComparisonMarkdown(
      compared(
        { grants: [{ to: people, resource: 'project:A' }] },
        {
          grants: [
            { to: people, resource: ['project:A', 'project:B'], reason: 'A reason of some length, told each time' },
          ],
        },
      ),
    );
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toMatch(/\*\*Cut to fit a comment:\*\* \d+ rows left out\. `grantd compare` shows all\./);
    expect(markdown).toContain('<summary>Access given (900)</summary>');
  });

  test('mentions no one and triggers nothing, whatever a name contains', () => {
    const named: PolicySpec = {
      file: `${HOSTILE}.yaml`,
      groups: { [HOSTILE]: [`${HOSTILE}@example.com`] },
      grants: [{ to: `group:${HOSTILE}`, resource: `project:${HOSTILE}`, level: 'admin', reason: HOSTILE }],
      protected: [`${HOSTILE}@example.com`],
      never: [{ who: `${HOSTILE}@example.com`, resource: `project:${HOSTILE}`, level: 'admin' }],
    };
    for (const comparison of [compared({}, named), compared(named, {})]) {
      const text = renderComparisonText(comparison, PLAIN);
      const markdown = renderComparisonMarkdown(comparison);
      for (const shown of [text, markdown]) {
        expect(shown).not.toContain('\u001b');
        expect(shown).not.toContain('\u202e');
      }
      expect(markdown.replace(/`[^`]*`|`` .* ``|<code>.*?<\/code>/g, '')).not.toMatch(/@admins|<img/);
    }
  });
});
