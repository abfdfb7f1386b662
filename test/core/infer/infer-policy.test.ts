import { describe, expect, it } from 'vitest';
import type { ImportedPolicy } from '../../../src/core/domain/policy/imported-policy.ts';
import { inferPolicy } from '../../../src/core/infer/infer-policy.ts';
import {
  type AccessSpec,
  type AccountSpec,
  buildAccount,
  listed,
  type RowsSpec,
} from '../../support/account-builder.ts';

function infer(accesses: readonly AccessSpec[], spec: Omit<AccountSpec, 'accesses'> = {}): ImportedPolicy {
  return inferPolicy(buildAccount({ apiTokens: [], ...spec, accesses }));
}

/** Users who hold the same. */
function users(count: number, rows: RowsSpec, name = 'user', from = 100): readonly AccessSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    access: from + index,
    user: `${name}${index}@example.com`,
    rows,
  }));
}

/** `a, b: admin on x, y` or `a, b: role` of each grant. */
function grantsOf({ grants }: ImportedPolicy): readonly string[] {
  return grants.map(({ to, gives }) => {
    const what =
      'role' in gives ? gives.role : `${gives.level} on ${gives.resources.map(({ text }) => text).join(', ')}`;
    return `${to.join(', ')}: ${what}`;
  });
}

function noteOf({ notes }: ImportedPolicy, words: string): readonly string[] {
  return notes.find(({ says }) => says.includes(words))?.items ?? [];
}

describe('groups and roles', () => {
  it('those who hold a row are a group from three on, and are named one by one below', () => {
    const three = infer(users(3, { 'project:#4001': 'viewer' }));
    expect(three.groups).toEqual([
      { name: 'checkout-viewers', members: ['user0@example.com', 'user1@example.com', 'user2@example.com'] },
    ]);
    expect(grantsOf(three)).toEqual(['group:checkout-viewers: viewer on project:Checkout']);
    const two = infer(users(2, { 'project:#4001': 'viewer' }));
    expect(two.groups).toEqual([]);
    expect(grantsOf(two)).toEqual(['user0@example.com, user1@example.com: viewer on project:Checkout']);
  });

  it('two who share more than one row, or are account admins, are a group', () => {
    expect(infer(users(2, { account: 'admin' })).groups.map(({ name }) => name)).toEqual(['account-admins']);
    const team = infer(users(2, { 'project:#4001': 'viewer', 'project:#4002': 'viewer' }));
    expect(team.groups.map(({ name }) => name)).toEqual(['checkout-and-mobile-viewers']);
  });

  it('rows of both levels that several hold are a role, and those of one person are a grant for each level', () => {
    const rows: RowsSpec = { 'project:#4001': 'viewer', 'inbox:#5001': 'admin' };
    const several = infer(users(2, rows));
    expect(several.groups.map(({ name }) => name)).toEqual(['checkout-viewers-staging-admins']);
    expect(several.roles.map(({ name, entries }) => [name, entries.length])).toEqual([
      ['checkout-viewer-staging-admin', 2],
    ]);
    expect(grantsOf(several)).toEqual(['group:checkout-viewers-staging-admins: checkout-viewer-staging-admin']);
    expect(grantsOf(infer(users(1, rows)))).toEqual([
      'user0@example.com: viewer on project:Checkout',
      'user0@example.com: admin on inbox:Checkout/Staging',
    ]);
  });

  it('one more row of somebody does not split the group', () => {
    const [first, ...others] = users(4, { 'project:#4001': 'viewer' });
    const policy = infer([
      { ...(first as AccessSpec), rows: { 'project:#4001': 'viewer', 'domain:#7001': 'admin' } },
      ...others,
    ]);
    expect(policy.groups.map(({ members }) => members.length)).toEqual([4]);
    expect(grantsOf(policy)).toEqual([
      'group:checkout-viewers: viewer on project:Checkout',
      'user0@example.com: admin on domain:example.com',
    ]);
  });

  it('many teams with many rows in common are groups of those who hold the same, which is much shorter', () => {
    const inboxes = Array.from({ length: 30 }, (_, index) => listed('inbox', 6000 + index, `I${index}`));
    const tree = [listed('account', 3229, 'Account', [listed('project', 4001, 'Checkout', inboxes)])];
    const accesses = Array.from({ length: 10 }, (_, team) =>
      users(
        8,
        Object.fromEntries(Array.from({ length: 15 }, (__, k) => [`inbox:#${6000 + ((team * 3 + k) % 30)}`, 'viewer'])),
        `team${team}-`,
        100 + team * 10,
      ),
    ).flat();
    const policy = infer(accesses, { tree });
    expect(policy.groups.map(({ members }) => members.length)).toEqual(new Array(10).fill(8));
    expect(policy.grants.every(({ to }) => to.every((text) => text.startsWith('group:')))).toBe(true);
  });

  it('where every row has holders of its own, what does not fit a policy by resource is said by person', () => {
    const inboxes = Array.from({ length: 2600 }, (_, index) => listed('inbox', 6000 + index, `I${index}`));
    const tree = [listed('account', 3229, 'Account', [listed('project', 4001, 'Checkout', inboxes)])];
    const rows = (from: number) =>
      Object.fromEntries(inboxes.slice(from, from + 1301).map(({ id }) => [`inbox:#${id}`, 'viewer' as const]));
    const accesses = [rows(0), rows(1299)].map((held, index) => ({
      access: 1 + index,
      user: `u${index}@x.test`,
      rows: held,
    }));
    const policy = infer(accesses, { tree });
    expect(policy.grants.length).toBeLessThan(10);
    for (const { gives } of policy.grants)
      if ('resources' in gives) expect(gives.resources.length).toBeLessThanOrEqual(500);
  });

  it('more holders of a row than one list may have are several groups', () => {
    const policy = infer(users(5001, { 'project:#4001': 'viewer' }));
    expect(policy.groups.map(({ name, members }) => [name, members.length])).toEqual([['checkout-viewers', 5000]]);
    expect(grantsOf(policy)).toEqual([
      'group:checkout-viewers: viewer on project:Checkout',
      'user9@example.com: viewer on project:Checkout',
    ]);
  });
});

describe('names of groups', () => {
  const nameFor = (rows: RowsSpec, tree?: AccountSpec['tree']) =>
    infer(users(3, rows), tree ? { tree } : {}).groups.map(({ name }) => name);

  it.each<[string, RowsSpec, string]>([
    ['several inboxes of a project', { 'inbox:#5001': 'admin', 'inbox:#5002': 'admin' }, 'checkout-inbox-admins'],
    [
      'a project with more inboxes than a name can hold',
      { 'project:#4001': 'viewer', 'inbox:#5001': 'admin', 'inbox:#5002': 'admin', 'inbox:#5003': 'admin' },
      'checkout-and-3-more-team',
    ],
    ['billing and campaigns', { billing: 'admin', campaigns: 'admin' }, 'billing-and-campaigns-admins'],
    ['a domain', { 'domain:#7001': 'viewer' }, 'example.com-viewers'],
    ['two projects', { 'project:#4001': 'viewer', 'project:#4002': 'admin' }, 'checkout-viewers-mobile-admins'],
  ])('%s', (_what, rows, name) => {
    const ids: RowsSpec = Object.fromEntries(
      Object.entries(rows).map(([key, level]) => [/billing|campaigns/.test(key) ? `${key}:#3229` : key, level]),
    );
    expect(nameFor(ids)).toEqual([name]);
  });

  it('the words that names begin with, numbers apart; ids where a name has no letter; numbers where two are alike', () => {
    const tree = [
      listed('account', 3229, 'Account', [
        listed('project', 1, 'Mobile iOS'),
        listed('project', 2, 'Mobile Android'),
        listed('project', 3, '日本'),
        listed('project', 4, 'Ärzte'),
        listed('project', 5, 'arzte'),
        listed('project', 6, '2024 a'),
        listed('project', 7, '2024 b'),
        listed('project', 8, '2024 c'),
        listed('project', 9, 'x'.repeat(100)),
      ]),
    ];
    expect(nameFor({ 'project:#1': 'admin', 'project:#2': 'admin' }, tree)).toEqual(['mobile-admins']);
    expect(nameFor({ 'project:#3': 'admin' }, tree)).toEqual(['project-3-admins']);
    expect(nameFor({ 'project:#6': 'admin', 'project:#7': 'admin', 'project:#8': 'admin' }, tree)).toEqual([
      '2024-a-and-2-more-admins',
    ]);
    expect(nameFor({ 'project:#9': 'admin' }, tree)[0]?.length).toBeLessThanOrEqual(64);
    const alike = infer(
      [...users(3, { 'project:#4': 'viewer' }, 'a', 1), ...users(3, { 'project:#5': 'viewer' }, 'b', 10)],
      { tree },
    );
    expect(alike.groups.map(({ name }) => name)).toEqual(['arzte-viewers', 'arzte-viewers-2']);
  });

  it('a name that would be too long names the first resource, and two projects of one name are one word', () => {
    const tree = [
      listed('account', 3229, 'Account', [
        listed('project', 1, 'A rather long name of a project', [listed('inbox', 11, 'And a long inbox')]),
        listed('project', 2, 'Twin'),
        listed('project', 3, 'Twin'),
      ]),
    ];
    expect(nameFor({ 'project:#1': 'viewer', 'inbox:#11': 'admin' }, tree)).toEqual([
      'a-rather-long-name-of-a-project-team',
    ]);
    expect(nameFor({ 'project:#2': 'admin', 'project:#3': 'admin' }, tree)).toEqual(['twin-admins']);
  });

  it('a team whose rows lie in one project is named by it', () => {
    const inboxes = ['A', 'B', 'C'].map((name, index) => listed('inbox', 10 + index, name));
    const tree = [listed('account', 3229, 'Account', [listed('project', 1, 'Checkout', inboxes)])];
    const rows: RowsSpec = { 'project:#1': 'viewer', 'inbox:#10': 'admin', 'inbox:#11': 'admin', 'inbox:#12': 'admin' };
    expect(nameFor(rows, tree)).toEqual(['checkout-team']);
  });
});

describe('resources', () => {
  it('are said by id where a name fits several, with the name and the reason behind it', () => {
    const tree = [
      listed('account', 3229, 'Account', [
        listed('project', 1, 'Twin', [listed('inbox', 11, 'Only here'), listed('inbox', 12, 'a/b')]),
        listed('project', 2, 'Twin'),
        listed('billing', 1, 'One'),
        listed('billing', 2, 'Two'),
        listed('domain', 5, 'EXAMPLE.com'),
        listed('inbox', 13, 'Loose'),
        listed('project', 3, 'x'.repeat(250)),
      ]),
    ];
    const said = (key: string) => infer(users(1, { [key]: 'admin' }), { tree }).grants.map(({ gives }) => gives)[0];
    const text = (text: string, remark: string | null = null) => ({ resources: [{ text, remark }], level: 'admin' });
    expect(said('project:#1')).toEqual(text('project:#1', 'Twin (one of 2 with this name)'));
    expect(said('inbox:#11')).toEqual(text('inbox:Twin/Only here'));
    expect(said('inbox:#12')).toEqual(text('inbox:#12', 'Twin/a/b (a policy cannot spell this name)'));
    expect(said('inbox:#13')).toEqual(text('inbox:#13', 'Account/Loose (a policy cannot spell this name)'));
    expect(said('billing:#2')).toEqual(text('billing:#2', 'Two (one of 2)'));
    expect(said('domain:#5')).toEqual(text('domain:example.com'));
    expect(said('project:#3')).toEqual(text('project:#3', `${'x'.repeat(250)} (a policy cannot spell this name)`));
  });
});

describe('who is protected, and the limits', () => {
  it('owners first, then account admins', () => {
    const policy = infer([
      { access: 1, user: 'Owner@example.com', rows: { 'organization:#9': 'owner' }, canUpdate: false },
      ...users(2, { account: 'admin' }),
    ]);
    expect(policy.protected).toEqual([
      { text: 'owner@example.com', remark: 'owner' },
      { text: 'user0@example.com', remark: 'account admin' },
      { text: 'user1@example.com', remark: 'account admin' },
    ]);
    expect(policy.limits).toEqual({
      revokes: { principals: 3, percent: 20 },
      gains: { principals: 5 },
      admins: 2,
      newAdmins: 1,
    });
  });

  it('with more account admins than a policy can protect only the owners are, since any choice would be arbitrary', () => {
    const owner = { access: 1, user: 'owner@example.com', rows: { account: 'owner' } } as const;
    const policy = infer([owner, ...users(100, { account: 'admin' })]);
    expect(policy.protected.map(({ text }) => text)).toEqual(['owner@example.com']);
  });

  it('the limits grow with the account, and stop growing', () => {
    const of = (count: number) => infer(users(count, { 'project:#4001': 'viewer' })).limits;
    expect(of(10)).toMatchObject({ revokes: { principals: 3 }, gains: { principals: 5 }, admins: 1 });
    expect(of(60)).toMatchObject({ revokes: { principals: 3 }, gains: { principals: 12 } });
    expect(of(200)).toMatchObject({ revokes: { principals: 10 }, gains: { principals: 20 } });
    expect(of(2000)).toMatchObject({ revokes: { principals: 25 }, gains: { principals: 20 } });
  });
});

describe('what no grant says is told', () => {
  it('levels, types, resources that are not seen, and rows that give nothing', () => {
    const tree = [
      listed('account', 3229, 'Account', [
        listed('project', 4001, 'Checkout', [listed('inbox', 5001, 'Staging')]),
        listed('project', 4002, 'Mobile', [], 10),
        listed('templates', 3229, 'Templates'),
      ]),
    ];
    const policy = infer(
      [
        { access: 1, user: 'a@x.test', rows: { 'project:#4001': 'viewer+', 'inbox:#5001': 'viewer' } },
        {
          access: 2,
          user: 'b@x.test',
          rows: { 'project:#4001': 30, 'templates:#3229': 'admin', 'project:#99': 'admin' },
        },
        { access: 3, user: 'c@x.test', rows: { 'project:#4001': 1 } },
        { access: 4, user: 'd@x.test', rows: { 'project:#4002': 'viewer' }, canUpdate: false },
        { access: 5, invite: 'e@x.test' },
        { access: 6, user: 'f@x.test', rows: { 'project:#4001': 'viewer', 'inbox:#5001': 'viewer+' } },
      ],
      { tree },
    );
    expect(noteOf(policy, 'viewer+')).toEqual([
      'a@x.test: viewer+ on project:Checkout',
      'f@x.test: viewer+ on inbox:Checkout/Staging',
    ]);
    expect(noteOf(policy, 'does not document')).toEqual(['b@x.test: level 30 on project:Checkout']);
    expect(noteOf(policy, 'types')).toEqual(['b@x.test: admin on templates']);
    expect(noteOf(policy, 'does not see')).toEqual(['b@x.test: admin on project:#99']);
    expect(noteOf(policy, 'Level 1')).toEqual(['c@x.test: level 1 on project:Checkout']);
    expect(noteOf(policy, 'may not change')).toEqual(['d@x.test']);
    expect(noteOf(policy, 'below admin')).toEqual(['project:Mobile']);
    expect(noteOf(policy, 'Invited')).toEqual(['e@x.test']);
    expect(noteOf(policy, 'without any row')).toEqual(['e@x.test (invited)']);
    expect(noteOf(policy, 'nothing beyond')).toEqual(['a@x.test: viewer on inbox:Checkout/Staging']);
  });

  it('of many of one kind fifty, and how many more there are', () => {
    const policy = infer(users(60, {}));
    expect(noteOf(policy, 'without any row')).toHaveLength(51);
    expect(noteOf(policy, 'without any row').at(-1)).toBe('and 10 more');
  });

  it('a user and an invite of one e-mail that differ are in no grant; those that are alike are one', () => {
    const twins = (rows: RowsSpec) =>
      infer([
        { access: 1, user: 'ann@x.test', rows: { 'project:#4001': 'viewer' } },
        { access: 2, invite: 'ANN@x.test', rows },
      ]);
    expect(grantsOf(twins({ 'project:#4001': 'viewer' }))).toEqual(['ann@x.test: viewer on project:Checkout']);
    const differ = twins({});
    expect(differ.grants).toEqual([]);
    expect(noteOf(differ, 'A user and an invite')).toEqual([
      'ANN@x.test (invited), access 2: nothing',
      'ann@x.test, access 1: viewer on project:Checkout',
    ]);
  });

  it('addresses that a policy cannot spell, those of owners too', () => {
    const policy = infer([
      { access: 1, user: 'no address', rows: { 'project:#4001': 'viewer' } },
      { access: 2, user: '', rows: { 'project:#4001': 'viewer' } },
      { access: 3, user: 'owner of it', rows: { account: 'owner' } },
    ]);
    expect(noteOf(policy, 'cannot spell')).toEqual([
      '(none): viewer on project:Checkout',
      'no address: viewer on project:Checkout',
      'owner of it: owner on account',
    ]);
    expect(policy.protected).toEqual([]);
  });

  it('rows of owners, and of an invite with the e-mail of one (case I6)', () => {
    const policy = infer([
      { access: 1, user: 'owner@x.test', rows: { account: 'owner' } },
      { access: 2, invite: 'OWNER@x.test', rows: { 'project:#4001': 'viewer', 'project:#999': 'admin' } },
    ]);
    expect(noteOf(policy, 'Owners, and invites')).toEqual([
      'OWNER@x.test (invited): admin on project:#999',
      'OWNER@x.test (invited): viewer on project:Checkout',
      'owner@x.test: owner on account',
    ]);
    expect(noteOf(infer([{ access: 2, invite: '' }]), 'cannot spell')).toEqual(['(none) (invited): nothing']);
  });

  it('rows of a token outside of the tree, and of one that only the list of accesses shows (case I6)', () => {
    const outside = { 'project:#999': 'admin' } as const;
    const policy = infer(
      [
        { access: 77, token: { id: 9, name: 'ci' }, rows: outside },
        { access: 78, token: { id: 10, name: 'hidden' }, rows: outside },
        { access: 79, token: { id: 11, name: 'mine' }, rows: outside, isOwnToken: true },
      ],
      { apiTokens: [{ id: 9, name: 'ci', rows: outside }] },
    );
    expect(noteOf(policy, 'API tokens are in no grant')).toEqual([
      'ci: { access: 77, token: 9 } # has admin on project:#999',
    ]);
    expect(noteOf(policy, 'does not show these rows')).toEqual(['token:hidden: admin on project:#999']);
    expect(noteOf(policy, 'The token that grantd ran with')).toEqual(['token:mine: admin on project:#999']);
  });

  it('tokens that nothing ties to an access, with what they hold, apart from the one that grantd runs with', () => {
    const rows: RowsSpec = Object.fromEntries([4001, 4002].map((id) => [`project:#${id}`, 'viewer']));
    const many: RowsSpec = {
      ...rows,
      'inbox:#5001': 'admin',
      'inbox:#5002': 'admin',
      'inbox:#5003': 'admin',
      'domain:#7001': 'admin',
    };
    const policy = infer([], {
      apiTokens: [
        { id: 9, name: 'CI runner', rows: many },
        { id: 8, name: 'idle' },
        { id: 7, name: 'own', rows, isOwnToken: true },
      ],
    });
    expect(policy.tokens).toEqual([]);
    expect(noteOf(policy, 'API tokens are in no grant')).toEqual([
      'ci-runner: { access: ID, token: 9 } # has admin on domain:example.com, admin on inbox:Checkout/QA, admin on inbox:Checkout/Staging, admin on inbox:Mobile/Builds, viewer on project:Checkout and 1 more',
      'idle: { access: ID, token: 8 } # has nothing',
    ]);
    expect(noteOf(policy, 'beyond the rows in their lines')).toEqual(['ci-runner: viewer on project:Mobile']);
    expect(noteOf(policy, 'The token that grantd ran with')).toHaveLength(2);
  });

  it('a token whose access the list shows is in the grants', () => {
    const policy = infer([{ access: 77, token: { id: 9, name: 'ci' } }], {
      apiTokens: [{ id: 9, name: 'ci', rows: { 'project:#4001': 'admin' } }],
    });
    const idle = infer([{ access: 77, token: { id: 9, name: 'ci' } }], { apiTokens: [{ id: 9, name: 'ci' }] });
    expect(noteOf(idle, 'API tokens are in no grant')).toEqual(['ci: { access: 77, token: 9 } # has nothing']);
    expect(policy.tokens).toEqual([{ name: 'ci', access: 77, tokenId: 9 }]);
    expect(grantsOf(policy)).toEqual(['token:ci: admin on project:Checkout']);
  });

  it('a token whose access is an owner, is its own, or is listed twice, is only told', () => {
    const told = (...accesses: readonly AccessSpec[]) =>
      infer(accesses, { apiTokens: [{ id: 9, name: '日本', rows: { 'project:#4001': 'admin' } }] });
    const seen = { access: 77, token: { id: 9, name: 'ci' } };
    for (const policy of [
      told({ ...seen, isOwnToken: true }),
      told({ ...seen, rows: { account: 'owner' } }),
      told(seen, { ...seen, access: 78 }),
    ]) {
      expect(policy.tokens).toEqual([]);
      expect(noteOf(policy, 'API tokens are in no grant')).toEqual([
        'token-9: { access: ID, token: 9 } # has admin on project:Checkout',
      ]);
    }
  });

  it('that tokens were not read', () => {
    const policy = inferPolicy(buildAccount({ accesses: [] }));
    expect(noteOf(policy, 'contains no API tokens')).toHaveLength(1);
    const token = { access: 77, token: { id: 9, name: 'ci' }, rows: { 'project:#4001': 'admin' } } as const;
    const seen = inferPolicy(buildAccount({ accesses: [token] }));
    expect(noteOf(seen, 'does not show these rows')).toEqual(['token:ci: admin on project:Checkout']);
  });

  it('how many there are, in words that fit', () => {
    expect(infer([]).summary[0]).toBe('The account has no users and invites, no owners among them.');
    expect(infer(users(1, { account: 'owner' })).summary[0]).toBe(
      'The account has 1 user or invite, 1 owner among them.',
    );
  });
});
