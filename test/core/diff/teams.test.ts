import { describe, expect, test } from 'vitest';
import { emailHash } from '../../../src/core/domain/account/remembered-access.ts';
import type { Restraints } from '../../../src/core/domain/plan/restraints.ts';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../../src/run/reconcile/make-plan.ts';
import {
  type AccessSpec,
  buildAccount,
  OWN_TOKEN,
  type RowsSpec,
  type TokenSpec,
} from '../../support/account-builder.ts';
import { changeOf, deferredText, NOW } from '../../support/small-world.ts';
import { includedFile, policyText, validate } from '../validate/policy-text.ts';

interface Scene {
  readonly may?: string;
  readonly root?: string;
  readonly team?: string;
  readonly other?: string;
  readonly ann?: RowsSpec | null;
  readonly accesses?: readonly AccessSpec[];
  readonly apiTokens?: readonly TokenSpec[];
  readonly restraints?: Partial<Restraints>;
  readonly exempt?: string;
}

/** A plan for a root file, a team that may decide the project Checkout, and one that may decide the project Mobile. */
function planned({
  may = 'may: ["project:Checkout"]',
  root = 'unlisted: revoke',
  team = '[]',
  other = '[]',
  ...world
}: Scene) {
  const include = `include:\n  - { team: a.yaml, as: a, ${may} }\n  - { team: b.yaml, as: b, may: ["project:Mobile"], upTo: admin }\n`;
  const always = /grants:/.test(root) ? '' : 'grants: [{ to: zoe@x.test, resource: "project:#999", level: viewer }]\n';
  const checked = validate(
    policyText(`${include}${always}${root}`)
      .replace('owner@example.com', world.exempt ?? '')
      .replace('principals: 5, percent: 20', 'principals: 50, percent: 100'),
    [includedFile('a.yaml', 'team', `grants: ${team}`), includedFile('b.yaml', 'team', `grants: ${other}`)],
  );
  if (!checked.ok) throw new Error(checked.problems.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  const { ann = {}, accesses = [], apiTokens = [OWN_TOKEN], restraints } = world;
  const annsAccess = ann === null ? [] : [{ access: 2, user: 'ann@x.test', rows: ann }];
  const rest: AccessSpec[] = [
    { access: 8, user: 'boss@x.test', rows: { account: 'owner' } },
    { access: 9, user: 'chief@x.test', rows: { account: 'owner' } },
  ];
  const actual = buildAccount({ accesses: [...annsAccess, ...accesses, ...rest], apiTokens });
  const { plan } = makePlan(resolvePolicy(checked.value), actual, NOW, { ...NO_RESTRAINTS, ...restraints });
  const about = (text: string) => !/boss|chief/.test(text);
  return {
    plan,
    changes: plan.changes.map(changeOf).filter(about),
    deferred: plan.deferred
      .map((one) => `${one.change.access} ${deferredText(one)}`)
      .filter((text) => !/^[89] /.test(text)),
    codes: plan.notices.map(({ code }) => code),
  };
}

const GIVES_VIEWER = '[{ to: ann@x.test, resource: "project:Checkout", level: viewer }]';
const ENDED = '[{ to: ann@x.test, resource: "project:Checkout", level: viewer, until: 2026-11-01 }]';

describe('a person whom only team files name', () => {
  test('is made exact up to `upTo`; above it and elsewhere `unlisted` decides', () => {
    const ann: RowsSpec = { account: 'admin', 'project:#4001': 'admin', 'project:#4002': 'viewer' };
    expect(planned({ team: GIVES_VIEWER, ann }).changes).toEqual([
      'ann@x.test lower project:#4001 100>10',
      'ann@x.test remove account:#3229 100>0',
      'ann@x.test remove project:#4002 10>0',
    ]);
    expect(planned({ team: GIVES_VIEWER, ann, root: 'unlisted: keep' }).changes).toEqual([]);
    const open = { may: 'may: ["project:Checkout"], upTo: admin', team: GIVES_VIEWER, ann, root: 'unlisted: keep' };
    expect(planned(open).changes).toEqual(['ann@x.test lower project:#4001 100>10']);
  });

  test('loses within `may` what a grant of the file gave that has ended', () => {
    const ann: RowsSpec = { 'project:#4001': 'viewer', 'project:#4002': 'viewer' };
    expect(planned({ team: ENDED, ann, root: 'unlisted: keep' }).changes).toEqual([
      'ann@x.test remove project:#4001 10>0',
    ]);
  });

  test('is decided by an `ends` of the root file as a whole', () => {
    const ann: RowsSpec = { 'project:#4002': 'viewer' };
    const root = 'unlisted: keep\nends: { ann@x.test: 2026-11-01 }';
    expect(planned({ team: GIVES_VIEWER, ann, root }).changes).toEqual(['ann@x.test remove project:#4002 10>0']);
  });

  test('is decided by two teams together, each within its own', () => {
    const other = '[{ to: ann@x.test, resource: "project:Mobile", level: viewer }]';
    const ann: RowsSpec = { 'project:#4002': 'admin', 'domain:#7001': 'viewer' };
    expect(planned({ team: GIVES_VIEWER, other, ann, root: 'unlisted: keep' }).changes).toEqual([
      'ann@x.test create project:#4001 0>10',
      'ann@x.test lower project:#4002 100>10',
    ]);
  });

  test('keeps what a grant of the root file gives that begins soon', () => {
    const soon = 'grants: [{ to: ann@x.test, resource: "project:Mobile", level: viewer, from: 2026-12-01 }]';
    const ann: RowsSpec = { 'project:#4002': 'admin', 'domain:#7001': 'viewer+' };
    const { plan, changes } = planned({ team: GIVES_VIEWER, ann, root: `unlisted: revoke\n${soon}` });
    expect(changes).toEqual([
      'ann@x.test create project:#4001 0>10',
      'ann@x.test lower project:#4002 100>10',
      'ann@x.test remove domain:#7001 50>0',
    ]);
    expect(plan.unlisted.find(({ access }) => access === 2)?.shielded).toMatchObject([{ level: 10 }]);
  });

  test('is not unlisted if protected, and loses nothing', () => {
    const { plan, changes } = planned({ team: GIVES_VIEWER, ann: { 'project:#4002': 'admin' }, exempt: 'ann@x.test' });
    expect(changes).toEqual(['ann@x.test create project:#4001 0>10']);
    expect(plan.unlisted.map(({ access }) => access)).not.toContain(2);
  });
});

describe('what a file leaves in doubt', () => {
  const GONE = '[{ to: ann@x.test, resource: ["project:Checkout", "inbox:Checkout/Gone"], level: viewer }]';

  test('keeps rows within `may` up to `upTo`, and lowers what is above', () => {
    const root = 'unlisted: keep\ngrants: [{ to: ann@x.test, resource: "domain:example.com", level: viewer }]';
    const ann: RowsSpec = {
      account: 'admin',
      'inbox:#5001': 'admin',
      'inbox:#5002': 'viewer',
      'project:#4001': 'viewer',
      'domain:#7001': 'viewer',
    };
    const { changes, deferred } = planned({ team: GONE, ann, root });
    expect(changes).toEqual(['ann@x.test lower inbox:#5001 100>10', 'ann@x.test remove account:#3229 100>0']);
    expect(deferred).toEqual([]);
  });

  test('keeps as much as the file that may keep the most', () => {
    const root =
      'unlisted: keep\ngrants: [{ to: ann@x.test, resource: ["domain:gone", "domain:example.com"], level: viewer }]';
    const other = '[{ to: ann@x.test, resource: "inbox:Mobile/Gone", level: viewer }]';
    const ann: RowsSpec = { 'project:#4002': 'admin', 'inbox:#5001': 'admin', 'domain:#7001': 'viewer' };
    const team = '[{ to: ann@x.test, resource: ["inbox:Checkout/Gone"], level: viewer }]';
    const { changes, deferred } = planned({ team, other, ann, root });
    expect(changes).toEqual(['ann@x.test lower inbox:#5001 100>10']);
    expect(deferred).toEqual(['2 remove project:#4002 100>0: unresolved-name inbox:Mobile/Gone']);
  });

  test('an unresolved `except` gives nothing, and does not stop what the root file gives', () => {
    const team = '[{ to: ann@x.test, resource: "project:Checkout", level: viewer, except: ["project:Gone"] }]';
    const root = 'unlisted: keep\ngrants: [{ to: ann@x.test, resource: "project:Mobile", level: viewer }]';
    const { changes, deferred } = planned({ team, root, ann: { 'inbox:#5001': 'viewer' } });
    expect(changes).toEqual(['ann@x.test create project:#4002 0>10']);
    expect(deferred).toEqual(['2 remove inbox:#5001 10>0: unresolved-name project:Gone']);
  });

  test('a name of `may` that matches nothing defers what it may mean', () => {
    const scene = {
      may: 'may: ["project:Gone", "domain:*"]',
      team: '[{ to: ann@x.test, resource: "domain:example.com", level: viewer }]',
    };
    const ann: RowsSpec = { 'project:#4001': 'viewer', 'project:#4002': 'admin', 'inbox:#5001': 1, account: 'admin' };
    const { deferred, changes } = planned({ ...scene, ann });
    expect(deferred).toEqual(['2 remove project:#4001 10>0: unresolved-scope project:Gone']);
    expect(changes).toContain('ann@x.test remove account:#3229 100>0');
    expect(changes).toContain('ann@x.test remove project:#4002 100>0');
  });

  test('a name of `may` that matches nothing adds no doubt to a row that is never written', () => {
    const scene = {
      may: 'may: ["project:Gone"]',
      team: '[{ to: ann@x.test, resource: "project:Gone", level: viewer }]',
    };
    const { plan, deferred } = planned({ ...scene, ann: { 'project:#4001': 'viewer' }, exempt: 'ann@x.test' });
    expect(deferred).toEqual([]);
    expect(plan.unmanageable.map(({ reason }) => reason)).toEqual(['protected']);
  });

  test('a missing row of a team keeps none above it, and one of the root file keeps all', () => {
    const never = 'never: [{ who: ann@x.test, resource: "project:Gone", level: viewer }]\n';
    const ann: RowsSpec = { account: 'viewer', 'inbox:#5001': 'viewer', 'domain:#7001': 'viewer' };
    const raise = '[{ to: ann@x.test, resource: "project:Checkout", level: viewer }]';
    const named = `grants: [{ to: ann@x.test, resource: "domain:example.com", level: viewer }]`;
    const { changes, deferred } = planned({ team: raise, ann, root: `unlisted: keep\n${never}${named}` });
    expect(changes).toEqual(['ann@x.test remove account:#3229 10>0']);
    expect(deferred.map((text) => text.split(':')[0])).toContain('2 create project');
  });
});

describe('the root file’s rows stand by themselves', () => {
  test('a row of a team above covers none of them', () => {
    const root = 'unlisted: keep\ngrants: [{ to: ann@x.test, resource: "inbox:Checkout/Staging", level: viewer }]';
    expect(planned({ team: GIVES_VIEWER, root }).changes).toEqual([
      'ann@x.test create inbox:#5001 0>10',
      'ann@x.test create project:#4001 0>10',
    ]);
  });

  test('a row of the root file in place counts, whatever a team adds that waits', () => {
    const may = 'may: ["project:Checkout"], upTo: admin';
    const root = `unlisted: keep\nnever: [{ who: ann@x.test, resource: "project:Gone", level: admin }]\ngrants: [{ to: ann@x.test, resource: ["project:Checkout", "inbox:Checkout/QA"], level: viewer }]`;
    const team = '[{ to: ann@x.test, resource: "project:Checkout", level: admin }]';
    const { changes, deferred } = planned({ may, root, team, ann: { 'project:#4001': 'viewer', account: 'viewer' } });
    expect(changes).toEqual(['ann@x.test remove account:#3229 10>0']);
    expect(deferred).toEqual(['2 raise project:#4001 10>100: unresolved-never policy.yaml:10:38']);
  });

  test('viewer+ stays where the root file gives viewer, and is lowered where only a team may give viewer', () => {
    const ann: RowsSpec = { 'project:#4001': 'viewer+' };
    const named = (resource: string) =>
      `unlisted: keep\ngrants: [{ to: ann@x.test, resource: "${resource}", level: viewer }]`;
    expect(planned({ team: GIVES_VIEWER, ann, root: named('project:Checkout') }).changes).toEqual([]);
    expect(planned({ team: GIVES_VIEWER, ann, root: named('domain:example.com') }).changes).toEqual([
      'ann@x.test create domain:#7001 0>10',
      'ann@x.test lower project:#4001 50>10',
    ]);
  });

  test('a held raise of a team keeps rows up to its `upTo`, and what is above is lost', () => {
    const never = 'never: [{ who: ann@x.test, resource: "project:Checkout", level: viewer }]\n';
    const root = `unlisted: keep\n${never}grants: [{ to: ann@x.test, resource: "domain:example.com", level: viewer }]`;
    const ann: RowsSpec = { 'inbox:#5001': 'admin', 'inbox:#5002': 'viewer', 'domain:#7001': 'viewer' };
    const { changes, deferred } = planned({
      may: 'may: ["project:#4001"]',
      team: '[{ to: ann@x.test, resource: "project:#4001", level: viewer }]',
      root,
      ann,
    });
    expect(changes).toEqual(['ann@x.test remove inbox:#5001 100>0']);
    expect(deferred).toEqual([]);
  });
});

describe('tokens and rows that nobody sees', () => {
  test('other rows of a token always stay', () => {
    const root = 'unlisted: revoke\ntokens: { ci: { access: 7, token: 55 } }';
    const team = '[{ to: token:ci, resource: "project:Checkout", level: viewer }]';
    const apiTokens = [
      OWN_TOKEN,
      { id: 55, name: 'ci', rows: { 'project:#4001': 1, 'project:#4002': 'admin' } as RowsSpec },
    ];
    const { changes, plan } = planned({ may: 'may: ["project:Checkout", token:ci]', root, team, apiTokens });
    expect(changes).toEqual(['token:ci raise project:#4001 1>10']);
    expect(plan.unlisted.map(({ access }) => access)).not.toContain(7);
  });

  test('a row of a resource that the tree does not show is nobody’s, unless `unlisted` revokes it', () => {
    const ann: RowsSpec = { 'project:#9999': 'viewer' };
    const unmanageable = (root: string) =>
      planned({ team: GIVES_VIEWER, ann, root }).plan.unmanageable.map(({ why }) => why.map(({ kind }) => kind));
    expect(unmanageable('unlisted: keep')).toEqual([]);
    expect(unmanageable('unlisted: revoke')).toEqual([['unlisted']]);
  });
});

describe('a person under a new e-mail', () => {
  const holds: AccessSpec = {
    access: 3,
    user: 'new@x.test',
    rows: { 'project:#4001': 'viewer', 'project:#4002': 'viewer' },
  };

  test('keeps within `may` what a team gives their old one, and nothing else', () => {
    const remembered = new Map([
      [3, { access: 3, emailHash: emailHash('old@x.test'), rowsHash: '', wasAccountAdmin: false }],
    ]);
    const team = '[{ to: old@x.test, resource: "project:Checkout", level: viewer }]';
    const { changes, deferred, codes } = planned({ team, ann: null, accesses: [holds], restraints: { remembered } });
    expect(changes).toEqual(['new@x.test remove project:#4002 10>0']);
    expect(deferred).toEqual(['3 remove project:#4001 10>0: maybe-renamed old@x.test']);
    expect(codes).toContain('maybe-renamed');
  });

  test('keeps nothing above `upTo` by what a team gives their old one', () => {
    const admin: AccessSpec = { ...holds, rows: { 'project:#4001': 'viewer', 'inbox:#5002': 'admin' } };
    const root = 'unlisted: revoke\ngrants: [{ to: old@x.test, resource: "inbox:Checkout/QA", level: admin }]';
    const team = '[{ to: old@x.test, resource: "project:Checkout", level: viewer }]';
    const { changes, deferred } = planned({ root, team, ann: null, accesses: [admin] });
    expect(deferred).toEqual(['3 remove project:#4001 10>0: maybe-renamed old@x.test']);
    expect(changes).toEqual(['new@x.test remove inbox:#5002 100>0']);
  });

  test('keeps everything that the root file gives their old one, whatever a team adds', () => {
    const root =
      'unlisted: revoke\ngrants: [{ to: old@x.test, resource: ["project:Checkout", "project:Mobile"], level: viewer }]';
    const team = '[{ to: [old@x.test, new@x.test], resource: "inbox:Checkout/QA", level: viewer }]';
    const { deferred } = planned({ root, team, ann: null, accesses: [holds] });
    expect(deferred).toContain('3 remove project:#4002 10>0: maybe-renamed old@x.test');
    const named = `${root}\n`.replace(
      ']\n',
      ', { to: new@x.test, resource: "domain:example.com", level: viewer, from: 2027-06-01 }]\n',
    );
    expect(planned({ root: named, team, ann: null, accesses: [holds] }).deferred).toEqual([]);
  });

  test('is not known by a grant of a team that begins later', () => {
    const root =
      'unlisted: revoke\ngrants: [{ to: old@x.test, resource: ["project:Checkout", "project:Mobile"], level: viewer }]';
    const team = '[{ to: new@x.test, resource: "inbox:Checkout/QA", level: viewer, from: 2027-06-01 }]';
    const { deferred } = planned({ root, team, ann: null, accesses: [holds] });
    expect(deferred).toContain('3 remove project:#4002 10>0: maybe-renamed old@x.test');
  });

  test('is known by a grant that begins later, of the root file or of a team that may decide everything', () => {
    const grant = '{ to: new@x.test, resource: "inbox:Checkout/QA", level: viewer, from: 2027-06-01 }';
    const old = '{ to: old@x.test, resource: ["project:Checkout", "project:Mobile"], level: viewer }';
    const inRoot = planned({ root: `unlisted: revoke\ngrants: [${old}, ${grant}]`, ann: null, accesses: [holds] });
    const open = { may: 'may: [account], upTo: admin', root: `unlisted: revoke\ngrants: [${old}]`, team: `[${grant}]` };
    const inTeam = planned({ ...open, ann: null, accesses: [holds] });
    for (const { changes, deferred } of [inRoot, inTeam]) {
      expect(deferred).toEqual([]);
      expect(changes).toEqual(['new@x.test remove project:#4001 10>0', 'new@x.test remove project:#4002 10>0']);
    }
  });
});

test('a team that may decide everything is as good as the root file', () => {
  const ann: RowsSpec = { 'project:#4002': 'viewer' };
  expect(
    planned({ may: 'may: [account], upTo: admin', team: GIVES_VIEWER, ann, root: 'unlisted: keep' }).changes,
  ).toEqual(['ann@x.test create project:#4001 0>10', 'ann@x.test remove project:#4002 10>0']);
});
