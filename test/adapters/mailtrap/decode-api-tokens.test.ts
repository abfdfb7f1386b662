import { describe, expect, it } from 'vitest';
import { decodeApiTokens } from '../../../src/adapters/mailtrap/wire/decode-api-tokens.ts';
import { TOKEN } from './support/scripted-server.ts';

function apiToken(fields: Record<string, unknown> = {}) {
  return {
    id: 2496915,
    name: 'ci',
    last_4_digits: 'x7k9',
    created_by: 'Ann',
    expires_at: null,
    resources: [{ resource_type: 'inbox', resource_id: 3809, access_level: 100 }],
    ...fields,
  };
}

describe('decodeApiTokens', () => {
  it('reads a token with its rows', () => {
    expect(decodeApiTokens([apiToken()], TOKEN)).toEqual([
      {
        tokenId: 2496915,
        name: 'ci',
        rows: [{ type: 'inbox', id: 3809, level: 100 }],
        expiresAt: null,
        isOwnToken: false,
      },
    ]);
  });

  it('knows the calling token by its last four digits, and every other that ends in the same', () => {
    const tokens = [
      apiToken({ last_4_digits: 'ee42' }),
      apiToken({ id: 2, last_4_digits: 'ee42' }),
      apiToken({ id: 3 }),
    ];
    expect(decodeApiTokens(tokens, TOKEN).map(({ isOwnToken }) => isOwnToken)).toEqual([true, true, false]);
  });

  it.each([
    ['2026-12-31T18:00:00.000Z', Date.UTC(2026, 11, 31, 18)],
    ['2026-12-31T18:00:00+02:00', Date.UTC(2026, 11, 31, 16)],
    [null, null],
    [undefined, null],
  ])('reads the end %s', (expires_at, at) => {
    expect(decodeApiTokens([apiToken({ expires_at })], TOKEN)[0]?.expiresAt).toBe(at);
  });

  const withRowId = (resource_id: unknown) =>
    apiToken({ resources: [{ resource_type: 'inbox', resource_id, access_level: 10 }] });

  it('reads a resource id that is a string of digits as that id', () => {
    expect(decodeApiTokens([withRowId('3809')], TOKEN)[0]?.rows).toEqual([{ type: 'inbox', id: 3809, level: 10 }]);
  });

  it.each(['', '03809', '-1', '3809 ', '0x1f', '9007199254740993', '1e3'])('refuses the resource id "%s"', (id) => {
    expect(() => decodeApiTokens([withRowId(id)], TOKEN)).toThrow('[0].resources[0].resource_id: expected an integer');
  });

  it.each<[string, unknown, string]>([
    ['a date without a time', [apiToken({ expires_at: '2026-12-31' })], '[0].expires_at: expected a date with time'],
    [
      'a date that does not exist',
      [apiToken({ expires_at: '2026-13-01T00:00:00Z' })],
      '[0].expires_at: expected a date with time',
    ],
    ['a number for a date', [apiToken({ expires_at: 5 })], '[0].expires_at: expected a date, got a number'],
    ['one id twice', [apiToken(), apiToken()], '[1].id: API token 2496915 is listed twice'],
    ['no rows', [apiToken({ resources: null })], '[0].resources: expected a list, got null'],
    ['an object', { tokens: [] }, 'the body: expected a list, got an object'],
  ])('refuses %s and says where', (_, body, message) => {
    expect(() => decodeApiTokens(body, TOKEN)).toThrow(message);
  });
});
