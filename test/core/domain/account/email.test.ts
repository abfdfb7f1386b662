import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emailKey,
  emailName,
  spellingsOf,
  splitLabel,
  toEmailPattern,
} from '../../../../src/core/domain/account/email.ts';
import { matchesName } from '../../../../src/core/domain/policy/name-pattern.ts';
import { foldAscii } from '../../../../src/core/domain/text/text.ts';
import { RUNS, SEED } from '../../../property/runs.ts';

const fits = (pattern: string, email: string) => matchesName(toEmailPattern(pattern), emailKey(email));

describe('one person', () => {
  test.each([
    // NFC makes one letter of both.
    ['the Kelvin sign', '\u212aim@\u212a', 'kim@k'],
    ['the case of A to Z', 'Ann@Example.COM', 'ann@example.com'],
    ['a decomposed letter before the @', 'jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['a capital that is composed only as a small letter', 'H\u0331@x', '\u1e96@x'],
    ['a decomposed letter of the domain', 'ann@exa\u0308mple.com', 'ann@ex\u00e4mple.com'],
    ['a capital of the domain', 'ann@EX\u00c4MPLE.com', 'ann@ex\u00e4mple.com'],
    ['xn--', 'ann@xn--exmple-cua.com', 'ann@ex\u00e4mple.com'],
    ['XN--', 'ann@XN--EXMPLE-CUA.COM', 'ann@ex\u00e4mple.com'],
    ['xn-- of full width', 'ann@\uff58\uff4e--exmple-cua.com', 'ann@ex\u00e4mple.com'],
    ['full-width letters', 'ann@\uff45\uff58ample.com', 'ann@example.com'],
    ['a full-width digit, which is no IPv4 address', 'ann@\uff11', 'ann@1'],
    ['the full-width dot', 'ann@example\uff0ecom', 'ann@example.com'],
    ['the ideographic dot', 'ann@ex\u00e4mple\u3002com', 'ann@ex\u00e4mple.com'],
    ['the half-width dot', 'ann@example\uff61com', 'ann@example.com'],
    ['a ligature', 'ann@\ufb01sh.com', 'ann@fish.com'],
    ['sharp s and its capital', 'ann@FA\u1e9e.de', 'ann@fa\u00df.de'],
    ['sharp s and xn--', 'ann@xn--fa-hia.de', 'ann@fa\u00df.de'],
    ['a capital sigma', 'ann@\u03a3\u03b1.gr', 'ann@\u03c3\u03b1.gr'],
    ['a soft hyphen, which UTS 46 leaves out', 'ann@ex\u00ad\u00e4mple.com', 'ann@ex\u00e4mple.com'],
    ['a label that no host has, by its case alone', 'ann@EX_\u00c4.com', 'ann@ex_\u00e4.com'],
    ['capitals that older Unicode does not map', 'ann@\u10a0.com', 'ann@\u2d00.com'],
  ])('%s', (_, one, other) => {
    expect(emailKey(one)).toBe(emailKey(other));
    expect(fits(one, other)).toBe(true);
  });
});

describe('two people', () => {
  test.each([
    ['sharp s and ss', 'ann@fa\u00df.de', 'ann@fass.de'],
    ['final sigma and sigma', 'ann@\u03b1\u03c2.gr', 'ann@\u03b1\u03c3.gr'],
    ['capitals outside A to Z before the @', '\u00c9@x', '\u00e9@x'],
    ['the dotted I', '\u0130@x', 'i@x'],
    ['compatible letters before the @', '\uff41@x', 'a@x'],
    ['a full-width @', 'ann\uff20x', 'ann@x'],
    ['a dot at the end', 'ann@example.com.', 'ann@example.com'],
    ['an empty label', 'ann@ex\u00e4mple..com', 'ann@ex\u00e4mple.com'],
    ['a number and the IPv4 address that a URL makes of it', 'ann@1', 'ann@0.0.0.1'],
    ['a full-width number and that address', 'ann@\uff11', 'ann@0.0.0.1'],
    ['what a URL decodes', 'ann@\u00e4%41.com', 'ann@\u00e4a.com'],
    ['what a URL cuts off at /', 'ann@\u00e4/x', 'ann@\u00e4'],
    ['what a URL cuts off at ?', 'ann@\u00e4?x', 'ann@\u00e4'],
    ['what a URL cuts off at #', 'ann@\u00e4#x', 'ann@\u00e4'],
    ['what a URL takes for a port', 'ann@\u00e4:80', 'ann@\u00e4'],
    ['what a URL leaves out', 'ann@\u00e4\tb', 'ann@\u00e4b'],
    ['two labels that UTS 46 refuses', 'ann@a\u200db.com', 'ann@a\u200cb.com'],
    ['two labels that begin with a mark', 'ann@\u0301a.com', 'ann@\u0300a.com'],
    ['two lone surrogates', 'ann@\ud800.com', 'ann@\ud801.com'],
    ['labels that look like xn-- and are none', 'ann@xn--zzzzzz.com', 'ann@xn--zzzzzy.com'],
    ['letters of two alphabets', 'ann@\u0430pple.com', 'ann@apple.com'],
    ['a label that is too long, and its ASCII form', `ann@${'\u00e4'.repeat(64)}`, `ann@xn--4ca${'a'.repeat(63)}`],
    ['the place of the @', 'a@b@\u00e4', 'a@b\u00e4'],
  ])('%s', (_, one, other) => {
    expect(emailKey(one)).not.toBe(emailKey(other));
    expect(fits(one, other)).toBe(false);
  });
});

describe('a domain of ASCII is in lower case, and nothing else', () => {
  test.each([
    '0x7f.1',
    '1',
    '127.1',
    'exa_mple.com',
    'a..b',
    '-a-.com',
    'xn--zzzzzz.com',
    'xn--',
    'x'.repeat(300),
    'a%41.b',
    '',
  ])('%s', (domain) => {
    expect(emailKey(`ANN@${domain.toUpperCase()}`)).toBe(`ann@${domain}`);
  });
});

describe('a pattern', () => {
  test.each([
    ['*@EX\u00c4MPLE.com', 'ann@xn--exmple-cua.com', true],
    ['*@xn--exmple-cua.com', 'ann@ex\u00e4mple.com', true],
    ['*@*.ex\u00e4mple.com', 'ann@mail.xn--exmple-cua.com', true],
    ['*@*.ex\u00e4mple\u3002com', 'ann@mail.ex\u00e4mple.com', true],
    ['*@*.com', 'ann@ex\u00e4mple.com', true],
    ['jose\u0301*@x', 'jos\u00e9.b@X', true],
    ['\u043f*@x', '\u043f\u0451\u0442\u0440@x', true],
    // A * stands for letters, and so it does where the account spells the letters as xn--.
    ['*@ex*.com', 'ann@ex\u00e4mple.com', true],
    ['*@ex*.com', 'ann@xn--exmple-cua.com', true],
    ['*@x*.com', 'ann@xn--exmple-cua.com', false],
    ['*@*cua.com', 'ann@ex\u00e4mple.com', false],
    ['jose*@x', 'jos\u00e9@x', false],
    ['*@ex\u00e4mple.com', 'ann@example.com', false],
  ])('%s, and %s: %s', (pattern, email, does) => {
    expect(fits(pattern, email)).toBe(does);
  });

  test.each([
    ['*@ex\u00e4*', 'ex\u00e4*'],
    ['*@*\u00e4mple.com', '*\u00e4mple'],
    ['ann@mail.*exa\u0308mple.com', '*exa\u0308mple'],
    ['*@xn--*.com', 'xn--*'],
    ['*@*XN--exmple-cua.com', '*XN--exmple-cua'],
    ['*@com.ex\u00e4*\u3002com', 'ex\u00e4*'],
    ['\u00e4*@x', null],
    ['xn--*@x', null],
    ['*@*.ex\u00e4mple.com', null],
    ['*@*\u3002ex\u00e4mple.com', null],
    ['*@ex*.com', null],
    ['*@\u00e4', null],
  ])('%s has the unclear label %s', (pattern, label) => {
    expect(splitLabel(pattern)).toBe(label);
  });
});

test('ten thousand domains, one after the other, and each once more', () => {
  const emails = Array.from({ length: 10_000 }, (_, index) => `ann@\u00c4${index}.com`);
  const keys = emails.map(emailKey);
  expect(new Set(keys).size).toBe(emails.length);
  expect(emails.map(emailKey)).toEqual(keys);
  expect(keys[9_999]).toBe('ann@\u00e49999.com');
});

describe('what is shown', () => {
  test('is the text in lower case where nothing else tells the person apart', () => {
    expect(emailName('Ann@Example.com')).toEqual({ email: 'ann@example.com' });
    expect(emailName('Ann@ex\u00e4mple.com')).toEqual({ email: 'ann@ex\u00e4mple.com' });
    expect(toEmailPattern('*@Example.com')).toEqual({ text: '*@example.com', parts: ['', '@example.com'] });
  });

  test('is else the text as somebody wrote it', () => {
    const written = 'Ann@xn--exmple-cua.com';
    expect(emailName(written)).toEqual({ email: 'ann@ex\u00e4mple.com', written });
    expect(emailName('jose\u0301@x')).toEqual({ email: 'jos\u00e9@x', written: 'jose\u0301@x' });
    expect(toEmailPattern('*@EX\u00c4.com')).toEqual({
      text: '*@ex\u00e4.com',
      parts: ['', '@ex\u00e4.com'],
      written: '*@EX\u00c4.com',
    });
  });

  test('are the code points of spellings that look the same', () => {
    expect(spellingsOf(['a@x', 'A@x'])).toEqual(['a@x', 'A@x']);
    expect(spellingsOf(['a@\u00e4', 'a@xn--4ca'])).toEqual(['a@\u00e4', 'a@xn--4ca']);
    expect(spellingsOf(['a@\u00e4', 'a@a\u0308'])).toEqual(['a@\\u{e4}', 'a@a\\u{308}']);
  });
});

describe(`over random texts (seed ${SEED})`, () => {
  const settings = { numRuns: RUNS, seed: SEED };
  const pieces = [
    'a', 'B', 'xn--', 'exmple-cua', '\u00e4', '\u00c4', 'a\u0308', '\u00df', '\u1e9e', '\u03c2', '\u03a3', '\u0130', '\u212a',
    '\u200d', '\u200c', '\u00ad', '\ufe0f', '\u3002', '\uff0e', '.', '..', '-', '_', '%41', '/', ':', '#', '\\', '[', ' ', '\t',
    '\0', '1', '\uff11', '\u05d0', '\u0627', '\u0661', '\ud800', '\udc00', '\u{1f600}', '\uff20', '\u2024', '\u2100', '\u0915\u094d',
    '\u0301', '\u{10ffff}', '\u10a0', '\u1100\u1161', '\u0f77', '*', 'a'.repeat(70),
  ]; // biome-ignore format: a table
  const part = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const email = fc.oneof({ weight: 9, arbitrary: fc.tuple(part, part).map((both) => both.join('@')) }, part);

  test('nothing throws, and the form of a form is itself, so equality is an equivalence', () => {
    fc.assert(
      fc.property(email, (text) => {
        const key = emailKey(text);
        expect(emailKey(key)).toBe(key);
        expect(key.normalize('NFC')).toBe(key);
        expect(matchesName(toEmailPattern(text.replaceAll('*', '')), emailKey(text.replaceAll('*', '')))).toBe(true);
        splitLabel(text);
        spellingsOf([text, key]);
      }),
      settings,
    );
  });

  test('every normal spelling of a text is the same person, and so is the text that is shown', () => {
    fc.assert(
      fc.property(email, (text) => {
        const key = emailKey(text);
        expect(emailKey(text.normalize('NFC'))).toBe(key);
        expect(emailKey(text.normalize('NFD'))).toBe(key);
        const { written } = emailName(text);
        expect(emailKey(written ?? key)).toBe(key);
      }),
      settings,
    );
  });

  test('the case of the domain never matters', () => {
    fc.assert(
      fc.property(part, (domain) => {
        fc.pre(!domain.includes('@'));
        const swapped = domain.replace(/[a-z]/gi, (letter) =>
          letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
        );
        const nfc = (text: string) => emailKey(`a@${text}`);
        expect(nfc(foldAscii(domain.normalize('NFD')))).toBe(nfc(domain));
        expect(nfc(swapped.normalize('NFC'))).toBe(nfc(domain.normalize('NFC')));
      }),
      settings,
    );
  });

  test('ASCII without xn-- compares as it always did: without the case of A to Z', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 20 }).filter((text) => !/xn--/i.test(text));
    fc.assert(
      fc.property(ascii, ascii, (one, other) => {
        expect(emailName(one)).toEqual({ email: foldAscii(one) });
        expect(emailKey(one) === emailKey(other)).toBe(foldAscii(one) === foldAscii(other));
      }),
      settings,
    );
  });
});

test('a label has the same form before and after many others were converted', () => {
  const before = emailKey('ann@EX\u00c4MPLE.com');
  const keys = Array.from({ length: 1_100 }, (_, index) => emailKey(`ann@ex\u00e4mple${index}.com`));
  expect(new Set(keys).size).toBe(keys.length);
  expect(emailKey('ann@EX\u00c4MPLE.com')).toBe(before);
});

test.each(['fn', '1'])('a label that decodes to another one is not that one: xn--%s-', (label) => {
  expect(emailKey(`ann@xn--${label}-.com`)).toBe(`ann@xn--${label}-.com`);
  expect(emailKey(`ann@xn--${label}-.com`)).not.toBe(emailKey(`ann@${label}.com`));
});
