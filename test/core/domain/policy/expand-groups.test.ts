import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { principalNameText } from '../../../../src/core/domain/account/principal.ts';
import { expandGroups } from '../../../../src/core/domain/policy/expand-groups.ts';
import { buildPolicy } from '../../../support/policy-builder.ts';

type Groups = Readonly<Record<string, readonly string[]>>;

/** Everybody whom `to` reaches: `name by group > group, 2 ways`. */
function reached(groups: Groups, to: readonly string[]): readonly string[] {
  const policy = buildPolicy({ groups, grants: [{ to, resource: 'account' }] });
  const members = policy.grants.flatMap((grant) => grant.to);
  return expandGroups(policy.groups)
    .reach(members)
    .map(({ name, groups: path, ways }) => {
      const by = path.map((step) => step.name).join(' > ') || 'itself';
      return `${principalNameText(name)} by ${by}, ${ways}`;
    });
}

test('beyond the most members that count, a further list reaches no one, and a known one whom it reached', () => {
  const grants = [['a@x', 'b@x'], ['c@x'], ['a@x', 'b@x']].map((to) => ({ to, resource: 'account' }));
  const policy = buildPolicy({ grants });
  const expansion = expandGroups([], 1);
  expect(policy.grants.map(({ to }) => expansion.reach(to).length)).toEqual([2, 0, 2]);
  expect(expansion.size).toBe(2);
});

describe('a list of members reaches', () => {
  test('names by themselves, in the order of the text', () => {
    expect(reached({}, ['b@x', 'a@x', 'token:ci'])).toEqual([
      'b@x by itself, 1',
      'a@x by itself, 1',
      'token:ci by itself, 1',
    ]);
  });

  test('the members of a group', () => {
    expect(reached({ qa: ['a@x', 'token:ci'] }, ['group:qa'])).toEqual(['a@x by qa, 1', 'token:ci by qa, 1']);
  });

  test('the members of groups in groups, the outermost first', () => {
    const groups = { all: ['group:most'], most: ['group:some', 'b@x'], some: ['a@x'] };
    expect(reached(groups, ['group:all'])).toEqual(['a@x by all > most > some, 1', 'b@x by all > most, 1']);
  });

  test('no one by an empty group, or by one that is not declared', () => {
    expect(reached({ none: [] }, ['group:none', 'group:gone'])).toEqual([]);
  });

  test('an e-mail and a token of one spelling as two', () => {
    expect(reached({}, ['a@x', 'token:a@x'])).toHaveLength(2);
  });
});

describe('a principal with several paths', () => {
  test('is reached by the shortest one, wherever it is', () => {
    const groups = { all: ['group:some'], some: ['a@x'] };
    expect(reached(groups, ['group:all', 'group:some', 'a@x'])).toEqual(['a@x by itself, 3']);
    expect(reached(groups, ['a@x', 'group:some', 'group:all'])).toEqual(['a@x by itself, 3']);
    expect(reached(groups, ['group:all', 'group:some'])).toEqual(['a@x by some, 2']);
  });

  test('is reached by the first of those that are equally short', () => {
    const groups = { one: ['a@x'], two: ['a@x'] };
    expect(reached(groups, ['group:two', 'group:one'])).toEqual(['a@x by two, 2']);
  });

  test('has every way counted, through groups that share groups too', () => {
    const groups = {
      top: ['group:left', 'group:right'],
      left: ['group:low'],
      right: ['group:low', 'a@x'],
      low: ['a@x'],
    };
    expect(reached(groups, ['group:top'])).toEqual(['a@x by top > right, 3']);
    expect(reached(groups, ['group:top', 'group:low'])).toEqual(['a@x by low, 4']);
  });

  test('is one for two spellings of the e-mail', () => {
    expect(reached({}, ['a@x', 'A@X'])).toEqual(['a@x by itself, 2']);
  });
});

describe('a cycle of groups', () => {
  test('comes to an end', () => {
    const groups = { a: ['group:b', 'a@x'], b: ['group:a', 'b@x'] };
    expect(reached(groups, ['group:a'])).toEqual(['b@x by a > b, 1', 'a@x by a, 1']);
    expect(reached({ a: ['group:a'] }, ['group:a'])).toEqual([]);
  });
});

test('a group with many references is expanded once, so deep nesting stays fast', () => {
  const depth = 60;
  const groups = Object.fromEntries(
    [...new Array(depth)].map((_, at) => [`g${at}`, at === 0 ? ['a@x'] : [`group:g${at - 1}`, `group:g${at - 1}`]]),
  );
  expect(reached(groups, [`group:g${depth - 1}`])[0]).toMatch(new RegExp(`, ${2 ** (depth - 1)}$`));
});

describe('over random groups', () => {
  const name = fc.constantFrom('a@x', 'b@x', 'c@x', 'token:ci');
  /** Each group contains names, and groups that come later. */
  const nested = fc
    .array(fc.array(fc.oneof(name, fc.integer({ min: 1, max: 4 })), { maxLength: 4 }), { minLength: 2, maxLength: 7 })
    .map((lists) => {
      const groupOf = (at: number, member: string | number) =>
        typeof member === 'string' ? [member] : at + member < lists.length ? [`group:g${at + member}`] : [];
      return Object.fromEntries(
        lists.map((members, at) => [`g${at}`, members.flatMap((member) => groupOf(at, member))]),
      );
    });

  /** Every path to a name, in the order of the text. */
  function pathsTo(
    groups: Groups,
    to: readonly string[],
    above: readonly string[] = [],
  ): readonly [string, string[]][] {
    return to.flatMap((member): readonly [string, string[]][] => {
      const group = member.replace(/^group:/, '');
      if (group === member) return [[member, [...above]]];
      return pathsTo(groups, groups[group] ?? [], [...above, group]) as readonly [string, string[]][];
    });
  }

  test('everybody is reached by the first of the shortest of all paths, which are all counted', () => {
    fc.assert(
      fc.property(
        nested,
        fc.array(fc.oneof(name, fc.constantFrom('group:g0', 'group:g1')), { minLength: 1 }),
        (groups, to) => {
          const paths = pathsTo(groups, to);
          const expected = [...new Set(paths.map(([who]) => who))].map((who) => {
            const all = paths.filter(([one]) => one === who).map(([, path]) => path);
            const [shortest] = [...all].sort((one, other) => one.length - other.length);
            return `${who} by ${shortest?.join(' > ') || 'itself'}, ${all.length}`;
          });
          expect(reached(groups, to)).toEqual(expected);
        },
      ),
      { seed: 20261128, numRuns: 500 },
    );
  });
});
