import { describe, expect, test } from 'vitest';
import { isSameEverywhere } from '../../../src/core/domain/answer/comparison.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { aheadTexts, causeTexts, compared, shiftTexts, silentTexts, statusTexts } from './compared.ts';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';

/** Ann is named in any case, so that what differs is what she is given. */
function annHas(grants: Readonly<Record<string, 'viewer' | 'admin'>>, more: PolicySpec = {}): PolicySpec {
  const named: GrantSpec = { to: ANN, resource: 'domain:always.test', level: 'viewer', line: 79 };
  const given = Object.entries(grants).map(([resource, level]): GrantSpec => ({ to: ANN, resource, level }));
  return { grants: [...given, named], ...more };
}

function annFrom(before: Parameters<typeof annHas>[0], after: Parameters<typeof annHas>[0]) {
  return compared(annHas(before), annHas(after));
}

describe('who gains and loses what, by the texts alone', () => {
  test('a gain and a loss, with the grants that give and gave', () => {
    const comparison = annFrom({ 'project:A': 'admin' }, { 'project:A': 'viewer', 'project:B': 'admin' });
    expect(shiftTexts(comparison)).toEqual([
      'new-admin ann@example.com project:B none → admin',
      'taken ann@example.com project:A admin → viewer',
    ]);
    const [gain, loss] = comparison.shifts;
    expect([causeTexts(gain?.was ?? []), causeTexts(gain?.now ?? [])]).toEqual([[], ['grant new.yaml:52 admin']]);
    expect(causeTexts(loss?.was ?? [])).toEqual(['grant old.yaml:51 admin']);
    expect(causeTexts(loss?.now ?? [])).toEqual(['grant new.yaml:51 viewer']);
  });

  test.each([
    [{}, { account: 'admin' }, 'new-account-admin ann@example.com account none → admin'],
    [{ account: 'viewer' }, { account: 'admin' }, 'new-account-admin ann@example.com account viewer → admin'],
    [{}, { account: 'viewer' }, 'account-wide ann@example.com account none → viewer'],
    [{}, { 'inbox:A/B': 'admin' }, 'new-admin ann@example.com inbox:A/B none → admin'],
    [{ account: 'admin' }, { account: 'viewer' }, 'no-longer-account-admin ann@example.com account admin → viewer'],
    [{ account: 'viewer' }, {}, 'taken ann@example.com account viewer → none'],
    [{}, { 'inbox:A/B': 'viewer' }, 'given ann@example.com inbox:A/B none → viewer'],
  ] as const)('%j → %j', (before, after, expected) => {
    expect(shiftTexts(annFrom(before, after))).toEqual([expected]);
  });

  test('the largest risks come first, then names and words in their order', () => {
    const old: PolicySpec = { grants: [...grants(ANN, 'project:Z'), ...grants(BOB, 'project:Y')] };
    const next: PolicySpec = {
      grants: [
        { to: [BOB, ANN], resource: 'account', level: 'admin' },
        { to: BOB, resource: ['project:B', 'project:A'], level: 'viewer' },
        { to: ANN, resource: 'billing', level: 'viewer' },
      ],
    };
    expect(shiftTexts(compared(old, next))).toEqual([
      'new-account-admin ann@example.com account none → admin +1',
      'new-account-admin bob@example.com account none → admin +3',
      'given ann@example.com billing none → viewer, perhaps admin by account',
    ]);
  });

  test('words that are given by a grant above them are told as other words, and what they lose as it is', () => {
    const kept = annFrom({ 'project:A': 'admin', 'inbox:A/B': 'viewer' }, { 'project:A': 'admin' });
    expect([shiftTexts(kept), silentTexts(kept)]).toEqual([
      [],
      ['other-words ann@example.com inbox:A/B viewer → none'],
    ]);
    const lost = annFrom({ 'project:A': 'admin', 'inbox:A/B': 'viewer' }, { 'project:A': 'viewer' });
    expect(shiftTexts(lost)).toEqual(['taken ann@example.com project:A admin → viewer +1']);
    const narrower = annFrom({ 'project:A': 'admin' }, { 'inbox:A/B': 'viewer' });
    expect(shiftTexts(narrower)).toEqual([
      'taken ann@example.com inbox:A/B admin → viewer',
      'taken ann@example.com project:A admin → none',
    ]);
  });

  test('what only an account can tell is said, with the words that may give it', () => {
    expect(shiftTexts(annFrom({ 'project:A': 'viewer' }, { 'project:#1': 'viewer' }))).toEqual([
      'taken ann@example.com project:A viewer → none, perhaps viewer by project:#1',
      'given ann@example.com project:#1 none, perhaps viewer by project:A → viewer',
    ]);
    expect(shiftTexts(annFrom({ 'project:A*': 'viewer' }, { 'project:*B': 'admin' }))).toEqual([
      'new-admin ann@example.com project:*B none, perhaps viewer by project:A* → admin',
      'taken ann@example.com project:A* viewer → none, perhaps admin by project:*B',
    ]);
  });

  test('a wider pattern covers a narrower one, and an account nothing but what is documented', () => {
    expect(shiftTexts(annFrom({ 'project:Mobile *': 'viewer' }, { 'project:*': 'viewer' }))).toEqual([
      'given ann@example.com project:* none, perhaps viewer by project:Mobile * → viewer',
    ]);
    expect(shiftTexts(annFrom({ billing: 'viewer' }, { account: 'viewer' }))).toEqual([
      'account-wide ann@example.com account none → viewer',
      'taken ann@example.com billing viewer → none, perhaps viewer by account',
    ]);
  });

  test('what a grant leaves out is not given by it, and may be by a part', () => {
    const all: GrantSpec = { to: ANN, resource: 'project:*', except: ['project:Legacy', 'project:Legacy'] };
    const legacy: GrantSpec = { to: ANN, resource: 'project:Legacy' };
    const inbox: GrantSpec = { to: ANN, resource: 'inbox:Legacy/A' };
    expect(shiftTexts(compared({ grants: [all, legacy, inbox] }, { grants: [all] }))).toEqual([
      'taken ann@example.com project:Legacy viewer → none +1',
    ]);
    const some: GrantSpec = { to: ANN, resource: 'project:*', except: ['project:L*y'] };
    expect(silentTexts(compared({ grants: [some] }, { grants: [all] }))).toEqual([
      'other-words ann@example.com project:* except project:L*y viewer → none',
    ]);
    expect(shiftTexts(compared({ grants: [some] }, { grants: [all] }))).toEqual([
      'given ann@example.com project:* except project:Legacy none, perhaps viewer by project:* → viewer',
    ]);
    const without: GrantSpec = { to: ANN, resource: 'project:Mob*', except: ['project:Legacy'] };
    expect(silentTexts(compared({ grants: [all, without] }, { grants: [all] }))).toEqual([
      'other-words ann@example.com project:Mob* except project:Legacy viewer → none',
    ]);
  });

  test('where a policy does not speak about all, its patterns may skip what a name says', () => {
    const before = annHas({ 'project:*': 'viewer', 'project:A': 'viewer' }, { ignore: ['project:Old'] });
    const after = annHas({ 'project:*': 'viewer' }, { ignore: ['project:Old'] });
    expect(shiftTexts(compared(before, after))).toEqual([
      'taken ann@example.com project:A viewer → none, perhaps viewer by project:*',
    ]);
  });

  test('nothing is taken where the new policy takes nothing', () => {
    const [before, after] = [annHas({ 'project:A': 'admin' }), annHas({})];
    const silentWith = (more: PolicySpec) => {
      const comparison = compared({ ...before, ...more }, { ...after, ...more });
      expect(shiftTexts(comparison)).toEqual([]);
      return silentTexts(comparison);
    };
    expect(silentWith({ mode: 'additive' })).toEqual(['additive ann@example.com project:A admin → none']);
    expect(silentWith({ protected: [ANN] })).toEqual(['protected ann@example.com project:A admin → none']);
    expect(silentWith({ ignore: ['ann@*'] })).toEqual(['ignored ann@example.com project:A admin → none']);
    expect(silentWith({ ignore: ['project:A'] })).toEqual(['ignored ann@example.com project:A admin → none']);
    expect(silentWith({ observe: ['ann@*'] })).toEqual(['observed ann@example.com project:A admin → none']);
    expect(silentWith({ observe: ['project:A'], manage: ['domain:*'] })).toEqual([
      'observed ann@example.com project:A admin → none',
    ]);
    expect(silentWith({ manage: ['domain:*'] })).toEqual(['outside-manage ann@example.com project:A admin → none']);
    expect(
      shiftTexts(compared(annHas({}, { mode: 'additive' }), annHas({ 'project:A': 'admin' }, { mode: 'additive' }))),
    ).toHaveLength(1);
  });

  test('the same in other words is no difference: spelling, groups, roles, order, and grants that meet', () => {
    const old: PolicySpec = {
      groups: { qa: [ANN, BOB] },
      roles: {
        tester: [
          ['project:A**', 'viewer'],
          ['domain:Example.com', 'admin'],
        ],
      },
      grants: [{ to: 'group:qa', role: 'tester', until: '2026-12-31' }],
    };
    const next: PolicySpec = {
      grants: [
        { to: BOB, resource: 'domain:example.COM', level: 'admin', until: '2027-01-01T00:00:00Z' },
        { to: [ANN, BOB], resource: 'project:A*', until: '2026-12-01' },
        { to: [BOB, ANN], resource: 'project:A*', from: '2026-12-02', until: '2026-12-31' },
        { to: ANN, resource: 'domain:example.com', level: 'admin', until: '2026-12-31' },
        { to: ANN, resource: 'domain:example.com', level: 'viewer', until: '2026-12-31' },
      ],
    };
    expect(isSameEverywhere(compared(old, next))).toBe(true);
  });
});

describe('how somebody stands', () => {
  const bob: PolicySpec = { grants: [...grants(BOB, 'project:A'), { to: BOB, resource: 'account', level: 'admin' }] };

  test('whoever is no longer named keeps what they hold, and is told with what they were given', () => {
    const comparison = compared(bob, {});
    expect(shiftTexts(comparison)).toEqual([]);
    expect(statusTexts(comparison)).toEqual([
      'bob@example.com named → not-in-policy: keeps (admin account, viewer project:A)',
    ]);
  });

  test('unless the new policy takes from unlisted principals, and does not protect them; it never takes from a token', () => {
    const comparison = compared(bob, { unlisted: 'revoke' });
    expect(shiftTexts(comparison)).toEqual(['no-longer-account-admin bob@example.com account admin → none +1']);
    expect(statusTexts(comparison)).toEqual([
      'bob@example.com named → not-in-policy: loses (admin account, viewer project:A)',
    ]);
    expect(statusTexts(compared(bob, { unlisted: 'revoke', protected: [BOB] }))).toEqual([
      'bob@example.com named → not-in-policy: keeps (admin account, viewer project:A)',
    ]);
    expect(statusTexts(compared(bob, { unlisted: ['*@example.org', 'b*@example.com'] }))).toEqual([
      'bob@example.com named → not-in-policy: loses (admin account, viewer project:A)',
    ]);
    expect(statusTexts(compared(bob, { unlisted: ['*@example.org'] }))).toEqual([
      'bob@example.com named → not-in-policy: keeps (admin account, viewer project:A)',
    ]);
    const token: PolicySpec = { grants: grants('token:ci', 'project:A') };
    expect(statusTexts(compared(token, { unlisted: 'revoke' }))).toEqual([
      'token:ci named → not-in-policy: keeps (viewer project:A)',
    ]);
  });

  test('whoever is newly named is made equal to the policy, or added to', () => {
    expect(statusTexts(compared({}, bob))).toEqual(['bob@example.com not-in-policy → named: made-equal ()']);
    expect(statusTexts(compared({}, { ...bob, mode: 'additive' }))).toEqual([
      'bob@example.com not-in-policy → named: added-to ()',
    ]);
    expect(statusTexts(compared({}, { ends: { [BOB]: '2026-11-01' } }))).toEqual([
      'bob@example.com not-in-policy → named: made-equal ()',
    ]);
    expect(statusTexts(compared({ ...bob, ignore: ['bob@*'] }, bob))).toEqual([
      'bob@example.com ignored → named: made-equal ()',
    ]);
  });

  test('who is observed gets and loses nothing, whether they are named or not', () => {
    const observe = ['bob@*'];
    const named = compared({}, { ...bob, observe });
    expect(statusTexts(named)).toEqual(['bob@example.com not-in-policy → named: observed ()']);
    expect(shiftTexts(named)).toEqual([]);
    expect(silentTexts(named).every((text) => text.startsWith('observed '))).toBe(true);
    const gave = '(admin account, viewer project:A)';
    const gone = compared(bob, { unlisted: 'revoke', observe });
    expect(statusTexts(gone)).toEqual([`bob@example.com named → not-in-policy: observed ${gave}`]);
    expect(statusTexts(compared(bob, { unlisted: 'keep', observe }))).toEqual([
      `bob@example.com named → not-in-policy: keeps ${gave}`,
    ]);
    expect(statusTexts(compared(bob, { unlisted: 'revoke', observe, ignore: observe }))).toEqual([
      `bob@example.com named → ignored: keeps ${gave}`,
    ]);
  });

  test('whose grants begin later is left alone until then', () => {
    const later: PolicySpec = { grants: [{ to: BOB, resource: 'project:A', from: '2027-01-01' }] };
    const comparison = compared(bob, later);
    expect(statusTexts(comparison)).toEqual([
      'bob@example.com named → upcoming: keeps (admin account, viewer project:A)',
    ]);
    expect(aheadTexts(comparison)).toEqual([
      'null bob@example.com project:A viewer → viewer from 2027-01-01T00:00:00Z',
    ]);
  });

  test('whose grants begin later is unlisted until then, but for what one gives within 30 days', () => {
    const later = (from: string, more: PolicySpec = {}): PolicySpec => ({
      unlisted: 'revoke',
      grants: [{ to: BOB, resource: 'project:A', from }],
      ...more,
    });
    const far = compared(bob, later('2027-01-01'));
    expect(statusTexts(far)).toEqual(['bob@example.com named → upcoming: loses (admin account, viewer project:A)']);
    expect(shiftTexts(far)).toEqual(['no-longer-account-admin bob@example.com account admin → none +1']);
    expect(statusTexts(compared(bob, later('2027-01-01', { mode: 'additive' })))).toEqual([
      'bob@example.com named → upcoming: keeps (admin account, viewer project:A)',
    ]);
    const viewer: PolicySpec = { grants: [{ to: BOB, resource: 'project:A' }] };
    const soon = compared(viewer, later('2026-12-01'));
    expect(shiftTexts(soon)).toEqual([]);
    expect(silentTexts(soon)).toEqual(['shielded bob@example.com project:A viewer → none']);
  });

  test('a grant that would end before it begins names nobody', () => {
    const never: PolicySpec = { grants: [{ to: BOB, resource: 'project:A', from: '2027-01-01', until: '2026-01-01' }] };
    expect(isSameEverywhere(compared({}, never))).toBe(true);
  });
});

describe('what lies ahead', () => {
  const until = (date?: string, from?: string): PolicySpec => ({
    grants: [
      { to: ANN, resource: 'project:A', level: 'admin', ...(date ? { until: date } : {}), ...(from ? { from } : {}) },
    ],
  });

  test('an end that moves, comes or goes is told, though nothing changes now', () => {
    const moved = compared(until('2026-12-31'), until('2027-06-30'));
    expect([moved.shifts, moved.silent]).toEqual([[], []]);
    expect(aheadTexts(moved)).toEqual([
      'null ann@example.com project:A admin until 2027-01-01T00:00:00Z → admin until 2027-07-01T00:00:00Z',
    ]);
    expect(aheadTexts(compared(until('2026-12-31'), until()))).toEqual([
      'null ann@example.com project:A admin until 2027-01-01T00:00:00Z → admin',
    ]);
  });

  test('a grant that begins later risks what it gives then', () => {
    const later: PolicySpec = {
      grants: [...(annHas({}).grants ?? []), { to: ANN, resource: 'account', level: 'admin', from: '2027-01-01' }],
    };
    expect(aheadTexts(compared(annHas({}), later))).toEqual([
      'new-account-admin ann@example.com account none → admin from 2027-01-01T00:00:00Z',
    ]);
  });

  test('what begins now is told with its end, and once more only where there is more to come', () => {
    expect(aheadTexts(compared({}, until('2026-12-31')))).toEqual([]);
    expect(aheadTexts(compared(until('2026-12-31'), annHas({})))).toEqual([]);
    const twice: PolicySpec = {
      grants: [...(until('2026-12-31').grants ?? []), { to: ANN, resource: 'project:A', from: '2027-02-01' }],
    };
    expect(aheadTexts(compared({}, twice))).toEqual([
      'new-admin ann@example.com project:A none → admin until 2027-01-01T00:00:00Z viewer from 2027-02-01T00:00:00Z',
    ]);
    expect(aheadTexts(compared(twice, annHas({})))).toEqual([
      'taken ann@example.com project:A admin until 2027-01-01T00:00:00Z viewer from 2027-02-01T00:00:00Z → none',
    ]);
  });

  test('at another date it is now, and what has ended is a reason', () => {
    const at = Date.parse('2027-03-01T00:00:00Z');
    const comparison = compared(until(), until('2026-12-31'), { at });
    expect(shiftTexts(comparison)).toEqual(['taken ann@example.com project:A admin → none']);
    expect(causeTexts(comparison.shifts[0]?.now ?? [])).toEqual(['ended new.yaml:51 admin']);
  });
});

function grants(to: string, resource: string): readonly GrantSpec[] {
  return [{ to, resource, level: 'viewer' }];
}
