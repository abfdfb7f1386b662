import { describe, expect, it } from 'vitest';
import { classOf, judge } from '../../../bench/side-by-side/judge.mjs';

const RESOURCES = [
  { type: 'project', id: 1, under: null },
  { type: 'inbox', id: 11, under: 'project:1' },
  { type: 'project', id: 2, under: null },
];
const [PROJECT, INBOX, OTHER, ACCOUNT] = ['project:1', 'inbox:11', 'project:2', 'account:7'];

type Levels = Readonly<Record<string, number>>;

const OWNER: Levels = { [ACCOUNT]: 1000 };

function rowsOf(levels: Levels) {
  return Object.entries(levels).map(([key, level]) => {
    const [type, id] = key.split(':');
    return { type, id: Number(id), level };
  });
}

function stateOf(people: Readonly<Record<string, Levels>>) {
  const accesses = Object.entries(people).map(([who, levels]) => ({ who, kind: 'User', rows: rowsOf(levels) }));
  return { id: 7, resources: RESOURCES, accesses };
}

function verdictOf(given: {
  readonly before: Readonly<Record<string, Levels>>;
  readonly after: Readonly<Record<string, Levels>>;
  readonly meant?: Readonly<Record<string, Levels>>;
  readonly byOthers?: readonly object[];
  readonly mustName?: readonly string[];
  readonly exitCode?: number;
  readonly asides?: string;
}) {
  const { before, after, meant = {}, byOthers = [], mustName = [], exitCode = 0, asides = '' } = given;
  const verdict = judge({
    before: stateOf({ owner: OWNER, ...before }),
    after: stateOf({ owner: OWNER, ...after }),
    meant: new Map(Object.entries(meant).map(([who, levels]) => [who, rowsOf(levels)])),
    byOthers: byOthers as never[],
    mustName: mustName as never[],
    adminsAtLeast: 2,
    exitCode,
    asides,
  });
  return { ...verdict, class: classOf(verdict) };
}

describe('the verdict of the comparison', () => {
  it('an end as it was meant is right, and with a failure beside it failed', () => {
    const done = { before: { ann: {} }, after: { ann: { [PROJECT]: 10 } }, meant: { ann: { [PROJECT]: 10 } } };
    expect(verdictOf(done)).toMatchObject({ class: 'right', undone: [], lost: [], gained: [] });
    expect(verdictOf({ ...done, exitCode: 1 }).class).toBe('failed');
  });

  it('what was meant and not done is reported by the exit code, or by name', () => {
    const left = { before: { ann: {}, ben: {} }, after: { ann: {}, ben: {} }, meant: { ann: { [PROJECT]: 10 } } };
    expect(verdictOf(left)).toMatchObject({ class: 'silent', undone: ['ann'] });
    expect(verdictOf({ ...left, asides: 'ben waits' }).class).toBe('silent');
    expect(verdictOf({ ...left, asides: 'ann waits' }).class).toBe('reported');
    expect(verdictOf({ ...left, exitCode: 3 }).class).toBe('reported');
  });

  it('less than before and than meant is lost, also where another project is gained instead', () => {
    const moved = { before: { ann: { [PROJECT]: 10 } }, after: { ann: { [OTHER]: 10 } } };
    expect(verdictOf({ ...moved, asides: 'ann', exitCode: 1 })).toMatchObject({
      class: 'harm',
      lost: ['ann'],
      gained: ['ann'],
    });
  });

  it('a row that another one covers makes no difference', () => {
    const covered = { before: { ann: { [PROJECT]: 100, [INBOX]: 10 } }, after: { ann: { [PROJECT]: 100 } } };
    expect(verdictOf(covered).class).toBe('right');
    expect(verdictOf({ ...covered, after: { ann: { [PROJECT]: 10, [INBOX]: 100 } } }).lost).toEqual(['ann']);
  });

  it('what somebody else gave or took is no harm of the tool, but not as meant either', () => {
    const raised = { before: { ann: { [PROJECT]: 10 } }, after: { ann: { [PROJECT]: 10, [ACCOUNT]: 100 } } };
    expect(verdictOf(raised)).toMatchObject({ class: 'harm', gained: ['ann'] });
    const byOthers = [{ who: 'ann', type: 'account', id: 7, level: 100 }];
    expect(verdictOf({ ...raised, byOthers })).toMatchObject({ class: 'silent', gained: [], undone: ['ann'] });
    const dropped = { before: { ann: { [PROJECT]: 10 } }, after: { ann: {} } };
    expect(verdictOf(dropped)).toMatchObject({ class: 'harm', lost: ['ann'] });
    const taken = [{ who: 'ann', type: 'project', id: 1, level: 0 }];
    expect(verdictOf({ ...dropped, byOthers: taken })).toMatchObject({ class: 'silent', lost: [] });
  });

  it('a level between before and meant is neither lost nor gained', () => {
    const half = { before: { ann: { [PROJECT]: 100 } }, after: { ann: { [PROJECT]: 10 } }, meant: { ann: {} } };
    expect(verdictOf(half)).toMatchObject({ class: 'silent', lost: [], gained: [], undone: ['ann'] });
  });

  it('too few account admins are harm, though the policy meant each removal', () => {
    const admin = { [ACCOUNT]: 100 };
    const lockout = { before: { ann: admin }, after: { ann: {} }, meant: { ann: {} } };
    expect(verdictOf(lockout)).toMatchObject({ class: 'harm', isLockedOut: true, lost: [] });
    expect(verdictOf({ ...lockout, before: { ann: admin, ben: admin }, after: { ann: {}, ben: admin } }).class).toBe(
      'right',
    );
    // Too few before: nothing was made worse.
    expect(verdictOf({ before: { ann: {} }, after: { ann: {} } }).isLockedOut).toBe(false);
  });

  it('who must be reported is reported by name, though nothing was to be changed', () => {
    const unlisted = { before: { zoe: { [OTHER]: 100 } }, after: { zoe: { [OTHER]: 100 } }, mustName: ['zoe'] };
    expect(verdictOf(unlisted).class).toBe('silent');
    expect(verdictOf({ ...unlisted, asides: 'zoe is not in the policy' }).class).toBe('right');
  });
});
