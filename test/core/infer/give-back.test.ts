import { expect, test } from 'vitest';
import { type RecordedLevel, TakenRows, type WrittenRow } from '../../../src/core/infer/give-back.ts';

const WORDS = { reason: 'gives back', until: '2026-12-08' };

function row(before: RecordedLevel, after: RecordedLevel, more: Partial<WrittenRow> = {}): WrittenRow {
  return {
    access: 101,
    who: 'ann@example.com',
    resource: { type: 'inbox', id: 3801, label: 'inbox:App/Live' },
    before,
    after,
    isAsked: true,
    isDrift: false,
    endsAt: null,
    isCertain: true,
    ...more,
  };
}

function undone(rows: readonly WrittenRow[], withDrift = false) {
  const taken = new TakenRows(withDrift);
  for (const one of rows) taken.add(one);
  return taken.grants(WORDS);
}

const given = (level: string, text = 'inbox:#3801', remark: string | null = 'inbox:App/Live') => ({
  to: ['ann@example.com'],
  gives: { resources: [{ text, remark }], level },
  ...WORDS,
});

test.each([
  ['a removed row comes back', [row('viewer', null)], [given('viewer')]],
  ['a lowered row comes back at its level of before', [row('admin', 'viewer')], [given('admin')]],
  ['of several losses the first level counts', [row('admin', 'viewer'), row('viewer', null)], [given('admin')]],
  ['what was given is no loss', [row(null, 'admin'), row('viewer', 'admin')], []],
  ['what a later write gave back is not given again', [row('admin', null), row(null, 'admin', { isAsked: false })], []],
  ['what a later write gave back in part is', [row('admin', null), row(null, 'viewer')], [given('admin')]],
  ['what was not asked for stays taken', [row('admin', null, { isAsked: false })], []],
  [
    'the account is named by its word',
    [row('admin', null, { resource: { type: 'account', id: 3229, label: 'account' } })],
    [given('admin', 'account', null)],
  ],
])('%s', (_, rows, grants) => {
  expect(undone(rows)).toMatchObject({ grants });
});

test('one grant lists what one principal had at one level, and principals keep their order', () => {
  const other = { type: 'project', id: 4001, label: 'project:App' };
  const { grants } = undone([
    row('viewer', null),
    row('viewer', null, { access: 102, who: 'bob@example.com' }),
    row('viewer', null, { resource: other, who: 'ANN@example.com' }),
  ]);
  expect(grants.map(({ to, gives: { resources } }) => [to, resources.map(({ text }) => text)])).toEqual([
    [['ann@example.com'], ['inbox:#3801', 'project:#4001']],
    [['bob@example.com'], ['inbox:#3801']],
  ]);
});

test('drift is left out and counted, unless it is asked for', () => {
  const drift = [row('admin', null, { isDrift: true })];
  expect(undone(drift)).toEqual({
    grants: [],
    notes: [{ says: 'Someone else than the policy had given 1 row (drift). --drift gives them back too.', items: [] }],
  });
  expect(undone(drift, true)).toEqual({ grants: [given('admin')], notes: [] });
});

test('notes say what else a reader must do', () => {
  const { notes } = undone([
    row('viewer', null, { endsAt: 'policy.yaml:20' }),
    row('viewer', null, { access: 900, who: 'token:ci', isCertain: false }),
    row('viewer+', null, { access: 102, who: 'bob@example.com' }),
    row(60, null, { access: 103, who: 'cy@example.com' }),
    row('viewer', null, { access: 104 }),
    row(null, 'viewer', { access: 104, isAsked: false }),
  ]);
  expect(notes).toEqual([
    {
      says: '`ends` still ends the access of these people. Delete those lines first:',
      items: ['ann@example.com (policy.yaml:20)'],
    },
    { says: 'The policy must list these tokens under `tokens`:', items: ['token:ci'] },
    {
      says: 'grantd never saw whether Mailtrap took these rows. They may still be there:',
      items: ['token:ci: inbox:App/Live, viewer'],
    },
    {
      says: 'No grant can say these levels. Give the rows back in Mailtrap:',
      items: ['bob@example.com: inbox:App/Live, viewer+', 'cy@example.com: inbox:App/Live, level 60'],
    },
    { says: 'A later write has given back 1 row.', items: [] },
  ]);
});
