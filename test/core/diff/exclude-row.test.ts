import { describe, expect, test } from 'vitest';
import { listed, OWN_TOKEN } from '../../support/account-builder.ts';
import {
  ANN,
  type AnnSpec,
  annAlone,
  changeText,
  grantsOf,
  smallWorld,
  unmanageableText,
} from '../../support/small-world.ts';

const PROJECT = 'project:#4001';

function lines(spec: AnnSpec): readonly string[] {
  const { changes, unmanageable, deferred } = annAlone(spec);
  expect(deferred).toEqual([]);
  return [...changes.map(changeText), ...unmanageable.map(unmanageableText)];
}

describe('nobody writes a row of', () => {
  const entitled = { [PROJECT]: 'viewer' } as const;
  const held = { 'project:#4002': 'viewer' } as const;

  test.each([
    ['cannot-update', { canUpdate: false }],
    ['own-token', { isOwnToken: true }],
  ] as const)('%s', (reason, access) => {
    expect(lines({ entitled, held, access })).toEqual([
      `missing project:#4001 0/10: ${reason}`,
      `excess project:#4002 10/0: ${reason}`,
    ]);
  });

  test('an owner, to whom nothing is missing that the own row gives', () => {
    const owned = { account: 'owner', ...held } as const;
    expect(lines({ entitled, held: owned })).toEqual([
      'excess account:#3229 1000/0: owner',
      'excess project:#4002 10/0: owner',
    ]);
  });

  test('an owner of the organization, to whom nothing is missing at all', () => {
    expect(lines({ entitled: { billing: 'viewer' }, held: { 'organization:#7': 'owner' } })).toEqual([
      'excess organization:#7 1000/0: owner',
    ]);
  });

  test('an owner by a row on the account, to whom billing may be missing', () => {
    expect(lines({ entitled: { billing: 'viewer' }, held: { account: 'owner' } })).toEqual([
      'excess account:#3229 1000/0: owner',
      'missing billing:#3229 0/10: owner',
    ]);
  });

  test('an owner of what the tree does not show, which may reach nothing else', () => {
    expect(lines({ entitled, held: { 'project:#77': 'owner' } })).toContain('missing project:#4001 0/10: owner');
  });

  test('an owner, to whom nothing is missing that a row above gives exactly', () => {
    const owned = { account: 'admin', 'domain:#7001': 'owner' } as const;
    expect(lines({ entitled: { [PROJECT]: 'admin' }, held: owned })).toEqual([
      'excess account:#3229 100/0: owner',
      'excess domain:#7001 1000/0: owner',
    ]);
  });

  test('a viewer of the organization is no owner', () => {
    expect(lines({ entitled, held: { 'organization:#7': 'viewer', 'project:#4002': 'owner' } })).toContain(
      'missing project:#4001 0/10: owner',
    );
  });

  test('an ignored person', () => {
    expect(lines({ entitled, held, policy: { ignore: ['*@EXAMPLE.com'] } })).toEqual([
      'missing project:#4001 0/10: ignored-person',
      'excess project:#4002 10/0: ignored-person',
    ]);
  });
});

describe('the protected', () => {
  const policy = { protected: [ANN] };

  test('may be raised', () => {
    expect(lines({ entitled: { [PROJECT]: 'admin' }, held: { [PROJECT]: 'viewer' }, policy })).toEqual([
      'raise project:#4001 10>100',
    ]);
  });

  test('are never lowered', () => {
    expect(lines({ entitled: { [PROJECT]: 'viewer' }, held: { [PROJECT]: 'admin' }, policy })).toEqual([
      'excess project:#4001 100/10: protected',
    ]);
  });

  test('are never offboarded', () => {
    const ends = { [ANN]: '2026-01-01' };
    expect(lines({ held: { [PROJECT]: 'viewer' }, policy: { ...policy, ends } })).toEqual([
      'excess project:#4001 10/0: protected',
    ]);
  });
});

describe('a row is never written', () => {
  const tree = [
    listed('account', 3229, 'Account', [
      listed('project', 4001, 'Foreign', [listed('inbox', 5001, 'In')], 99),
      listed('templates', 3229, 'Templates'),
      listed('other/thing', 8, 'Thing'),
    ]),
  ];

  test('where the token is below admin', () => {
    const lower = { entitled: { 'inbox:#5001': 'viewer' }, held: { [PROJECT]: 'viewer' }, account: { tree } } as const;
    expect(lines(lower)).toEqual(['create inbox:#5001 0>10', 'excess project:#4001 10/0: token-below-admin']);
    expect(lines({ entitled: { [PROJECT]: 'viewer' }, account: { tree } })).toEqual([
      'missing project:#4001 0/10: token-below-admin',
    ]);
  });

  test('where its type cannot be written', () => {
    const held = { 'templates:#3229': 'admin', 'other/thing:#8': 'viewer' } as const;
    expect(lines({ held, account: { tree } })).toEqual([
      'excess other/thing:#8 10/0: type',
      'excess templates:#3229 100/0: type',
    ]);
  });

  test('on an account that the tree does not show', () => {
    const account = { tree: [listed('project', 4001, 'Checkout')] };
    expect(lines({ held: { account: 'viewer' }, account })).toEqual(['excess account:#3229 10/0: not-shown']);
    expect(lines({ entitled: { account: 'viewer' }, account })).toEqual(['missing account:#3229 0/10: not-shown']);
  });

  test('where it is ignored, though a grant names it', () => {
    const policy = { ignore: [PROJECT] };
    expect(lines({ entitled: { 'project:Checkout': 'viewer' }, policy })).toEqual([
      'missing project:#4001 0/10: ignored',
    ]);
    expect(lines({ entitled: { 'inbox:#5001': 'viewer' }, policy })).toEqual(['missing inbox:#5001 0/10: ignored']);
  });

  test('outside what is managed, though a grant names it', () => {
    const policy = { manage: ['project:#4002'] };
    expect(lines({ entitled: { 'project:Checkout': 'viewer' }, policy })).toEqual([
      'missing project:#4001 0/10: outside-manage',
    ]);
    expect(lines({ entitled: { account: 'viewer' }, policy })).toEqual(['missing account:#3229 0/10: outside-manage']);
  });

  test('ignore beats manage', () => {
    const policy = { manage: [PROJECT], ignore: ['inbox:#5001'] };
    expect(lines({ entitled: { 'inbox:#5001': 'viewer', 'inbox:#5002': 'viewer' }, policy })).toEqual([
      'create inbox:#5002 0>10',
      'missing inbox:#5001 0/10: ignored',
    ]);
  });

  test('on what is ignored or not managed an excess is nobody else’s business, so it is not told', () => {
    const held = { [PROJECT]: 'admin', 'project:#4002': 'admin' } as const;
    expect(lines({ held, policy: { ignore: [PROJECT] } })).toEqual(['remove project:#4002 100>0']);
    expect(lines({ held, policy: { manage: [PROJECT] } })).toEqual(['remove project:#4001 100>0']);
  });
});

describe('a token is never written', () => {
  const tokens = { ci: { access: 500, token: 900 } };
  const grants = grantsOf({ [PROJECT]: 'viewer' }, 'token:ci');
  const rows = { 'project:#4002': 'viewer' } as const;
  const reasonsOf = (account: Parameters<typeof smallWorld>[1]) =>
    smallWorld({ tokens, grants }, account).plan.unmanageable.map(unmanageableText);

  test('while its rows cannot be read', () => {
    expect(reasonsOf({})).toEqual(['missing project:#4001 0/10: rows-unreadable']);
    expect(reasonsOf({ apiTokens: [] })).toEqual(['missing project:#4001 0/10: rows-unreadable']);
  });

  test('while its access is listed as somebody else', () => {
    const account = { accesses: [{ access: 500, user: 'zed@example.com' }], apiTokens: [{ id: 900, name: 'x', rows }] };
    expect(reasonsOf(account)).toEqual([
      'missing project:#4001 0/10: access-of-someone-else',
      'excess project:#4002 10/0: access-of-someone-else',
    ]);
  });

  test('downwards while none of the tokens can be recognized as the one that grantd uses', () => {
    const ci = { id: 900, name: 'x', rows };
    const plan = (account: Parameters<typeof smallWorld>[1]) => smallWorld({ tokens, grants }, account).plan;
    const unknown = plan({ apiTokens: [ci, { id: 901, name: 'y' }] });
    expect(unknown.unmanageable.map(unmanageableText)).toEqual(['excess project:#4002 10/0: own-token-unknown']);
    expect(unknown.changes.map(changeText)).toEqual(['create project:#4001 0>10']);
    for (const known of [
      { apiTokens: [ci, OWN_TOKEN] },
      { apiTokens: [ci], accesses: [{ access: 3, token: { id: 901, name: 'y' }, isOwnToken: true }] },
    ]) {
      expect(plan(known).changes.map(changeText)).toEqual(['create project:#4001 0>10', 'remove project:#4002 10>0']);
    }
  });

  test('while it is the token that grantd itself uses', () => {
    expect(reasonsOf({ apiTokens: [{ id: 900, name: 'x', rows, isOwnToken: true }] })).toEqual([
      'missing project:#4001 0/10: own-token',
      'excess project:#4002 10/0: own-token',
    ]);
  });
});
