import { describe, expect, test } from 'vitest';
import { peopleLists, unmatchedPeople } from '../../../src/core/bind/unmatched-people.ts';
import { type AccessSpec, buildAccount } from '../../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

function notices(policy: PolicySpec, ...users: readonly string[]) {
  const accesses = users.map((user, index): AccessSpec => ({ access: index + 1, user }));
  return unmatchedPeople(peopleLists(buildPolicy(policy)), buildAccount({ accesses }).accesses);
}

const remedies = (policy: PolicySpec, ...users: readonly string[]) =>
  notices(policy, ...users).map(({ remedy }) => /^did you mean (.*)\? otherwise /.exec(remedy)?.[1] ?? null);

describe('an e-mail that nobody has', () => {
  test('is a notice of its list, at its line', () => {
    const policy: PolicySpec = {
      protected: ['Zoe\u0301@x.test', 'token:ci'],
      ignore: ['gone@x.test', '*@y.test', 'project:*'],
      never: [
        { who: '*@z.test', resource: 'account', level: 'admin' },
        { who: 'eve@x.test', resource: 'account', level: 'admin' },
        { who: 'group:qa', resource: 'account', level: 'admin' },
        { who: 'token:ci', resource: 'account', level: 'admin' },
        { who: 'token:*', resource: 'account', level: 'admin' },
      ],
    };
    expect(notices(policy, 'root@x.test').map(({ code, message, at }) => `${at?.line} ${code}: ${message}`)).toEqual([
      '6 protected-unmatched: `protected` names Zoe\u0301@x.test, and nobody in the account has this e-mail',
      '8 person-unmatched: `ignore` names gone@x.test, and nobody in the account has this e-mail',
      '8 person-unmatched: `ignore` names *@y.test, and nobody in the account has an e-mail that fits',
      '81 person-unmatched: `never` names *@z.test, and nobody in the account has an e-mail that fits',
      '82 person-unmatched: `never` names eve@x.test, and nobody in the account has this e-mail',
    ]);
  });

  test('is reported once, however many rules name it', () => {
    const never = ['account', 'project:Checkout'].map(
      (resource) => ({ who: 'eve@x.test', resource, level: 'admin' }) as const,
    );
    expect(notices({ never }).map(({ at }) => at?.line)).toEqual([81]);
  });

  test('is no notice where somebody has it in another spelling, as a user or an invite', () => {
    const accesses: readonly AccessSpec[] = [
      { access: 1, user: 'Ann@X.test' },
      { access: 2, invite: 'bob@x.test' },
      { access: 3, token: { id: 5, name: 'ci' } },
    ];
    const policy = buildPolicy({ protected: ['ann@x.test'], ignore: ['BOB@x.test', '*@X.TEST'] });
    expect(unmatchedPeople(peopleLists(policy), buildAccount({ accesses }).accesses)).toEqual([]);
  });
});

describe('its remedy', () => {
  test.each([
    ['kmi@x.test', 'kim@x.test'],
    ['kim@x.tset', 'kim@x.test'],
    ['k\u0131m@x.test', 'kim@x.test'],
    ['kate@x.test', null],
    ['p1@x.test', null],
  ])('offers for %s: %s', (email, near) => {
    expect(remedies({ protected: [email] }, 'kim@x.test', 'p2@x.test')).toEqual([near]);
  });

  test('shows what a reader cannot see or takes for another letter', () => {
    expect(remedies({ protected: ['paul@x.test'] }, 'p\u0430ul@x.test')).toEqual(['p\\u{430}ul@x.test']);
    expect(remedies({ protected: ['paul@x.test'] }, 'paul\u200b@x.test')).toEqual(['paul\\u{200b}@x.test']);
  });

  test('offers for a pattern the domain of somebody', () => {
    expect(remedies({ ignore: ['*@contractr.example'] }, 'a@contractor.example', 'b@contractor.example')).toEqual([
      '*@contractor.example',
    ]);
    expect(remedies({ ignore: ['ext-*@other.example'] }, 'a@contractor.example')).toEqual([null]);
  });
});

describe('somebody whom a grant names and nobody is', () => {
  const told = (to: string, ...accesses: readonly AccessSpec[]) =>
    smallWorld({ grants: [{ to, resource: 'project:Checkout' }] }, { accesses })
      .plan.notices.filter(({ code }) => code === 'person-unmatched')
      .map(({ remedy, at }) => `${at?.line} ${remedy}`);

  test('may be somebody whom no grant names', () => {
    expect(told('anne@x.test', { access: 7, invite: 'ann@x.test' })).toEqual([
      '51 did you mean ann@x.test (access 7), whom no grant names? otherwise there is nothing to do until they are invited',
    ]);
  });

  test.each(['zed@x.test', 'token:ci'])('is no notice without such a person: %s', (to) => {
    const policy: PolicySpec = {
      tokens: { ci: { access: 9, token: 5 } },
      grants: [{ to, resource: 'project:Checkout' }],
    };
    const account = { accesses: [{ access: 7, user: 'ann@x.test' }], apiTokens: [] };
    expect(smallWorld(policy, account).plan.notices.map(({ code }) => code)).not.toContain('person-unmatched');
  });

  test('is no notice once their `ends` has come', () => {
    const { plan } = smallWorld(
      { ends: { 'anne@x.test': '2026-01-01' } },
      { accesses: [{ access: 7, user: 'ann@x.test' }] },
    );
    expect(plan.notices.map(({ code }) => code)).not.toContain('person-unmatched');
  });
});
