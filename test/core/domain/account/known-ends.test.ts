import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isKnownLong,
  KNOWN_AFTER_MS,
  KNOWN_ENDS_MOST,
  type KnownEnd,
  knownEndsAfter,
  knownSince,
  principalHash,
} from '../../../../src/core/domain/account/known-ends.ts';
import { instantText } from '../../../../src/core/domain/text/instant.ts';
import { resolvePolicy } from '../../../../src/core/resolve/resolve-policy.ts';
import { buildPolicy, type PolicySpec } from '../../../support/policy-builder.ts';

const NOW = Date.parse('2026-11-24T04:00:00Z');
const accept = (before: readonly KnownEnd[], policy: PolicySpec, now = NOW) =>
  knownEndsAfter(before, resolvePolicy(buildPolicy(policy)), now);
const ann = (until: string, more: PolicySpec = {}): PolicySpec => ({
  grants: [{ to: 'ann@x.test', resource: 'account', until }],
  ...more,
});
const ANN = principalHash({ email: 'ann@x.test' });
const END = Date.parse('2026-12-01T10:00:00Z');
const known = (since: number, end = END, principal = ANN): KnownEnd => ({ principal, end, since });

describe('an accepted text', () => {
  test('makes each of its ends known, by whoever it is for, the soonest first', () => {
    const policy: PolicySpec = {
      groups: { all: ['ann@x.test', 'bob@x.test'] },
      ends: { 'bob@x.test': '2026-11-25', 'cid@x.test': '2026-11-24' },
      tokens: { ci: { access: 9, token: 9 } },
      grants: [
        { to: 'group:all', resource: 'account', until: instantText(END) },
        { to: ['ann@x.test', 'token:ci'], resource: 'project:A', until: instantText(END) },
        { to: 'ann@x.test', resource: 'project:B' },
      ],
    };
    const hash = (email: string) => principalHash({ email });
    const [first, second] = [Date.parse('2026-11-25'), Date.parse('2026-11-26')];
    const last = [ANN, principalHash({ token: 'ci' })].sort();
    expect(accept([], policy)).toEqual([
      known(NOW, first, hash('cid@x.test')),
      known(NOW, second, hash('bob@x.test')),
      ...last.map((principal) => known(NOW, END, principal)),
    ]);
  });

  test('makes the nearest ends known, without a look at those beyond', () => {
    const to = Array.from({ length: KNOWN_ENDS_MOST }, (_, index) => `p${index}@x.test`);
    const near = { to, resource: 'account', until: instantText(END) };
    const far = { to: 'late@x.test', resource: 'account', until: instantText(END + 1000) };
    const ends = accept([], { grants: [far, near] });
    expect([ends.length, ends.at(-1)?.end]).toEqual([KNOWN_ENDS_MOST, END]);
  });

  test('keeps since when an end has been known', () => {
    expect(accept([known(NOW - 5)], ann(instantText(END)))).toEqual([known(NOW - 5)]);
  });

  test('forgets what it does not set: there is a gap', () => {
    expect(accept([known(NOW - 5)], ann('2026-12-01'))).toEqual([known(NOW, Date.parse('2026-12-02'))]);
    expect(accept(accept([known(NOW - 5)], {}), ann(instantText(END)))).toEqual([known(NOW)]);
  });

  test('does not believe a moment that lies ahead', () => {
    expect(accept([known(NOW + 5)], ann(instantText(END)))).toEqual([known(NOW)]);
  });

  test('keeps the ends nearest to now, where there are too many', () => {
    const people = [...Array(KNOWN_ENDS_MOST + 5).keys()].map((index) => `p${index}@x.test`);
    const groups = { all: people.slice(0, -5), some: people.slice(-5) };
    const grants = [
      { to: 'group:all', resource: 'account', until: '2027-01-01' },
      { to: 'group:some', resource: 'account', until: '2026-11-20' },
    ];
    const kept = accept([], { groups, grants });
    expect(kept).toHaveLength(KNOWN_ENDS_MOST);
    expect(kept.filter(({ end }) => end === Date.parse('2026-11-21'))).toHaveLength(5);
    expect(kept.at(0)?.end).toBe(Date.parse('2026-11-21'));
  });
});

test('a hash shows nobody, and tells a person from a token', () => {
  expect(ANN).toMatch(/^[0-9a-f]{16}$/);
  expect(principalHash({ token: 'ann@x.test' })).not.toBe(ANN);
});

test('an end is known for long from 24 hours before it', () => {
  expect(isKnownLong(END, END - KNOWN_AFTER_MS)).toBe(true);
  expect(isKnownLong(END, END - KNOWN_AFTER_MS + 1)).toBe(false);
  expect(isKnownLong(END, null)).toBe(false);
  expect(knownSince([known(5)])({ principal: ANN, end: END })).toBe(5);
  expect(knownSince([known(5)])({ principal: ANN, end: END + 1 })).toBe(null);
});

test('over any texts, an end is known exactly since the last text that set it after one that did not', () => {
  const end = fc.constantFrom(...['2026-12-01', '2026-12-02', '2026-12-03']);
  const texts = fc.array(fc.uniqueArray(end, { maxLength: 3 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(texts, (accepted) => {
      let memory: readonly KnownEnd[] = [];
      accepted.forEach((ends, at) => {
        const grants = ends.map((until) => ({ to: 'ann@x.test', resource: 'account', until }));
        memory = accept(memory, { grants }, at);
      });
      const last = accepted.at(-1) ?? [];
      const expected = last.map((until) => {
        const gap = accepted.findLastIndex((ends) => !ends.includes(until));
        return known(gap + 1, Date.parse(until) + 24 * 60 * 60 * 1000);
      });
      expect(memory).toEqual(expected.sort((a, b) => a.end - b.end));
    }),
  );
});
