import { describe, expect, test } from 'vitest';
import { emailHash, type RememberedAccess } from '../../../src/core/domain/account/remembered-access.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { type AccessSpec, type AccountSpec, listed, OWN_TOKEN } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, NOW, smallWorld } from '../../support/small-world.ts';

const [KIM, NEW, LEE, ANN] = ['kim@x', 'kim.new@x', 'lee@x', 'ann@x'] as const;

/** That this access had this e-mail at an earlier run; null for a token. */
const had = (access: number, email: string | null): RememberedAccess => ({
  access,
  emailHash: email === null ? null : emailHash(email),
  rowsHash: '',
  wasAccountAdmin: false,
});

function planOf(policy: PolicySpec, accesses: readonly AccessSpec[], ...remembered: readonly RememberedAccess[]): Plan {
  return planIn({ accesses }, policy, ...remembered);
}

function planIn(account: AccountSpec, policy: PolicySpec, ...remembered: readonly RememberedAccess[]): Plan {
  return smallWorld({ unlisted: 'revoke', ...policy }, account, NOW, {
    remembered: new Map(remembered.map((one) => [one.access, one])),
  }).plan;
}

const waits = ({ deferred }: Plan) =>
  deferred.map(({ change, reason, waitsFor }) => `${changeOf(change)}: ${reason} ${waitsFor}`);
const loses = ({ changes, held }: Plan) =>
  [...changes, ...held.flatMap((part) => part.changes)].filter(({ before, after }) => after < before).map(changeOf);
const told = ({ notices }: Plan, code: string) => notices.filter((notice) => notice.code === code);

const admin = (access: number, user: string): AccessSpec => ({ access, user, rows: { account: 'admin' } });
const viewer = (access: number, user: string): AccessSpec => ({ access, user, rows: { 'project:#4001': 'viewer' } });

/** Kim is protected and no grant names them; Lee is account admin by a grant, Ann has less than she holds. */
const PROTECTS: PolicySpec = {
  protected: [KIM],
  grants: [
    { to: LEE, resource: 'account', level: 'admin' },
    { to: ANN, resource: 'project:Checkout' },
  ],
};

/** No grant names them, and nobody else holds what they do. */
const MAX: AccessSpec = { access: 7, user: 'max@x', rows: { 'project:#4002': 'admin' } };

describe('a protected person under another e-mail (case G3)', () => {
  test('is protected in their place where the access is remembered, and nobody else waits', () => {
    const plan = planOf(PROTECTS, [admin(91, NEW), admin(92, LEE), MAX], had(91, KIM), had(92, LEE));
    expect(waits(plan)).toEqual([`${NEW} remove account:#3229 100>0: protected-renamed ${KIM} in \`protected\``]);
    expect(loses(plan)).toEqual(['max@x remove project:#4002 100>0']);
    expect(told(plan, 'protected-renamed')).toEqual([
      {
        code: 'protected-renamed',
        message: `${NEW} (access 91) had the protected e-mail ${KIM} at an earlier run, so grantd takes nothing from this access`,
        remedy: `if it is the same person, write ${NEW} in place of ${KIM} under \`protected\`; delete ${KIM} there only if it is somebody else: grantd then takes at once what the policy does not give them`,
        at: { file: 'policy.yaml', line: 6, column: 3, length: 1 },
        access: 91,
      },
    ]);
    expect(told(plan, 'protected-unmatched')).toHaveLength(1);
    expect(plan.verdict).toBe('allowed');
  });

  test('may gain, as every protected person may', () => {
    const grants = [{ to: NEW, resource: 'project:Mobile', level: 'admin' }] as const;
    const plan = planOf({ protected: [KIM], grants }, [viewer(91, NEW)], had(91, KIM));
    expect(plan.changes.map(changeOf)).toEqual([`${NEW} create project:#4002 0>100`]);
    expect(waits(plan)).toEqual([`${NEW} remove project:#4001 10>0: protected-renamed ${KIM} in \`protected\``]);
  });

  test('keeps everything under an e-mail that a grant names, or that swapped its owner', () => {
    const plan = planOf(PROTECTS, [admin(91, ANN), admin(92, LEE), viewer(8, KIM)], had(91, KIM), had(8, ANN));
    expect(waits(plan)).toEqual([`${ANN} remove account:#3229 100>0: protected-renamed ${KIM} in \`protected\``]);
    expect(told(plan, 'protected-unmatched')).toEqual([]);
  });

  test('of whom nothing is left leaves no doubt', () => {
    const plan = planOf(PROTECTS, [admin(92, LEE), MAX], had(91, KIM));
    expect([waits(plan), loses(plan)]).toEqual([[], ['max@x remove project:#4002 100>0']]);
    expect(told(plan, 'protected-unmatched')).toHaveLength(1);
  });

  test('is nobody new where the spelling alone changed, or where memory is of a token', () => {
    const policy = { ...PROTECTS, tokens: { ci: { access: 500, token: 55 } } };
    const accesses = [admin(91, 'KIM@x'), { access: 500, token: { id: 55, name: 'ci' } }];
    const plan = planOf(policy, accesses, had(91, KIM), had(500, KIM), had(9, null));
    expect([waits(plan), told(plan, 'protected-renamed')]).toEqual([[], []]);
  });
});

describe('a protected e-mail of which no memory says who had it (case G2)', () => {
  test('lets the losses of people whom no grant names wait, and those of account admin', () => {
    const policy: PolicySpec = { protected: [KIM], grants: [{ to: [ANN, LEE], resource: 'project:Checkout' }] };
    const ann: AccessSpec = { access: 8, user: ANN, rows: { 'project:#4001': 'admin' } };
    const lee: AccessSpec = { access: 92, user: LEE, rows: { account: 'admin', 'project:#4001': 'viewer' } };
    const plan = planOf(policy, [lee, MAX, ann], had(92, LEE), had(7, 'max@x'));
    expect(waits(plan)).toEqual([
      `${LEE} remove account:#3229 100>0: protected-unmatched ${KIM} in \`protected\``,
      `max@x remove project:#4002 100>0: protected-unmatched ${KIM} in \`protected\``,
    ]);
    expect(loses(plan)).toEqual([`${ANN} lower project:#4001 100>10`]);
  });

  test('lets account admin wait for people, named or not, and not for tokens', () => {
    const policy: PolicySpec = {
      protected: [KIM],
      tokens: { ci: { access: 500, token: 55 } },
      grants: [{ to: [LEE, 'token:ci'], resource: 'project:Checkout' }],
    };
    const rows = { account: 'admin', 'project:#4001': 'viewer' } as const;
    const account: AccountSpec = {
      accesses: [
        { access: 92, user: LEE, rows },
        { access: 500, token: { id: 55, name: 'ci' }, rows },
      ],
      apiTokens: [OWN_TOKEN, { id: 55, name: 'ci', rows }],
    };
    const plan = planIn(account, policy);
    expect(waits(plan)).toEqual([`${LEE} remove account:#3229 100>0: protected-unmatched ${KIM} in \`protected\``]);
    expect(loses(plan)).toEqual(['token:ci remove account:#3229 100>0']);
  });

  test('is no doubt for a protected token', () => {
    const plan = planOf({ protected: ['token:ci'], grants: [] }, [MAX]);
    expect(waits(plan)).toEqual([]);
  });
});

const NAMES: PolicySpec = { grants: [{ to: [KIM, LEE], resource: 'project:Checkout' }] };
const LEE_THERE = viewer(92, LEE);

describe('a person under another e-mail (case G5)', () => {
  test('is known by the access, whatever they hold', () => {
    const person: AccessSpec = { access: 91, invite: NEW, rows: { 'project:#4002': 'admin' } };
    const plan = planOf(NAMES, [person, LEE_THERE, viewer(7, 'max@x')], had(91, KIM), had(92, LEE), had(7, 'max@x'));
    expect(waits(plan)).toEqual([`${NEW} (invited) remove project:#4002 100>0: maybe-renamed ${KIM}`]);
    expect(loses(plan)).toEqual(['max@x remove project:#4001 10>0']);
    expect(told(plan, 'maybe-renamed').map(({ message, at }) => [message, at?.line])).toEqual([
      [
        `${NEW} (access 91) had the e-mail ${KIM} at an earlier run, which a grant names and nobody has now, so grantd takes nothing from this access`,
        51,
      ],
    ]);
  });

  test('may be the one who holds what the absent one is entitled to', () => {
    const plan = planOf(NAMES, [viewer(91, NEW), LEE_THERE, admin(7, 'max@x')]);
    expect(waits(plan)).toEqual([`${NEW} remove project:#4001 10>0: maybe-renamed ${KIM}`]);
    expect(loses(plan)).toEqual(['max@x remove account:#3229 100>0']);
  });

  test.each<[held: string, entitled: PolicySpec['grants'], rows: AccessSpec['rows'], policy?: PolicySpec]>([
    [
      'rows that a row above covers',
      [{ to: KIM, resource: ['project:Checkout', 'inbox:Checkout/QA'] }],
      { 'project:#4001': 'viewer' },
    ],
    ['a viewer+ for viewer', [{ to: KIM, resource: 'project:Checkout' }], { 'project:#4001': 'viewer+' }],
    [
      'rows elsewhere',
      [{ to: KIM, resource: 'project:Checkout' }],
      { 'project:#4001': 'viewer', 'project:#4002': 'admin' },
      { manage: ['project:Checkout'] },
    ],
    [
      'a row that gives nothing',
      [{ to: KIM, resource: 'project:Checkout' }],
      { 'project:#4001': 'viewer', 'project:#4002': 1 },
    ],
    [
      'the higher of two levels',
      [
        { to: KIM, resource: 'project:*' },
        { to: KIM, resource: 'project:Mobile', level: 'admin' },
      ],
      { 'project:#4001': 'viewer', 'project:#4002': 'admin' },
    ],
  ])('the same with %s', (_, grants = [], rows = {}, policy = {}) => {
    const plan = planOf({ grants, ...policy }, [{ access: 91, user: NEW, rows }]);
    expect(plan.deferred.map(({ reason }) => reason)).toContain('maybe-renamed');
    expect(loses(plan)).toEqual([]);
  });

  test.each<
    [why: string, policy: PolicySpec, accesses: readonly AccessSpec[], remembered: readonly RememberedAccess[]]
  >([
    ['two unlisted people hold it', NAMES, [viewer(91, NEW), viewer(7, 'max@x'), LEE_THERE], []],
    ['two absent people are entitled to it', NAMES, [viewer(91, NEW)], []],
    [
      'they hold more',
      NAMES,
      [{ ...viewer(91, NEW), rows: { 'project:#4001': 'viewer', 'project:#4002': 'viewer' } }, LEE_THERE],
      [],
    ],
    ['the absent one is entitled to nothing', { grants: [{ to: KIM, resource: 'project:#9' }] }, [viewer(91, NEW)], []],
    ['`ends` has come', { ...NAMES, ends: { [KIM]: '2026-01-01' } }, [viewer(91, NEW), LEE_THERE], [had(91, KIM)]],
    [
      'the grant has ended',
      { grants: [{ to: KIM, resource: 'project:Checkout', until: '2026-01-01' }] },
      [viewer(91, NEW)],
      [had(91, KIM)],
    ],
    [
      'the absent name is a token',
      { tokens: { ci: { access: 9, token: 1 } }, grants: [{ to: 'token:ci', resource: 'project:Checkout' }] },
      [viewer(91, NEW)],
      [],
    ],
    ['memory saw both at once', NAMES, [viewer(91, NEW), LEE_THERE], [had(91, NEW), had(5, KIM)]],
  ])('is another one where %s', (_, policy, accesses, remembered) => {
    const plan = planOf(policy, accesses, ...remembered);
    expect(waits(plan).filter((text) => text.includes('maybe-renamed'))).toEqual([]);
    expect(loses(plan)).toContain(`${NEW} remove project:#4001 10>0`);
  });

  test('is not cleared by a memory that only knows the new e-mail', () => {
    const plan = planOf(NAMES, [viewer(91, NEW), LEE_THERE], had(91, NEW));
    expect(loses(plan)).toEqual([]);
  });

  test('has a user and an invite: both wait', () => {
    const invite: AccessSpec = { access: 93, invite: NEW, rows: { 'project:#4001': 'viewer' } };
    expect(loses(planOf(NAMES, [viewer(91, NEW), invite, LEE_THERE]))).toEqual([]);
  });

  test('is told apart from somebody alike, once one of them is known', () => {
    const plan = planOf(NAMES, [viewer(91, NEW), viewer(93, 'lee.new@x')], had(91, KIM));
    expect(waits(plan).map((text) => text.split(': ')[1])).toEqual([`maybe-renamed ${KIM}`, `maybe-renamed ${LEE}`]);
  });

  test('loses nothing where the policy leaves the unlisted alone, so nothing is said', () => {
    const plan = planOf({ ...NAMES, unlisted: 'keep' }, [viewer(91, NEW), LEE_THERE], had(91, KIM));
    expect([waits(plan), told(plan, 'maybe-renamed')]).toEqual([[], []]);
  });

  test('has a notice that lists the places of the old e-mail, five at most', () => {
    const grants = Array.from({ length: 4 }, () => ({ to: [KIM], resource: 'project:Checkout' }));
    const policy: PolicySpec = { protected: [LEE], groups: { qa: [KIM, LEE] }, ends: { [KIM]: '2027-01-01' }, grants };
    const remedyOf = (spec: PolicySpec) =>
      told(planOf(spec, [viewer(91, NEW), LEE_THERE], had(91, KIM)), 'maybe-renamed')[0]?.remedy;
    expect(remedyOf(policy)).toBe(
      `if it is the same person, write ${NEW} in place of ${KIM} at policy.yaml:11:3, policy.yaml:21:3, policy.yaml:51:3, policy.yaml:52:3, policy.yaml:53:3 and 1 more; if it is another person, let \`ends\` end ${KIM} on a past day, or delete those entries`,
    );
    expect(remedyOf(NAMES)).toContain('at policy.yaml:51:3; if it is another person');
    expect(remedyOf(NAMES)).toMatch(/, or delete that entry$/);
  });
});

test('nothing waits in an account of tokens and owners alone', () => {
  const tree = [listed('account', 3229, 'Account')];
  const plan = planIn(
    { tree, accesses: [{ access: 1, user: 'root@x', rows: { account: 'owner' } }] },
    { protected: ['root@x'] },
  );
  expect([plan.verdict, plan.notices]).toEqual(['complete', []]);
});
