import { describe, expect, it } from 'vitest';
import { decodeAccesses } from '../../../src/adapters/mailtrap/wire/decode-accesses.ts';
import { messageOf } from './support/message-of.ts';
import { TOKEN } from './support/scripted-server.ts';

const OTHER_SECRET = 'deadbeefdeadbeefdeadbeefdeadbeef';

function access(fields: Record<string, unknown> = {}) {
  return {
    id: 4788,
    specifier_type: 'User',
    specifier: { id: 9, email: 'Ann@Example.com', name: 'Ann', two_factor_authentication_enabled: true },
    resources: [{ resource_type: 'project', resource_id: 4001, access_level: 100 }],
    permissions: { can_read: false, can_update: true, can_destroy: true, can_leave: false },
    ...fields,
  };
}

function tokenAccess(token: unknown) {
  const specifier = { id: 2496915, name: 'ci', author_name: 'Ann', token, expires_at: null };
  return access({ id: 5142, specifier_type: 'ApiToken', specifier });
}

function row(type: string, id: unknown, level: unknown) {
  return { resource_type: type, resource_id: id, access_level: level };
}

describe('decodeAccesses', () => {
  it('reads a user, an invite and a token, e-mails as they are written', () => {
    const invite = access({ id: 4789, specifier_type: 'Invite', specifier: { id: 3, email: 'bob@example.com' } });
    expect(decodeAccesses([access(), invite, tokenAccess(OTHER_SECRET)], TOKEN)).toEqual([
      {
        access: 4788,
        principal: { kind: 'user', email: 'Ann@Example.com' },
        userId: 9,
        rows: [{ type: 'project', id: 4001, level: 100 }],
        canUpdate: true,
        isOwnToken: false,
      },
      {
        access: 4789,
        principal: { kind: 'invite', email: 'bob@example.com' },
        rows: [{ type: 'project', id: 4001, level: 100 }],
        canUpdate: true,
        isOwnToken: false,
      },
      {
        access: 5142,
        principal: { kind: 'token', name: 'ci', tokenId: 2496915 },
        rows: [{ type: 'project', id: 4001, level: 100 }],
        canUpdate: true,
        isOwnToken: false,
      },
    ]);
  });

  it('keeps the id of a user where it is one', () => {
    const ids = [1.5, '9', null].map((id) => access({ specifier: { id, email: 'a@x.test' } }));
    for (const one of ids) expect(decodeAccesses([one], TOKEN)[0]).not.toHaveProperty('userId');
  });

  it('reads the row of an owner, whether it is on the organization or on the account', () => {
    const rows = [row('organization', 12, 1000), row('account', 3229, 1000), row('mailsend_domain', 3, 50)];
    expect(decodeAccesses([access({ resources: rows })], TOKEN)[0]?.rows).toEqual([
      { type: 'organization', id: 12, level: 1000 },
      { type: 'account', id: 3229, level: 1000 },
      { type: 'domain', id: 3, level: 50 },
    ]);
  });

  it('reads a member without any row', () => {
    expect(decodeAccesses([access({ resources: [] })], TOKEN)[0]?.rows).toEqual([]);
  });

  it('knows the calling token by its secret, and keeps no secret of any token', () => {
    const decoded = decodeAccesses([tokenAccess(TOKEN), { ...tokenAccess(OTHER_SECRET), id: 5143 }], TOKEN);
    expect(decoded.map(({ isOwnToken }) => isOwnToken)).toEqual([true, false]);
    expect(JSON.stringify(decoded)).not.toMatch(new RegExp(`${TOKEN}|${OTHER_SECRET}`));
  });

  it.each([[undefined], [null], ['********'], [42]])('takes a token shown as %s for someone else', (token) => {
    expect(decodeAccesses([tokenAccess(token)], TOKEN)[0]?.isOwnToken).toBe(false);
  });

  it.each<[string, unknown, boolean]>([
    ['stated', { can_update: true }, true],
    ['denied', { can_update: false }, false],
    ['left out', { can_destroy: true }, false],
    ['null', { can_update: null }, false],
    ['nowhere, for want of permissions', undefined, false],
  ])('lets an access be written only where that right is stated: %s', (_, permissions, canUpdate) => {
    expect(decodeAccesses([access({ permissions })], TOKEN)[0]?.canUpdate).toBe(canUpdate);
  });

  it('counts a row that is listed twice once, also under two spellings', () => {
    const rows = [row('inbox', 7, 10), row('sandbox', 7, 10), row('project', 7, 100)];
    expect(decodeAccesses([access({ resources: rows })], TOKEN)[0]?.rows).toEqual([
      { type: 'inbox', id: 7, level: 10 },
      { type: 'project', id: 7, level: 100 },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['an object', {}, 'the body: expected a list, got an object'],
    ['a number', [5], '[0]: expected an object, got a number'],
    ['no id', [access({ id: undefined })], '[0].id: expected an integer, got nothing'],
    ['one id twice', [access(), access()], '[1].id: account access 4788 is listed twice'],
    [
      'no rows',
      [access({ resources: undefined })],
      '[0].resources: expected a list, got nothing, in account access 4788',
    ],
    [
      'a row at two levels',
      [access({ resources: [row('inbox', 7, 10), row('sandbox', 7, 100)] })],
      '[0].resources: inbox:#7 is listed at two levels, 10 and 100, in account access 4788',
    ],
    [
      'a level in a text, deep down',
      [access(), access({ id: 1 }), access({ id: 2, resources: [row('inbox', 7, '100')] })],
      '[2].resources[0].access_level: expected an integer, got a string, in account access 2',
    ],
    [
      'a resource id in a text',
      [access({ resources: [row('inbox', '7', 100)] })],
      '[0].resources[0].resource_id: expected an integer, got a string, in account access 4788',
    ],
    [
      'a flag in a text',
      [access({ permissions: { can_update: 'true' } })],
      '[0].permissions.can_update: expected a boolean, got a string, in account access 4788',
    ],
    [
      'permissions in a list',
      [access({ permissions: [] })],
      '[0].permissions: expected an object, got a list, in account access 4788',
    ],
    [
      'no specifier',
      [access({ specifier: null })],
      '[0].specifier: expected an object, got null, in account access 4788',
    ],
    [
      'no e-mail',
      [access({ specifier: { id: 1 } })],
      '[0].specifier.email: expected a string, got nothing, in account access 4788',
    ],
    [
      'an empty e-mail',
      [access({ specifier: { email: '' } })],
      '[0].specifier.email: expected a string, got an empty one, in account access 4788',
    ],
    [
      'a kind of principal that nobody documents',
      [access({ specifier_type: 'Robot\u001b[2J' })],
      '[0].specifier_type: expected User, Invite or ApiToken, got Robot\\u{1b}[2J, in account access 4788',
    ],
    [
      'a token without an id',
      [access({ specifier_type: 'ApiToken', specifier: { name: 'x' } })],
      '[0].specifier.id: expected an integer, got nothing, in account access 4788',
    ],
  ])('refuses %s and says where', (_, body, message) => {
    expect(messageOf(() => decodeAccesses(body, TOKEN))).toBe(message);
  });
});
