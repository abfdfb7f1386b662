import { describe, expect, test } from 'vitest';
import { ENDS_SOON_MS, sortNotices } from '../../../src/core/bind/notices.ts';
import type { Notice } from '../../../src/core/domain/plan/notice.ts';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { NOW, smallWorld, told } from '../../support/small-world.ts';

const ANN = { access: 2, user: 'ann@x' };

describe('an end that comes soon', () => {
  const soon = (policy: PolicySpec, now = NOW) =>
    smallWorld(policy, { accesses: [ANN, { access: 3, user: 'bob@x' }] }, now).desired.notices.filter(
      ({ code }) => code === 'ends-soon',
    );
  const grant = { to: 'ann@x', resource: 'account', until: '2026-12-01T00:00:00Z' };
  const end = Date.parse(grant.until);

  test('is seven days ahead at most', () => {
    expect(ENDS_SOON_MS).toBe(604_800_000);
    expect(soon({ grants: [grant] }, end - ENDS_SOON_MS)).toHaveLength(1);
    expect(soon({ grants: [grant] }, end - ENDS_SOON_MS - 1)).toEqual([]);
  });

  test('is none once it has come', () => {
    expect(soon({ grants: [grant] }, end - 1)).toHaveLength(1);
    expect(soon({ grants: [grant] }, end)).toEqual([]);
  });

  test('is at the line of the grant, with the date as written', () => {
    expect(soon({ grants: [grant] })).toEqual([
      {
        code: 'ends-soon',
        message: 'ann@x: ends 2026-12-01T00:00:00Z',
        remedy: 'extend the date if they still need it',
        at: { file: 'policy.yaml', line: 51, column: 3, length: 1 },
      },
    ]);
  });

  test('is one notice for all members of a grant', () => {
    expect(soon({ grants: [{ ...grant, to: ['bob@x', 'ann@x'] }] }).map(({ message }) => message)).toEqual([
      'ann@x, bob@x: ends 2026-12-01T00:00:00Z',
    ]);
  });

  test('names a hundred people at most, and counts the others', () => {
    const to = Array.from({ length: 102 }, (_, index) => `p${index + 100}@x`);
    const accesses = to.map((user, index) => ({ access: index + 10, user }));
    const { notices } = smallWorld({ grants: [{ ...grant, to }] }, { accesses }, NOW).desired;
    const said = notices.find(({ code }) => code === 'ends-soon')?.message;
    expect(said).toMatch(/^p100@x, .*, p199@x and 2 more: ends /);
  });

  test('is one notice for each grant', () => {
    expect(soon({ grants: [grant, grant] }).map(({ at }) => at?.line)).toEqual([51, 52]);
  });

  test('is one notice at the `ends` of a person, for all their grants', () => {
    const grants = [
      { to: 'ann@x', resource: 'account' },
      { to: 'ann@x', resource: 'billing' },
    ];
    const notices = soon({ ends: { 'ann@x': '2026-11-25' }, grants });
    expect(notices.map(({ message, at }) => `${at?.line} ${message}`)).toEqual(['21 ann@x: ends 2026-11-25']);
  });

  test('is none for a grant without end, or that lies ahead', () => {
    const endless = { to: 'ann@x', resource: 'account' };
    expect(soon({ grants: [endless, { ...grant, from: '2026-11-25' }] })).toEqual([]);
  });
});

describe('an e-mail that the account contains twice', () => {
  const twice = (accesses: readonly AccessSpec[]) => told(smallWorld({}, { accesses }).desired.notices, 'email-twice');

  test('gives a notice with its accesses, for users and for invites', () => {
    const users = [
      { access: 10, user: 'A@x' },
      { access: 9, user: 'a@X' },
      { access: 8, user: 'a@x' },
    ];
    const invites = [
      { access: 7, invite: 'a@x' },
      { access: 6, invite: 'a@x' },
    ];
    expect(twice([...users, ...invites])).toEqual([
      'the account contains invite a@x 2 times: accesses 6, 7; each gets the same rows',
      'the account contains user a@x 3 times: accesses 8, 9, 10; each gets the same rows',
    ]);
  });

  test('is shown as the account spells it, with every spelling', () => {
    const accesses = [
      { access: 3, user: 'ann@xn--exmple-cua.com' },
      { access: 2, user: 'Ann@EX\u00c4MPLE.com' },
      { access: 5, user: 'jos\u00e9@x' },
      { access: 4, user: 'jose\u0301@x' },
    ];
    expect(twice(accesses)).toEqual([
      'the account contains user Ann@EX\u00c4MPLE.com 2 times (spelled Ann@EX\u00c4MPLE.com and ann@xn--exmple-cua.com): accesses 2, 3; each gets the same rows',
      'the account contains user jose\\u{301}@x 2 times (spelled jose\\u{301}@x and jos\\u{e9}@x): accesses 4, 5; each gets the same rows',
    ]);
  });

  test('has its remedy in Mailtrap, and no place in the policy', () => {
    const { notices } = smallWorld({}, { accesses: [ANN, { ...ANN, access: 3 }] }).desired;
    const remedy = 'in Mailtrap, remove the one that is not used';
    expect(notices).toMatchObject([{ code: 'email-twice', remedy, at: null }]);
  });

  test('is no user beside an invite, nor two tokens', () => {
    expect(twice([ANN, { access: 3, invite: 'ann@x' }])).toEqual([]);
    expect(twice([1, 2].map((id) => ({ access: id, token: { id, name: 'ci' } })))).toEqual([]);
  });
});

describe('a token whose pair of ids nothing proves', () => {
  const policy = { tokens: { ci: { access: 500, token: 900 } }, grants: [{ to: 'token:ci', resource: 'account' }] };
  const apiTokens = [{ id: 900, name: 'x' }];

  test('gives a notice', () => {
    expect(told(smallWorld(policy, { apiTokens }).plan.notices, 'unproven-token')).toEqual([
      'token:ci: it is not yet confirmed that access 500 belongs to this token; grantd first raises one row and checks that it appears on this token',
    ]);
  });

  test('gives no notice once confirmed, or if none of its rows is written', () => {
    const accesses = [{ access: 500, token: { id: 900, name: 'x' } }];
    expect(told(smallWorld(policy, { apiTokens, accesses }).plan.notices, 'unproven-token')).toEqual([]);
    expect(told(smallWorld(policy).plan.notices, 'unproven-token')).toEqual([]);
  });
});

describe('notices are sorted', () => {
  const at = (line: number, column = 1) => ({ file: 'p', line, column, length: 1 });
  const notice = (place: Notice['at'], code: Notice['code'] = 'paused', message = ''): Notice => ({
    code,
    message,
    remedy: '',
    at: place,
  });
  const inOrder = [
    notice(at(2, 9), 'paused', 'z'),
    notice(at(10, 2), 'paused', 'z'),
    notice(at(10, 10), 'ends-soon', 'z'),
    notice(at(10, 10), 'paused', 'a'),
    notice(at(10, 10), 'paused', 'b'),
    notice(null, 'email-twice', 'z'),
    notice(null, 'paused', 'a'),
  ];

  test('in the order of the text, then by code and message, those without a place last', () => {
    expect(sortNotices([...inOrder].reverse())).toEqual(inOrder);
    expect(sortNotices(inOrder)).toEqual(inOrder);
  });

  test('once each', () => {
    expect(sortNotices([...inOrder, ...inOrder.map((one) => ({ ...one }))])).toEqual(inOrder);
  });
});
