import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toAccessLevel } from '../../src/core/domain/account/access-level.ts';
import { emailName } from '../../src/core/domain/account/email.ts';
import { fillsPattern, patternsOverlap, toNamePattern } from '../../src/core/domain/policy/name-pattern.ts';
import type { Policy, Requirement } from '../../src/core/domain/policy/policy.ts';
import { covers } from '../../src/core/domain/policy/ref-cover.ts';
import { placeText } from '../../src/core/domain/text/problem.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { checkRequire } from '../../src/core/validate/check-require.ts';
import type { PolicyDraft } from '../../src/core/validate/read-policy.ts';
import { PEOPLE } from '../support/arbitrary/policy.ts';
import { arbitraryTwoPolicies } from '../support/arbitrary/world.ts';
import { expectSeen, holds } from './runs.ts';

const DAY_MS = 86_400_000;

/** A policy with requirements about what another policy of the same account grants. */
const policy: fc.Arbitrary<Policy> = fc
  .tuple(
    fc.oneof(arbitraryTwoPolicies('messy'), arbitraryTwoPolicies('tame')),
    fc.constantFrom(null, 1, 3, 5),
    fc.constantFrom(null, 'OPS-*', '*'),
    fc.constantFrom(null, ...PEOPLE),
    fc.array(fc.constantFrom(null, 'OPS-1', 'OPS-', 'x'), { minLength: 8, maxLength: 8 }),
  )
  .map(([{ old, next }, maxDays, reason, who, reasons]) => {
    const rules = (next.roles[0]?.resources ?? []).map(
      ({ resource, level }): Requirement => ({
        who: who === null ? null : { kind: 'principal', name: emailName(who) },
        resource,
        level,
        reason: reason === null ? null : toNamePattern(reason),
        maxDays,
        text: '',
        at: resource.at,
      }),
    );
    return {
      ...old,
      require: rules,
      grants: old.grants.map((one, index) => ({ ...one, reason: reasons[index] ?? null })),
    };
  });

/** Whether a grant meets a rule, by looking at each member and each resource. */
function breaksBy(one: Policy, rule: Requirement): readonly string[] {
  return resolvePolicy(one).entitlements.flatMap(({ grant, from, until, reason, holders, resources, except }) => {
    const given = resources.filter(
      ({ resource, level }) =>
        toAccessLevel(level) >= toAccessLevel(rule.level) &&
        !except.some(({ selector }) => covers(selector, resource.selector) === 'certain') &&
        (rule.resource === null ||
          covers(resource.selector, rule.resource.selector) !== 'never' ||
          covers(rule.resource.selector, resource.selector) !== 'never'),
    );
    const meant = holders.filter(
      ({ name }) =>
        rule.who === null ||
        (rule.who.kind === 'principal' &&
          'email' in name &&
          'email' in rule.who.name &&
          name.email === rule.who.name.email),
    );
    const isWrong = meant.some(({ end }) => {
      const last = Math.min(until?.at ?? Number.POSITIVE_INFINITY, end?.end.at ?? Number.POSITIVE_INFINITY);
      const isShort = rule.maxDays === null || (from !== null && last - from.at <= rule.maxDays * DAY_MS);
      const isGiven =
        rule.reason === null || (rule.reason.text === '*' ? (reason ?? '') !== '' : /^OPS-.+$/.test(reason ?? ''));
      return !isShort || !isGiven;
    });
    return given.length > 0 && isWrong ? [placeText(grant)] : [];
  });
}

it('a requirement is about the grants that it is about member by member and resource by resource', () => {
  let broken = 0;
  holds(policy, (one) => {
    const found = new Set([...checkRequire({ policy: one } as PolicyDraft)].map(({ at }) => placeText(at)));
    const expected = new Set(one.require.flatMap((rule) => breaksBy(one, rule)));
    broken += expected.size;
    expect(found).toEqual(expected);
  });
  expectSeen(broken, 50);
});

const piece = fc.constantFrom('a', 'b', 'ab', '*');
const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => toNamePattern(pieces.join('')));
const NAMES = [
  '',
  'a',
  'b',
  'ab',
  'ba',
  'aa',
  'bb',
  'aab',
  'aba',
  'abb',
  'baa',
  'bab',
  'bba',
  'abab',
  'ababab',
  'abbaab',
];

it('two patterns overlap as a table of positions says', () => {
  holds(fc.tuple(pattern, pattern), ([left, right]) => {
    expect(patternsOverlap(left, right)).toBe(byTable([...left.text], [...right.text]));
  });
});

function byTable(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return [...a, ...b].every((one) => one === '*');
  const [x, y] = [a[0], b[0]];
  if (x === '*') return byTable(a.slice(1), b) || byTable(a, b.slice(1));
  if (y === '*') return byTable(a, b.slice(1)) || byTable(a.slice(1), b);
  return x === y && byTable(a.slice(1), b.slice(1));
}

it('a pattern is filled where each star is one character at least', () => {
  holds(pattern, (one) => {
    const filled = new RegExp(`^${one.text.replaceAll('*', '[\\s\\S]+')}$`);
    for (const name of NAMES) expect(fillsPattern(one, name), `${one.text} ${name}`).toBe(filled.test(name));
  });
});
