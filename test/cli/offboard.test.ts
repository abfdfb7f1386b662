import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { provenAt, workplace } from '../support/workplace.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await simulate();
});
afterEach(() => simulator.close());

const HEAD = `version: 1 # the first line
account: 3229
mode: authoritative
unlisted: keep
protected: [owner@example.com]
limits: { revokes: { principals: 50, percent: 100 }, admins: 1 }
`;
const GRANTS = `groups:
  # who tests
  qa:
    - Ann@example.com # the lead
    # and others
    - bob@example.com
  alone: [Ann@example.com]
grants:
  - to: [bob@example.com, Ann@example.com, group:qa]
    resource: project:Checkout
    level: viewer
  # a comment between
  - to: Ann@example.com
    resource: inbox:Checkout/Staging
    level: admin
  - { to: [Ann@example.com], resource: domain:example.com, level: viewer }
  - { to: group:alone, resource: domain:example.com, level: viewer }
tests:
  - { who: Ann@example.com, resource: project:Checkout, expect: viewer }
`;

function scene(policy: string, files: Readonly<Record<string, string>> = {}) {
  const cwd = workplace({ 'policy.yaml': policy, ...files });
  const grantd = (...words: readonly string[]): Promise<Printed> => runCli(words, { cwd, env: provenAt(simulator) });
  return { cwd, grantd, text: (path = 'policy.yaml') => readFileSync(join(cwd, path), 'utf8') };
}

const rowsOf = (email: string) => simulator.state().accesses.find(({ who }) => who === email)?.rows.length;

describe('offboard', () => {
  test('shows the edit, writes it with --write, and the plan takes exactly their rows, whatever `unlisted` says', async () => {
    const text = `${HEAD}grants: [{ to: bob@example.com, resource: "project:Checkout", level: viewer }]\npaused: false\n`;
    const { grantd, text: now } = scene(text);
    const shown = await grantd('offboard', 'erin@example.com');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^policy\.yaml:7\n\+ ends:\n\+ {3}erin@example\.com: 20\d\d-.*Z\n$/);
    expect(shown.stderr).toContain('Nothing was written. Add --write to make this edit.');
    expect(now()).toBe(text);
    const written = await grantd('offboard', 'erin@example.com', '--write');
    expect(written.stderr).toMatch(/Wrote policy\.yaml\. Next: grantd plan/);
    expect(now().replace(/ends:\n.*\n/, '')).toBe(text);
    const plan = JSON.parse((await grantd('plan', '--format', 'json')).stdout);
    const lost = plan.changes.filter(({ kind }: { kind: string }) => kind === 'remove');
    expect(new Set(lost.map(({ principal }: { principal: { email: string } }) => principal.email))).toEqual(
      new Set(['erin@example.com']),
    );
    await grantd('apply', '--yes');
    expect(rowsOf('erin@example.com')).toBe(0);
  });

  test('writes into the map that is there, in its style, with the spelling of the file', async () => {
    const on = ['--on', '2027-01-31', '--write'];
    for (const [before, after] of [
      [
        'ends:\n    bob@example.com: 2026-12-31 # he told us',
        'ends:\n    bob@example.com: 2026-12-31 # he told us\n    Ann@example.com: 2027-01-31',
      ],
      ['ends: { bob@example.com: 2026-12-31 }', 'ends: { bob@example.com: 2026-12-31, Ann@example.com: 2027-01-31 }'],
      ['ends: {} # nobody', 'ends: { Ann@example.com: 2027-01-31 } # nobody'],
      ['ends: { ann@example.com: 2027-12-31 }'.replace('ann', 'Ann'), 'ends: { Ann@example.com: 2027-01-31 }'],
    ] as const) {
      const { grantd, text } = scene(`${HEAD}${before}\n${GRANTS}paused: false\n`);
      const { code, stderr } = await grantd('offboard', 'ann@example.com', ...on);
      expect([code, stderr]).toEqual([0, expect.stringContaining('`tests` at policy.yaml')]);
      expect(text()).toBe(`${HEAD}${after}\n${GRANTS}paused: false\n`);
    }
  });

  test('says so if they end as early already, or nothing is to do', async () => {
    const { grantd, text } = scene(`${HEAD}ends: { bob@example.com: 2026-01-31 }\n${GRANTS}paused: false\n`);
    const before = text();
    const { code, stdout, stderr } = await grantd('offboard', 'bob@example.com', '--write');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('bob@example.com ends 2026-01-31 already (policy.yaml:7:9).');
    expect(stderr).toContain('There is nothing to change.');
    expect(text()).toBe(before);
  });

  test('refuses whom it cannot end, tokens, wrong flags, and a text that it cannot edit', async () => {
    const { grantd } = scene(`${HEAD}ignore: ["*@contractor.example"]\n${GRANTS}paused: false\n`);
    const refusal = async (...words: readonly string[]) => {
      const { code, stderr } = await grantd('offboard', ...words);
      return [code, stderr.replace(/\s+/g, ' ')];
    };
    expect(await refusal('owner@example.com')).toEqual([4, expect.stringContaining('is protected (policy.yaml:5:13)')]);
    expect(await refusal('ivan@contractor.example')).toEqual([
      4,
      expect.stringContaining('is ignored (policy.yaml:7:10)'),
    ]);
    expect(await refusal('token:ci')).toEqual([4, expect.stringContaining('is an API token')]);
    expect(await refusal('bob@example.com', '--on', 'soon')).toEqual([4, expect.stringContaining('--on:')]);
    expect(await refusal('bob@example.com', '--clean')).toEqual([
      4,
      expect.stringContaining('--clean needs --snapshot'),
    ]);
    expect(await refusal('bob@example.com', '--snapshot', 'a.json')).toEqual([
      4,
      expect.stringContaining('goes with --clean'),
    ]);
    expect(await refusal('bob@example.com', '--clean', '--on', '2026-01-01')).toEqual([
      4,
      expect.stringContaining('two steps'),
    ]);
    const flow = scene(
      '{ version: 1, account: 3229, mode: authoritative, unlisted: keep, protected: [], limits: { revokes: { principals: 5, percent: 50 }, admins: 1 }, paused: false }\n',
    );
    const { code, stderr } = await flow.grantd('offboard', 'bob@example.com');
    expect([code, stderr]).toEqual([4, expect.stringContaining('cannot safely edit this text')]);
  });

  test('says that nothing is taken where the policy is paused, or observes them', async () => {
    const { grantd } = scene(`${HEAD}observe: ["bob@*"]\n${GRANTS}paused: true\n`);
    const { code, stderr } = await grantd('offboard', 'bob@example.com', 'carol@example.com');
    expect(code).toBe(0);
    expect(stderr).toContain('The policy is paused: `ends` waits until `paused` is false.');
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      '`observe` lists bob@example.com (policy.yaml:7:11), so grantd takes nothing from them.',
    );
    expect(stderr).not.toContain('lists carol');
  });

  test('says that nothing is taken yet where the mode takes nothing', async () => {
    const { grantd } = scene(`${HEAD.replace('authoritative', 'observe')}${GRANTS}paused: false\n`);
    expect((await grantd('offboard', 'bob@example.com')).stderr).toContain(
      'The mode is observe, in which grantd takes nothing',
    );
  });
});

describe('offboard --clean', () => {
  const ENDED = `${HEAD}ends:\n  Ann@example.com: 2026-01-31\n${GRANTS}paused: false\n`;

  async function emptied(): Promise<ReturnType<typeof scene>> {
    const one = scene(ENDED);
    await one.grantd('apply', '--yes');
    expect(rowsOf('ann@example.com')).toBe(0);
    await one.grantd('snapshot', 'policy.yaml', '--out', 'account.json');
    return one;
  }

  test('leaves no trace of them in any list, and every other byte', async () => {
    const { grantd, text } = await emptied();
    const { code, stdout, stderr } = await grantd(
      'offboard',
      'ann@example.com',
      '--clean',
      '--snapshot',
      'account.json',
      '--write',
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('is also named by `tests` at policy.yaml')]);
    expect(stdout).toContain('-     - Ann@example.com # the lead');
    expect(text()).toBe(`${HEAD}ends: {}
groups:
  # who tests
  qa:
    # and others
    - bob@example.com
  alone: []
grants:
  - to: [bob@example.com, group:qa]
    resource: project:Checkout
    level: viewer
  # a comment between
  - { to: group:alone, resource: domain:example.com, level: viewer }
tests:
  - { who: Ann@example.com, resource: project:Checkout, expect: viewer }
paused: false
`);
  });

  test('refuses who has not ended, or still holds something', async () => {
    const { grantd } = scene(ENDED.replace('2026-01-31', '2099-01-31'));
    await grantd('snapshot', 'policy.yaml', '--out', 'account.json');
    const clean = ['--clean', '--snapshot', 'account.json'];
    const early = await grantd('offboard', 'ann@example.com', ...clean);
    expect(early.stderr).toMatch(/ends 2099-01-31, which has not come\n\s+help: wait until then/);
    const endless = await grantd('offboard', 'bob@example.com', ...clean);
    expect(endless.stderr).toMatch(/has no `ends`.*\n\s+help: grantd offboard bob@example\.com writes it/);
    const now = scene(ENDED);
    await now.grantd('snapshot', 'policy.yaml', '--out', 'account.json');
    const held = await now.grantd('offboard', 'ann@example.com', ...clean);
    expect(held.code).toBe(4);
    expect(held.stderr).toMatch(/still has 2 rows in this snapshot\n\s+help: grantd explain ann@example\.com says why/);
  });

  test('edits each file where a line is, and says that a file may be shared', async () => {
    const include = 'include: [{ shared: common.yaml }, { team: teams/a.yaml, as: a, may: ["project:Checkout"] }]\n';
    const { grantd, text } = scene(
      `${HEAD}${include}ends: { ann@example.com: 2026-01-31, bob@example.com: 2099-01-31 }\npaused: false\n`,
      {
        'common.yaml': 'version: 1\nkind: shared\ngroups:\n  qa: [ann@example.com, bob@example.com]\ncomplete: true\n',
        'teams/a.yaml':
          'version: 1\nkind: team\ngrants:\n  - { to: ann@example.com, resource: "project:Checkout", level: viewer }\n  - { to: group:qa, resource: "project:Checkout", level: viewer }\ncomplete: true\n',
      },
    );
    await grantd('apply', '--yes');
    await grantd('snapshot', 'policy.yaml', '--out', 'account.json');
    const { code, stderr } = await grantd(
      'offboard',
      'ann@example.com',
      '--clean',
      '--snapshot',
      'account.json',
      '--write',
    );
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('If other policies include common.yaml or teams/a.yaml, they change as well.'),
    ]);
    expect(text()).toContain('ends: { bob@example.com: 2099-01-31 }');
    expect(text('common.yaml')).toContain('qa: [bob@example.com]');
    expect(text('teams/a.yaml')).toBe(
      'version: 1\nkind: team\ngrants:\n  - { to: group:qa, resource: "project:Checkout", level: viewer }\ncomplete: true\n',
    );
    expect((await grantd('validate')).code).toBe(0);
  });

  const INCLUDING = `${HEAD}include: [{ team: a.yaml, as: a, may: ["project:Checkout"] }]\nends: { ann@example.com: 2026-01-31 }\npaused: false\n`;
  const TEAM =
    'version: 1\nkind: team\ngrants:\n  - { to: [ann@example.com, bob@example.com], resource: "project:Checkout", level: viewer }\ncomplete: true\n';

  test('edits an included file where it was read: beside the file to which a link of the root file leads', async () => {
    const { cwd, grantd, text } = scene('', { 'a.yaml': 'not part of the policy\n' });
    mkdirSync(join(cwd, 'real'));
    writeFileSync(
      join(cwd, 'real', 'policy.yaml'),
      INCLUDING.replace('unlisted: keep', 'unlisted: revoke').replace(/ends.*\n/, ''),
    );
    writeFileSync(join(cwd, 'real', 'a.yaml'), TEAM.replace('ann@', 'dave@'));
    symlinkSync('real/policy.yaml', join(cwd, 'link.yaml'));
    await grantd('apply', 'link.yaml', '--yes');
    simulator.writeAsSomebodyElse({ act: 'remove-row', who: 'dave@example.com', type: 'project', id: 4001 });
    const updated = await grantd('import', '--update', '--policy', 'link.yaml');
    expect([updated.code, updated.stderr]).toEqual([0, expect.stringContaining('link.yaml now says')]);
    expect(text('a.yaml')).toBe('not part of the policy\n');
    expect(text('real/a.yaml')).toBe(TEAM.replace('ann@example.com, ', ''));
  });

  test('writes no file at all if it may not write one of them', async () => {
    const { cwd, grantd, text } = scene(INCLUDING, { 'real.yaml': TEAM });
    symlinkSync('real.yaml', join(cwd, 'a.yaml'));
    await grantd('apply', '--yes');
    await grantd('snapshot', 'policy.yaml', '--out', 'account.json');
    const { code, stderr } = await grantd(
      ...['offboard', 'ann@example.com', '--clean', '--snapshot', 'account.json', '--write'],
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('is a symbolic link')]);
    expect([text(), text('real.yaml')]).toEqual([INCLUDING, TEAM]);
  });
});
