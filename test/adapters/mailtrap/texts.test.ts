import { describe, expect, it } from 'vitest';
import { apiMessage } from '../../../src/adapters/mailtrap/wire/api-message.ts';
import { parseBody } from '../../../src/adapters/mailtrap/wire/read-answer.ts';
import { safeText } from '../../../src/adapters/mailtrap/wire/safe-text.ts';
import { messageOf } from './support/message-of.ts';
import { TOKEN } from './support/scripted-server.ts';

const OTHER_SECRET = 'deadbeefdeadbeefdeadbeefdeadbeef';

describe('apiMessage', () => {
  it.each([
    ['{"error":"Incorrect API token"}', 'Incorrect API token'],
    ['{"errors":"Account access forbidden"}', 'Account access forbidden'],
    ['{"errors":{"base":["First.","Second."]}}', 'First.; Second.'],
    ['{"errors":{"name":["is too long"],"base":"No."}}', 'name: is too long; No.'],
    ['{"errors":{"filters":"is invalid"}}', 'filters: is invalid'],
    ['{"errors":["One","Two",3,null,true]}', 'One; Two; 3; true'],
    ['{"errors":{"permissions":[{"level":["is unknown"]}]}}', 'permissions.level: is unknown'],
    ['{"message":"Sorry"}', 'Sorry'],
    ['{"code":7}', 'code: 7'],
    ['{}', ''],
    ['null', ''],
    ['', ''],
    ['"no"', 'no'],
    ['Bad gateway', 'Bad gateway'],
    ['<html><head><title>502 Bad\n Gateway</title></head><body>x</body></html>', '502 Bad Gateway'],
    ['<h1>Down</h1><p>for a while</p>', 'Down for a while'],
    ['{"errors": {"a": {"b": {"c": {"d": {"e": "too deep"}}}}}}', ''],
  ])('reads %s', (body, message) => {
    expect(apiMessage(body, [])).toBe(message);
  });

  it('takes 20 pieces and 300 characters at most', () => {
    const many = JSON.stringify({ errors: Array.from({ length: 50 }, (_, index) => `e${index}`) });
    expect(apiMessage(many, []).split('; ')).toHaveLength(20);
    expect([...apiMessage(JSON.stringify({ error: 'x '.repeat(5000) }), [])]).toHaveLength(301);
  });

  it('is not slowed down by a page of brackets', () => {
    expect(apiMessage('<'.repeat(65_536), [])).toHaveLength(301);
  });
});

describe('safeText', () => {
  it('hides the token in every spelling, and what looks like someone else’s', () => {
    const odd = 'short"t/ken';
    const text = `a ${TOKEN} b ${OTHER_SECRET} c ${JSON.stringify(odd)} d ${encodeURIComponent(odd)}`;
    expect(safeText(text, [TOKEN, odd], 200)).toBe('a [hidden] b [hidden] c "[hidden]" d [hidden]');
  });

  it.each([
    ['{"token":"short"', '{"token":"[hidden]"'],
    ['{"api_token" : "cut off', '{"api_token" : "[hidden]'],
    ['"client_secret":"x y"', '"client_secret":"[hidden]"'],
  ])('hides what stands under the name of a secret: %s', (text, safe) => {
    expect(safeText(text, [], 200)).toBe(safe);
  });

  it('hides a secret that is cut by the end of what is looked at', () => {
    for (let length = 4060; length < 4100; length += 1) {
      const text = `${'<p>'.repeat(Math.floor(length / 3))}${' '.repeat(length % 3)}${TOKEN}tail`;
      expect(safeText(text, [TOKEN], 10_000)).not.toContain(TOKEN.slice(0, 6));
    }
  });

  it('escapes what would move a cursor, on one line', () => {
    expect(safeText('a\u001b[2J\u0000b\n\tc\u202Ed\uD800', [], 99)).toBe('a\\u{1b}[2J\\u{0}b c\\u{202e}d\\u{d800}');
  });

  it('cuts between characters', () => {
    expect(safeText('😀😀😀', [], 2)).toBe('😀😀…');
  });
});

describe('parseBody', () => {
  it.each([
    ['[1]', [1]],
    ['\uFEFF[1]', [1]],
    [' {"a":"é"}\n', { a: 'é' }],
  ])('parses %s', (text, value) => {
    expect(parseBody(Buffer.from(text), [])).toEqual(value);
  });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'the body: empty, where JSON was expected'],
    ['blanks', Buffer.from(' \n'), 'the body: empty, where JSON was expected'],
    ['bytes that are no UTF-8', Buffer.from([0x5b, 0xff, 0x5d]), 'the body: not UTF-8'],
    [
      'a page',
      Buffer.from('<!doctype html><title>Sign in</title>'),
      'the body: not JSON; it begins with: <!doctype html><title>Sign in</title>',
    ],
    ['JSON cut off', Buffer.from('[{"id":1'), 'the body: JSON that is cut off or broken; it begins with: [{"id":1'],
  ])('refuses %s', (_, body, message) => {
    expect(messageOf(() => parseBody(body, []))).toBe(message);
  });

  it('shows no secret of a list that is cut off', () => {
    const body = Buffer.from(`[{"specifier":{"token":"${OTHER_SECRET}","x":"${TOKEN}`);
    expect(() => parseBody(body, [TOKEN])).toThrow('it begins with: [{"specifier":{"token":"[hidden]","x":"[hidden]');
  });

  it('stands a body that is nothing but depth', () => {
    expect(parseBody(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), [])).toBeInstanceOf(Array);
  });
});
