import { describe, expect, test } from 'vitest';
import { listed } from '../../support/account-builder.ts';
import { ANN, type AnnSpec, annAlone, changeText, deferredText } from '../../support/small-world.ts';

const PROJECT = 'project:#4001';
const INBOX = 'inbox:#5001';

function lines(spec: AnnSpec): { readonly changes: readonly string[]; readonly deferred: readonly string[] } {
  const { changes, deferred } = annAlone(spec);
  return { changes: changes.map(changeText), deferred: deferred.map(deferredText) };
}

const EVERYTHING = {
  account: 'viewer',
  [PROJECT]: 'viewer',
  [INBOX]: 'viewer',
  'inbox:#5003': 'viewer',
  'domain:#7001': 'viewer',
  'billing:#3229': 'viewer',
} as const;

/** The resources on which nothing is taken. */
function kept(spec: AnnSpec): readonly string[] {
  const { deferred } = annAlone(spec);
  expect(new Set(deferred.map(({ reason }) => reason))).toEqual(new Set(['unresolved-name']));
  return deferred.map(({ change }) => change.resource.label).sort();
}

describe('an unresolved name in a grant that runs', () => {
  test('keeps what its holders have on that type, above and below it', () => {
    expect(kept({ entitled: { 'project:Gone': 'viewer' }, held: EVERYTHING })).toEqual([
      'account',
      'inbox:Checkout/Staging',
      'inbox:Mobile/Builds',
      'project:Checkout',
    ]);
  });

  test('keeps domains and the account above, where a domain is unresolved', () => {
    expect(kept({ entitled: { 'domain:gone.example': 'viewer' }, held: EVERYTHING })).toEqual([
      'account',
      'domain:example.com',
    ]);
  });

  test('keeps inboxes, the project that it names and the account, where an inbox is unresolved', () => {
    const held = { ...EVERYTHING, 'project:#4002': 'viewer' } as const;
    expect(kept({ entitled: { 'inbox:Checkout/Gone': 'viewer' }, held })).toEqual([
      'account',
      'inbox:Checkout/Staging',
      'inbox:Mobile/Builds',
      'project:Checkout',
    ]);
  });

  test('keeps every project where the project of an inbox is unresolved too', () => {
    const held = { [PROJECT]: 'viewer', 'project:#4002': 'viewer' } as const;
    expect(kept({ entitled: { 'inbox:Gone/Gone': 'viewer' }, held })).toEqual(['project:Checkout', 'project:Mobile']);
  });

  test('keeps nothing on other types', () => {
    expect(lines({ entitled: { 'project:Gone': 'viewer' }, held: EVERYTHING }).changes).toEqual([
      'remove billing:#3229 10>0',
      'remove domain:#7001 10>0',
    ]);
  });

  test('waits for the name as written, and for each where there are several in one grant', () => {
    const grants = [{ to: ANN, resource: ['project:Gone', 'project:Away', 'domain:example.com'] }];
    expect(lines({ held: { [PROJECT]: 'viewer' }, policy: { grants } }).deferred).toEqual([
      'remove project:#4001 10>0: unresolved-name project:Gone, project:Away',
    ]);
  });

  test('raises nobody less', () => {
    const entitled = { 'project:Gone': 'viewer', [PROJECT]: 'admin' } as const;
    expect(lines({ entitled, held: { [PROJECT]: 'viewer' } }).changes).toEqual(['raise project:#4001 10>100']);
  });

  test('keeps nothing for whom the grant does not reach', () => {
    const grants = [{ to: 'bob@example.com', resource: 'project:Gone' }];
    expect(lines({ held: { [PROJECT]: 'viewer' }, policy: { grants } }).changes).toEqual(['remove project:#4001 10>0']);
  });

  test.each([
    ['it has ended', { until: '2026-11-01' }, {}],
    ['it lies ahead', { from: '2026-12-01' }, {}],
    ['an `ends` takes it', {}, { ends: { [ANN]: '2026-11-01' } }],
  ])('keeps nothing where %s', (_, dates, policy) => {
    const grants = [{ to: ANN, resource: 'project:Gone', ...dates }];
    expect(lines({ held: { [PROJECT]: 'viewer' }, policy: { ...policy, grants } }).changes).toEqual([
      'remove project:#4001 10>0',
    ]);
  });

  test('is a name that fits several, too', () => {
    const tree = [listed('account', 3229, 'Account', [listed('project', 1, 'Twin'), listed('project', 2, 'Twin')])];
    const plan = lines({ entitled: { 'project:Twin': 'viewer' }, held: { 'project:#1': 'admin' }, account: { tree } });
    expect(plan).toEqual({ changes: [], deferred: ['remove project:#1 100>0: unresolved-name project:Twin'] });
  });

  test.each(['project:#4009', 'project:Gone*', 'inbox:Gone/*', 'domain:#1'])(
    'is never an id or a pattern that fits nothing: %s',
    (resource) => {
      expect(lines({ entitled: { [resource]: 'viewer' }, held: { [PROJECT]: 'viewer' } })).toEqual({
        changes: ['remove project:#4001 10>0'],
        deferred: [],
      });
    },
  );
});

describe('an unresolved name in `except`', () => {
  const grants = [{ to: ANN, resource: 'project:*', level: 'admin' as const, except: ['project:Gone'] }];

  test('stops every write to those whom the entry reaches', () => {
    const held = { [PROJECT]: 'viewer', 'domain:#7001': 'viewer' } as const;
    expect(lines({ held, policy: { grants } })).toEqual({
      changes: [],
      deferred: [
        'raise project:#4001 10>100: unresolved-except project:Gone',
        'create project:#4002 0>100: unresolved-except project:Gone',
        'remove domain:#7001 10>0: unresolved-except project:Gone',
      ],
    });
  });

  test('stops nothing where its grant does not run', () => {
    const ended = grants.map((grant) => ({ ...grant, until: '2026-11-01' }));
    expect(lines({ held: { [PROJECT]: 'viewer' }, policy: { grants: ended } }).changes).toEqual([
      'remove project:#4001 10>0',
    ]);
  });

  test.each(['project:#4009', 'project:Gone*'])('is never an id or a pattern that fits nothing: %s', (out) => {
    const harmless = grants.map((grant) => ({ ...grant, except: [out] }));
    expect(lines({ policy: { grants: harmless } }).deferred).toEqual([]);
  });
});

describe('an unresolved name in `ignore` or `manage`', () => {
  const entitled = { [PROJECT]: 'admin', 'domain:#7001': 'viewer' } as const;
  const held = { [INBOX]: 'viewer', 'inbox:#5003': 'admin' } as const;

  test('stops every write on that type and below', () => {
    expect(lines({ entitled, held, policy: { ignore: ['project:Gone'] } })).toEqual({
      changes: ['create domain:#7001 0>10'],
      deferred: [
        'create project:#4001 0>100: unresolved-scope project:Gone in `ignore` (policy.yaml:8:3)',
        'remove inbox:#5003 100>0: unresolved-scope project:Gone in `ignore` (policy.yaml:8:3)',
      ],
    });
  });

  test('stops what `manage` names beside it', () => {
    expect(lines({ entitled, policy: { manage: ['project:Checkout', 'project:Gone', 'domain:*'] } })).toEqual({
      changes: ['create domain:#7001 0>10'],
      deferred: ['create project:#4001 0>100: unresolved-scope project:Gone in `manage` (policy.yaml:7:3)'],
    });
  });

  test.each(['project:#4009', 'project:Gone*'])('is never an id or a pattern that fits nothing: %s', (text) => {
    expect(lines({ entitled, policy: { ignore: [text] } }).deferred).toEqual([]);
  });
});

describe('an unresolved name in `never`', () => {
  const rule = (who: string) => [{ who, resource: 'project:Gone', level: 'admin' as const }];
  const entitled = { [PROJECT]: 'viewer' } as const;

  test('raises nobody whom the rule names', () => {
    expect(lines({ entitled, policy: { never: rule('*@example.com') } }).deferred).toEqual([
      'create project:#4001 0>10: unresolved-never policy.yaml:81:3',
    ]);
  });

  test('takes what is to be taken all the same', () => {
    expect(lines({ held: { [PROJECT]: 'viewer' }, policy: { never: rule(ANN) } }).changes).toEqual([
      'remove project:#4001 10>0',
    ]);
  });

  test.each(['bob@example.com', 'token:*', '*@example.org'])('raises whom the rule does not name: %s', (who) => {
    expect(lines({ entitled, policy: { never: rule(who) } }).changes).toEqual(['create project:#4001 0>10']);
  });
});
