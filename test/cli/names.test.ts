import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { seedOf, simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const PROBLEMS = JSON.parse(readFileSync(new URL('../../schemas/problems.v1.schema.json', import.meta.url), 'utf8'));

/** Kim and Lee are account admins; three people have a row or two. */
const ACCOUNT = `version: 1
account: { id: 3229, name: Example }
roots: account
resources:
  - { type: project, id: 4001, name: App, resources: [{ type: inbox, id: 3801, name: Live }] }
  - { type: project, id: 4002, name: Web, resources: [{ type: inbox, id: 3803, name: Live }] }
  - { type: sending_domain, id: 5101, name: example.com }
tokens:
  - { name: grantd, secret: ${ADMIN_TOKEN}, id: 2496900, access: 5140, rows: [{ type: account, id: 3229, level: 100 }] }
accesses:
  - { access: 90, kind: user, id: 990, email: root@example.com, name: Root, owner: true }
  - { access: 91, kind: user, id: 991, email: kim@example.com, name: Kim, rows: [{ type: account, id: 3229, level: 100 }] }
  - { access: 92, kind: user, id: 992, email: lee@example.com, name: Lee, rows: [{ type: account, id: 3229, level: 100 }] }
  - { access: 101, kind: user, id: 1001, email: p1@example.com, name: P1, rows: [{ type: project, id: 4001, level: 10 }] }
  - { access: 102, kind: user, id: 1002, email: p2@example.com, name: P2, rows: [{ type: project, id: 4001, level: 10 }, { type: inbox, id: 3803, level: 100 }] }
  - { access: 103, kind: user, id: 1003, email: p3@example.com, name: P3, rows: [{ type: project, id: 4002, level: 10 }] }
`;

const policyOf = (head: string, admins: string) => `version: 1
account: 3229
mode: authoritative
${head}
unlisted: revoke
limits: { revokes: { principals: 3, percent: 60 }, admins: 2 }
grants:
  - { to: ${admins}, resource: account, level: admin }
  - { to: [p1@example.com, p2@example.com], resource: project:App, level: viewer }
  - { to: p2@example.com, resource: inbox:Web/Live, level: admin }
  - { to: p3@example.com, resource: project:Web, level: viewer }
paused: false
`;

/** Three e-mails that nobody has, and a rule about one more. */
const PROTECTS_NOBODY = policyOf(
  `protected: [kmi@example.com]
ignore: [partner@example.org, "*@exmaple.com"]
never: [{ who: p22@example.com, resource: account, level: admin }]
ends: { gone@example.com: 2026-01-01 }`,
  'lee@example.com',
);
const PROTECTS_KIM = policyOf('protected: [kim@example.com]', 'lee@example.com');
const NAMES_KIM = policyOf('protected: [root@example.com]', '[kim@example.com, lee@example.com]');

interface Scene {
  readonly simulator: Simulator;
  readonly cwd: string;
  readonly grantd: (...words: readonly string[]) => Promise<Printed>;
}

async function scene(policy: string): Promise<Scene> {
  const simulator = await simulate({ seed: seedOf(ACCOUNT) });
  const world = { cwd: workplace({ 'p.yaml': policy }), env: pointedAt(simulator) };
  return { simulator, cwd: world.cwd, grantd: (command = '', ...more) => runCli([command, 'p.yaml', ...more], world) };
}

function rename({ simulator }: Scene, who: string, email: string): void {
  simulator.writeAsSomebodyElse({ act: 'rename-member', who, email });
}

interface PlanJson {
  readonly verdict: string;
  readonly changes: readonly unknown[];
  readonly deferred: readonly {
    readonly change: { readonly principal: { readonly email: string } };
    readonly reason: string;
    readonly waitsFor: string;
  }[];
  readonly notices: readonly {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly at: { readonly line: number } | null;
  }[];
}

async function planned({ grantd }: Scene): Promise<PlanJson> {
  return JSON.parse((await grantd('plan', '--format', 'json')).stdout);
}

const waiting = ({ deferred }: PlanJson) =>
  deferred.map(({ change, reason, waitsFor }) => `${change.principal.email} ${reason} ${waitsFor}`);
const noticed = ({ notices }: PlanJson, ...codes: readonly string[]) =>
  notices.filter(({ code }) => codes.includes(code));

const UNMATCHED = [
  /`protected` names kmi@example\.com, and nobody in the account has this e-mail/,
  /`ignore` names partner@example\.org, and nobody/,
  /`ignore` names \*@exmaple\.com, and nobody in the account has an e-mail that fits/,
];

describe('a protected e-mail that nobody has (case G2)', () => {
  test('is a notice, as are such entries of `ignore` and `never`, with the nearest e-mail', async () => {
    const plan = await planned(await scene(PROTECTS_NOBODY));
    const notices = noticed(plan, 'protected-unmatched', 'person-unmatched');
    expect(notices.map(({ message, at }) => `${at?.line} ${message}`)).toEqual([
      expect.stringMatching(UNMATCHED[0] as RegExp),
      expect.stringMatching(UNMATCHED[1] as RegExp),
      expect.stringMatching(UNMATCHED[2] as RegExp),
      '6 `never` names p22@example.com, and nobody in the account has this e-mail',
    ]);
    expect(notices.map(({ code, at }) => [code, at?.line])).toEqual([
      ['protected-unmatched', 4],
      ['person-unmatched', 5],
      ['person-unmatched', 5],
      ['person-unmatched', 6],
    ]);
    expect(notices[0]?.remedy).toBe(
      'did you mean kim@example.com? otherwise correct the e-mail, or delete it from `protected` if this person has left',
    );
    expect(notices[1]?.remedy).toMatch(/^correct it or delete it; nothing to do if/);
    expect(notices[2]?.remedy).toMatch(/^did you mean \*@example\.com\? otherwise correct it or delete it/);
  });

  test('keeps account admin of somebody whom no grant names: the loss waits', async () => {
    const world = await scene(PROTECTS_NOBODY);
    expect(waiting(await planned(world))).toEqual([
      'kim@example.com protected-unmatched kmi@example.com in `protected`',
    ]);
    const applied = await world.grantd('apply', '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toMatch(/waits for kmi@example\.com in `protected` \[protected-unmatched\]/);
    expect(world.simulator.rows('kim@example.com')).toEqual({ 'account:3229': 100 });
    expect((await world.grantd('plan', '--detailed-exitcode')).code).toBe(3);
  });

  test('is shown by plan, review, doctor and `validate --snapshot`', async () => {
    const { grantd, simulator, cwd } = await scene(PROTECTS_NOBODY);
    const saved = await grantd('snapshot', '--out', 'account.json');
    expect(saved.code, saved.stderr).toBe(0);
    const doctor = JSON.parse((await grantd('doctor', '--format', 'json')).stdout);
    type Check = { readonly check: string; readonly status: string; readonly found: string; readonly remedy: string };
    const people: readonly Check[] = doctor.checks.filter((one: Check) => one.check === 'people');
    expect(people).toHaveLength(4);
    expect(people.map(({ status }) => status)).toEqual(people.map(() => 'warn'));
    // Each help stands with its message.
    expect(people.filter(({ remedy }) => remedy.includes('did you mean kim@example.com?'))).toHaveLength(1);
    const printed = (await grantd('doctor')).stdout;
    expect(printed.match(/ warn +people /g)).toHaveLength(4);
    const shown = [
      (await grantd('plan')).stdout,
      (await grantd('plan', '--snapshot', 'account.json')).stdout,
      (await grantd('review', '--format', 'markdown')).stdout,
      (await grantd('validate', '--snapshot', 'account.json')).stdout,
      people.map(({ found }) => found).join(' '),
    ];
    for (const text of shown) {
      for (const message of UNMATCHED) expect(text.replaceAll('\\', '').replace(/\s+/g, ' ')).toMatch(message);
    }
    const validated = JSON.parse((await grantd('validate', '--snapshot', 'account.json', '--format', 'json')).stdout);
    const check = new Ajv({ allErrors: true }).compile(PROBLEMS);
    expect(check(validated) ? [] : check.errors).toEqual([]);
    expect([validated.valid, validated.notices.length, validated.notices[0].at]).toEqual([
      true,
      4,
      { file: 'p.yaml', line: 4 },
    ]);
    expect(JSON.parse((await grantd('validate', '--format', 'json')).stdout).notices).toEqual([]);
    expect(simulator.requests().some(({ method }) => method === 'PUT')).toBe(false);
    expect(readFileSync(join(cwd, 'account.json'), 'utf8')).toContain('kim@example.com');
  });
});

test('doctor finds nothing to say where somebody fits each e-mail, and does not guess where it read no account', async () => {
  const world = await scene(PROTECTS_KIM);
  const people = async () => {
    const { checks } = JSON.parse((await world.grantd('doctor', '--format', 'json')).stdout);
    return checks.find((one: { check: string }) => one.check === 'people');
  };
  expect(await people()).toMatchObject({
    status: 'ok',
    found: 'somebody fits each of 1 e-mail or pattern of `protected`, `ignore` and `never`',
  });
  await world.simulator.close();
  expect(await people()).toMatchObject({ status: 'unknown', found: 'not asked: the account was not read' });
});

test('a protected person under another e-mail keeps everything, where nothing is remembered (case G3)', async () => {
  const world = await scene(PROTECTS_KIM);
  expect((await world.grantd('apply', '--yes')).code).toBe(0);
  rename(world, 'kim@example.com', 'kim.married@example.com');
  const applied = await world.grantd('apply', '--yes');
  expect(applied.code).toBe(3);
  expect(applied.stdout).toContain('`protected` names kim@example.com, and nobody in the account has this e-mail');
  expect(waiting(await planned(world))).toEqual([
    'kim.married@example.com protected-unmatched kim@example.com in `protected`',
  ]);
  expect(world.simulator.rows('kim.married@example.com')).toEqual({ 'account:3229': 100 });
});

describe('a person under another e-mail (case G5)', () => {
  test('keeps what the old e-mail is entitled to, and the notice prints both ways out', async () => {
    const tests = 'tests: [{ who: p1@example.com, resource: project:App, expect: viewer }]';
    const world = await scene(NAMES_KIM.replace('paused', `${tests}\npaused`));
    rename(world, 'p1@example.com', 'p1.new@example.com');
    const plan = await planned(world);
    expect(waiting(plan)).toEqual(['p1.new@example.com maybe-renamed p1@example.com']);
    expect(noticed(plan, 'maybe-renamed')).toEqual([
      {
        code: 'maybe-renamed',
        message:
          'p1.new@example.com (access 101) holds exactly what the policy gives p1@example.com, whom the account does not show, so grantd takes nothing from this access',
        remedy:
          'if it is the same person, write p1.new@example.com in place of p1@example.com at p.yaml:9:12, p.yaml:12:9; if it is another person, let `ends` end p1@example.com on a past day, or delete those entries',
        at: { file: 'p.yaml', line: 9 },
      },
    ]);
    const applied = await world.grantd('apply', '--yes');
    expect(applied.code).toBe(3);
    expect(world.simulator.rows('p1.new@example.com')).toEqual({ 'project:4001': 10 });
  });

  test.each([
    ['`ends` has come', NAMES_KIM.replace('grants:', 'ends: { p1@example.com: 2026-01-01 }\ngrants:')],
    ['no line names the old e-mail', NAMES_KIM.replace('[p1@example.com, p2@example.com]', 'p2@example.com')],
  ])('is another person once %s', async (_, policy) => {
    const world = await scene(policy);
    rename(world, 'p1@example.com', 'p1.new@example.com');
    expect((await world.grantd('apply', '--yes')).code).toBe(0);
    expect(world.simulator.rows('p1.new@example.com')).toEqual({});
  });

  test('has the new e-mail in the policy: nothing waits', async () => {
    const world = await scene(NAMES_KIM.replaceAll('p1@', 'p1.new@'));
    rename(world, 'p1@example.com', 'p1.new@example.com');
    expect(await planned(world)).toMatchObject({ verdict: 'complete', changes: [], deferred: [], notices: [] });
  });
});

test('a mistyped e-mail in a grant is a notice, where somebody whom no grant names has nearly the same', async () => {
  const plan = await planned(await scene(NAMES_KIM.replace('[kim@', '[kmi@')));
  expect(noticed(plan, 'person-unmatched')).toEqual([
    {
      code: 'person-unmatched',
      message: 'the policy gives access to kmi@example.com, and nobody in the account has this e-mail',
      remedy:
        'did you mean kim@example.com (access 91), whom no grant names? otherwise there is nothing to do until they are invited',
      at: { file: 'p.yaml', line: 8 },
    },
  ]);
  expect(waiting(plan)).toEqual(['kim@example.com maybe-renamed kmi@example.com']);
});

describe('the remedy for a name that fits no resource', () => {
  test('offers the new name and the id of a renamed project (case G13)', async () => {
    const world = await scene(NAMES_KIM);
    const { simulator, grantd } = world;
    simulator.writeAsSomebodyElse({ act: 'rename-resource', type: 'project', id: 4001, name: 'Storefront' });
    const [notice] = noticed(await planned(world), 'unresolved-name');
    expect(notice?.remedy).toMatch(
      /^of the 2 principals of this grant in the account, 2 have a row on project:Storefront \(project:#4001\): was it renamed to that\? otherwise correct the name/,
    );
    // Nothing is lowered meanwhile; the remedy, followed, settles it.
    const before = simulator.rows('p1@example.com');
    await grantd('apply', '--yes');
    expect(simulator.rows('p1@example.com')).toEqual(before);
    const settled = await scene(NAMES_KIM.replace('project:App', '"project:#4001"'));
    settled.simulator.writeAsSomebodyElse({ act: 'rename-resource', type: 'project', id: 4001, name: 'Storefront' });
    expect(await planned(settled)).toMatchObject({ verdict: 'complete', notices: [] });
  });

  test('shows where a name that looks alike differs, and offers its id (case I2)', async () => {
    const seed = ACCOUNT.replace('name: App,', 'name: "App\\u00a0One",').replace('name: Web,', 'name: "Trail ",');
    const simulator = await simulate({ seed: seedOf(seed.replace('name: example.com', 'name: xn--exmple-cua.com')) });
    const policy = policyOf('protected: [root@example.com]', '[kim@example.com, lee@example.com]')
      .replace('project:App,', '["project:App One", "project:Trail", "domain:exämple.com", "project:APP ONE"],')
      .replace(/ {2}- \{ to: p[23]@.*\n/g, '');
    const { stdout } = await runCli(['plan', 'p.yaml', '--format', 'json'], {
      cwd: workplace({ 'p.yaml': policy }),
      env: pointedAt(simulator),
    });
    const remedies = noticed(JSON.parse(stdout), 'unresolved-name').map(({ message, remedy }) => [
      message.split(' matches')[0],
      remedy.split(' otherwise')[0],
    ]);
    expect(remedies).toEqual([
      ['project:App One', 'did you mean project:App\\u{a0}One (project:#4001)?'],
      ['project:Trail', 'did you mean project:Trail\\u{20} (project:#4002)?'],
      ['domain:exämple.com', 'did you mean domain:xn--exmple-cua.com (domain:#5101)?'],
      ['project:APP ONE', 'did you mean project:App\\u{a0}One (project:#4001)?'],
    ]);
  });

  test('of an id that is gone names the resource that was made anew, by the comment of an import (case I25)', async () => {
    const odd = ACCOUNT.replace('name: App,', 'name: "App\\u00a0One",');
    const before = await simulate({ seed: seedOf(odd) });
    const cwd = workplace();
    await runCli(['import', '--out', 'p.yaml'], { cwd, env: pointedAt(before) });
    expect(readFileSync(join(cwd, 'p.yaml'), 'utf8')).toContain('"project:#4001" # App\\u{a0}One (a policy');
    const after = await simulate({ seed: seedOf(odd.replaceAll('id: 4001,', 'id: 4900,')) });
    const shown = await runCli(['plan', 'p.yaml', '--format', 'json'], { cwd, env: pointedAt(after) });
    const remedies = noticed(JSON.parse(shown.stdout), 'matches-nothing').map(({ remedy }) => remedy);
    expect(new Set(remedies)).toEqual(
      new Set([
        'it is gone; a resource of the name in its comment is now project:App\\u{a0}One (project:#4900): write project:#4900 if it was made anew, otherwise delete the line',
      ]),
    );
  });
});
