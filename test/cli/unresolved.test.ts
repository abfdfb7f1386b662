import { describe, expect, test } from 'vitest';
import { type Printed, runCli } from '../support/in-process.ts';
import { seedOf, simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const ACCOUNT = `version: 1
account: { id: 3229, name: Example }
roots: account
resources:
  - { type: project, id: 4001, name: App, resources: [{ type: inbox, id: 3801, name: Live }] }
  - { type: project, id: 4002, name: Web }
tokens:
  - { name: grantd, secret: ${ADMIN_TOKEN}, id: 2496900, access: 5140, rows: [{ type: account, id: 3229, level: 100 }] }
accesses:
  - { access: 90, kind: user, id: 990, email: root@example.com, name: Root, owner: true }
  - { access: 101, kind: user, id: 1001, email: p1@example.com, name: P1, rows: [{ type: project, id: 4001, level: 10 }] }
`;

interface Draft {
  readonly head?: string;
  readonly grant?: string;
  readonly mode?: string;
  readonly paused?: boolean;
}

/** What p1 has, and on line 6 or 10 what a test adds. */
const policyOf = ({ head = 'never: []', grant = '', mode = 'authoritative', paused = false }: Draft) => `version: 1
account: 3229
mode: ${mode}
protected: [root@example.com]
unlisted: keep
${head}
limits: { revokes: { principals: 3, percent: 60 }, admins: 1 }
grants:
  - { to: p1@example.com, resource: project:App, level: viewer }
  ${grant === '' ? '' : `- { ${grant} }`}
paused: ${paused}
`;

type Grantd = (...words: readonly string[]) => Promise<Printed>;

async function scene(draft: Draft): Promise<Grantd> {
  const simulator = await simulate({ seed: seedOf(ACCOUNT) });
  const world = { cwd: workplace({ 'p.yaml': policyOf(draft) }), env: pointedAt(simulator) };
  return (command = '', ...more) => runCli([command, 'p.yaml', ...more], world);
}

const WEBB = { grant: 'to: p1@example.com, resource: project:Webb, level: viewer' };

/** Where a name can stand, with its reason and its line. Nothing else differs. */
const WAITS: readonly (readonly [where: string, draft: Draft, reason: string, line: number])[] = [
  ['a grant', WEBB, 'unresolved-name', 10],
  ['a grant of mode additive', { ...WEBB, mode: 'additive' }, 'unresolved-name', 10],
  ['a grant of mode observe', { ...WEBB, mode: 'observe' }, 'unresolved-name', 10],
  ['a grant of a paused policy', { ...WEBB, paused: true }, 'unresolved-name', 10],
  [
    '`except`',
    { grant: 'to: p1@example.com, resource: "project:A*", except: [project:Webb], level: viewer' },
    'unresolved-except',
    10,
  ],
  ['`ignore`', { head: 'ignore: [project:Webb]' }, 'unresolved-scope', 6],
  ['`observe`', { head: 'observe: [project:Webb]' }, 'unresolved-scope', 6],
  ['`manage`', { head: 'manage: ["project:*", project:Webb]' }, 'unresolved-scope', 6],
  [
    '`never`',
    { head: 'never: [{ who: p1@example.com, resource: project:Webb, level: admin }]' },
    'unresolved-never',
    6,
  ],
];

describe('a name that matches no resource, while nothing differs', () => {
  test.each(WAITS)('in %s waits: exit 3, and no sentence says that all is as the policy says', async (...row) => {
    const [, draft, reason, line] = row;
    const grantd = await scene(draft);
    const text = await grantd('plan', '--detailed-exitcode');
    expect(text.code).toBe(3);
    expect(text.stdout.replace(/\s+/g, ' ')).toMatch(
      /nothing is written\. (In a mode that writes: )?1 name matches no resource, or several\./,
    );
    expect(text.stdout).toMatch(new RegExp(`project:Webb[^]*p\\.yaml:${line}|p\\.yaml:${line}[^]*project:Webb`));
    expect(text.stdout).not.toMatch(/Nothing to|as the policy says|is in place/);
    const plan = JSON.parse((await grantd('plan', '--format', 'json')).stdout);
    expect(plan).toMatchObject({ verdict: 'deferred', changes: [], deferred: [] });
    expect(plan.unresolved).toEqual([{ name: 'project:Webb', reason, at: { file: 'p.yaml', line } }]);

    const applied = await grantd('apply', '--yes', '--format', 'json');
    expect(applied.code).toBe(3);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      result: 'not-written',
      remaining: { verdict: 'deferred', unresolved: plan.unresolved },
    });
    const { checks } = JSON.parse((await grantd('doctor', '--format', 'json')).stdout);
    expect(checks.find((one: { check: string }) => one.check === 'names')).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/^project:Webb \(p\.yaml:\d+:\d+\) matches no resource, or several, so what/),
    });
  });

  test('is named after what was written', async () => {
    const grantd = await scene({ grant: 'to: p1@example.com, resource: [project:Web, project:Webb], level: viewer' });
    expect((await grantd('plan')).stdout).toMatch(/1 change may be written\. 1 name matches/);
    const applied = await grantd('apply', '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toMatch(/1 applied\. 1 name matches no resource, or several\./);
  });

  test('and more of them are counted, and named by doctor', async () => {
    const grantd = await scene({
      grant: 'to: p1@example.com, resource: [project:A, project:B, inbox:C/D], level: viewer',
    });
    expect((await grantd('plan')).stdout.replace(/\s+/g, ' ')).toMatch(
      /nothing is written\. 3 names match no resource, or several\./,
    );
    expect((await grantd('doctor')).stdout.replace(/\s+/g, ' ')).toMatch(
      /project:A \(p\.yaml:10:\d+\) and 2 more names match no resource, or several, so what relies on it waits/,
    );
  });
});

describe('nothing waits', () => {
  test.each<readonly [string, Draft]>([
    ['for an absent person', { grant: 'to: gone@example.com, resource: project:Webb, level: viewer' }],
    [
      'for an owner, whom grantd never writes',
      { grant: 'to: root@example.com, resource: project:Webb, level: viewer' },
    ],
    ['for somebody observed', { ...WEBB, head: 'observe: [p1@example.com]' }],
    ['for a grant that has not begun', { grant: `${WEBB.grant}, from: 2099-01-01` }],
    ['for a pattern', { grant: 'to: p1@example.com, resource: "project:Webb*", level: viewer' }],
    ['for a pattern of `ignore`', { head: 'ignore: ["inbox:Web/Typo*"]' }],
    ['for an id', { grant: 'to: p1@example.com, resource: "project:#4999", level: viewer' }],
  ])('%s', async (_, draft) => {
    const grantd = await scene(draft);
    const { code, stdout } = await grantd('plan', '--detailed-exitcode', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'complete', unresolved: [] });
    expect(code).toBe(0);
    const { checks } = JSON.parse((await grantd('doctor', '--format', 'json')).stdout);
    expect(checks.find((one: { check: string }) => one.check === 'names')).toMatchObject({ status: 'ok' });
  });
});
