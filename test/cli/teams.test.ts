import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

const rowsOf = (email: string) => simulator.state().accesses.find(({ who }) => who === email)?.rows;

interface Files {
  readonly [path: string]: string;
}

/** A root file with one team, which may decide the project Checkout. Erin is admin of two other projects and viewer of one. */
function root(unlisted: string, more = '', team = 'may: ["project:Checkout"], upTo: admin'): string {
  return `version: 1
account: 3229
mode: authoritative
unlisted: ${unlisted}
protected: [owner@example.com]
limits: { revokes: { principals: 50, percent: 100 }, admins: 1 }
include:
  - { team: teams/checkout.yaml, as: checkout, ${team} }
${more}paused: false
`;
}

function team(grants: string, more = ''): string {
  return `version: 1\nkind: team\n${more}grants:\n${grants}complete: true\n`;
}

const ERIN = team('  - { to: erin@example.com, resource: "project:Checkout", level: viewer }\n');

function scene(files: Files) {
  const cwd = workplace(files);
  const env = provenAt(simulator);
  const grantd = (...words: readonly string[]): Promise<Printed> => runCli(words, { cwd, env });
  const json = async (...words: readonly string[]) =>
    JSON.parse((await grantd(...words, '--format', 'json')).stdout || '{}');
  return { cwd, grantd, json };
}

describe('whom only a team’s file names', () => {
  test('gets what it gives, and loses the rest as `unlisted: revoke` says', async () => {
    const { grantd, json } = scene({ 'policy.yaml': root('revoke'), 'teams/checkout.yaml': ERIN });
    const plan = await json('plan', 'policy.yaml');
    const erin = plan.changes.filter(({ principal }: { principal: { email?: string } }) =>
      principal.email?.startsWith('erin'),
    );
    expect(
      erin.map(({ kind, why }: { kind: string; why: { kind: string; file: string }[] }) => [kind, why[0]]),
    ).toEqual([
      ['create', expect.objectContaining({ kind: 'grant', file: 'teams/checkout.yaml', line: 4 })],
      ...Array(3).fill(['remove', { kind: 'unlisted', file: 'policy.yaml', line: 4 }]),
    ]);
    expect((await grantd('apply', 'policy.yaml', '--yes')).code).toBe(0);
    expect(rowsOf('erin@example.com')).toEqual([{ type: 'project', id: 4001, level: 10 }]);
  });

  test('keeps the rest with `unlisted: keep`, and everything says beyond which file', async () => {
    const { grantd, json } = scene({ 'policy.yaml': root('keep'), 'teams/checkout.yaml': ERIN });
    const { stdout } = await grantd('plan', 'policy.yaml', '--verbose');
    expect(stdout).toMatch(/erin@example\.com +.*\(beyond what teams\/checkout\.yaml may decide\)/);
    const plan = await json('plan', 'policy.yaml');
    const erin = plan.unlisted.find(({ teamFiles }: { teamFiles: string[] }) => teamFiles.length > 0);
    expect(erin).toMatchObject({ teamFiles: ['teams/checkout.yaml'], revokedAt: null, rows: { length: 3 } });
    const explained = await grantd('explain', 'erin@example.com', 'policy.yaml');
    expect(explained.stdout).toContain('left alone, beyond what teams/checkout.yaml may decide');
    const { accesses } = await json('explain', 'erin@example.com', 'policy.yaml');
    expect(JSON.stringify(accesses)).toContain('{"on":{"type":"project"');
    expect(JSON.stringify(accesses)).toContain('"kind":"beyond-teams","files":["teams/checkout.yaml"]');
    expect((await grantd('plan', 'policy.yaml', '--format', 'markdown')).stdout).toContain(
      'beyond what teams/checkout.yaml may decide',
    );
    await grantd('apply', 'policy.yaml', '--yes');
    expect(rowsOf('erin@example.com')).toHaveLength(4);
  });

  test('is decided whole once the root file names them', async () => {
    const grants = 'grants: [{ to: erin@example.com, resource: "project:Mobile iOS", level: viewer }]\n';
    const { json } = scene({ 'policy.yaml': root('keep', grants), 'teams/checkout.yaml': ERIN });
    const { changes } = await json('plan', 'policy.yaml');
    expect(
      changes.map(({ kind, resource }: { kind: string; resource: { label: string } }) => `${kind} ${resource.label}`),
    ).toEqual(
      expect.arrayContaining([
        'lower project:Mobile iOS',
        'remove project:Mobile Android',
        'remove project:Mobile Legacy',
      ]),
    );
  });

  test('keeps what a name of `may` may mean that matches nothing, and the run says so', async () => {
    const files = {
      'policy.yaml': root('revoke', '', 'may: ["project:Renamed"], upTo: admin'),
      'teams/checkout.yaml': team('  - { to: erin@example.com, resource: "project:Renamed", level: viewer }\n'),
    };
    const { grantd, json } = scene(files);
    const plan = await json('plan', 'policy.yaml');
    const erin = plan.deferred.filter(({ change }: { change: { principal: { email?: string } } }) =>
      change.principal.email?.startsWith('erin'),
    );
    expect(erin.map(({ reason }: { reason: string }) => reason)).toEqual(Array(3).fill('unresolved-name'));
    expect((await grantd('apply', 'policy.yaml', '--yes')).code).toBe(3);
    expect(rowsOf('erin@example.com')).toHaveLength(3);
  });

  test('loses no row by a line whose id lies outside', async () => {
    const grants = team('  - { to: erin@example.com, resource: "project:#4002", level: viewer }\n');
    const { json } = scene({ 'policy.yaml': root('keep'), 'teams/checkout.yaml': grants });
    const plan = await json('plan', 'policy.yaml');
    expect(plan.notices).toContainEqual(
      expect.objectContaining({
        code: 'beyond-scope',
        message: expect.stringContaining(
          'project:#4002 is project:Mobile iOS, which is not within what the team checkout',
        ),
      }),
    );
    expect(
      plan.changes.filter(({ principal }: { principal: { email?: string } }) => principal.email === 'erin@example.com'),
    ).toEqual([]);
  });
});

describe('the files of a policy', () => {
  test('are validated together, each problem with its file, line and excerpt', async () => {
    const { grantd, json } = scene({
      'policy.yaml': root('revoke'),
      'teams/checkout.yaml': team('  - { to: erin@example.com, resource: "project:Mobile iOS", level: viewer }\n'),
    });
    const { code, stdout } = await grantd('validate', 'policy.yaml');
    expect(code).toBe(4);
    expect(stdout).toContain('teams/checkout.yaml:4:39: error[beyond-scope]: project:Mobile iOS is not within');
    expect(stdout).toContain('4 |   - { to: erin@example.com, resource: "project:Mobile iOS"');
    const { problems } = await json('validate', 'policy.yaml');
    expect(problems).toMatchObject([{ code: 'beyond-scope', file: 'teams/checkout.yaml', line: 4 }]);
  });

  test('a file that is missing, a link out of the directory, and one file twice are problems', async () => {
    const include = `  - { shared: gone.yaml }\n  - { shared: out.yaml }\n  - { shared: again.yaml }\n  - { shared: loop.yaml }\n  - { shared: folder }\n  - { shared: policy.yaml }\n`;
    const outside = workplace({ 'out.yaml': 'version: 1\nkind: shared\ncomplete: true\n' });
    const { cwd, grantd } = scene({
      'policy.yaml': root('revoke', include),
      'teams/checkout.yaml': ERIN,
      'folder/x': '',
    });
    symlinkSync(join(outside, 'out.yaml'), join(cwd, 'out.yaml'));
    symlinkSync('teams/checkout.yaml', join(cwd, 'again.yaml'));
    symlinkSync('loop.yaml', join(cwd, 'loop.yaml'));
    const { stdout } = await grantd('validate', 'policy.yaml');
    for (const why of [
      'gone.yaml cannot be read: there is no such file',
      'out.yaml cannot be read: a link leads out of the directory of the root file',
      'again.yaml cannot be read: it is the same file as teams/checkout.yaml',
      'loop.yaml cannot be read: its links lead in a circle',
      'folder cannot be read: it is no file',
      'policy.yaml cannot be read: it is the same file as policy.yaml',
    ])
      expect(stdout).toContain(why);
  });

  test('have 4 MiB together at most', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const include = names.map((name) => `  - { shared: ${name}.yaml }\n`).join('');
    const large = (name: string) =>
      `version: 1\nkind: shared\n${`# ${name.repeat(100)}\n`.repeat(9_000)}complete: true\n`;
    const files = Object.fromEntries(names.map((name) => [`${name}.yaml`, large(name)]));
    const { grantd } = scene({ 'policy.yaml': root('keep', include), 'teams/checkout.yaml': ERIN, ...files });
    const { stdout } = await grantd('validate', 'policy.yaml');
    expect(stdout).toContain('e.yaml cannot be read: the files of the policy have more than 4 MiB together');
    expect(stdout).not.toContain('d.yaml cannot be read');
  });

  test('cannot be included from standard input', async () => {
    const { cwd } = scene({ 'teams/checkout.yaml': ERIN });
    const { code, stdout } = await runCli(['validate', '-'], { cwd, env: {}, stdin: root('keep') });
    expect(code).toBe(4);
    expect(stdout).toContain('the policy comes from standard input or a pipe, which has no directory');
  });

  test('a token in one of them is refused, and not shown', async () => {
    const { grantd } = scene({
      'policy.yaml': root('keep'),
      'teams/checkout.yaml': `${ERIN}# simulator-admin-token\n`,
    });
    const { code, stderr } = await grantd('plan', 'policy.yaml');
    expect(code).toBe(4);
    expect(stderr).toContain('teams/checkout.yaml contains the API token');
    expect(stderr).not.toContain('simulator-admin-token');
  });

  test('`import --update` edits the file that has the line, and adds new grants to the root file', async () => {
    const grants = '  - { to: [erin@example.com, heidi@example.com], resource: "project:Checkout", level: viewer }\n';
    const { cwd, grantd } = scene({
      'policy.yaml': root('keep'),
      'teams/checkout.yaml': team(
        `${grants}  - { to: [ann@example.com, dave@example.com], resource: "project:Checkout", level: viewer }\n`,
      ),
    });
    const out = await grantd('import', '--update', '--policy', 'policy.yaml', '--out', 'new.yaml');
    expect(out.code).toBe(4);
    expect(out.stderr).toContain('--out takes one file, and teams/checkout.yaml would change as well');
    expect(readdirSync(cwd)).not.toContain('new.yaml');
    const updated = await grantd('import', '--update', '--policy', 'policy.yaml');
    expect(updated.code).toBe(0);
    expect(readFileSync(join(cwd, 'teams/checkout.yaml'), 'utf8')).not.toContain('heidi@example.com,');
    expect(readFileSync(join(cwd, 'policy.yaml'), 'utf8')).toMatch(
      /grantd import --update added these grants[\s\S]*dave@example.com[\s\S]*account/,
    );
    expect((await grantd('validate', 'policy.yaml')).code).toBe(0);
  });

  test('`compare` reads each set in its own directory', async () => {
    const { cwd, grantd } = scene({
      'old/policy.yaml': root('keep'),
      'old/teams/checkout.yaml': ERIN,
      'new/policy.yaml': root('keep'),
      'new/teams/checkout.yaml': ERIN.replace('viewer', 'admin'),
    });
    const { stdout } = await grantd('compare', 'old/policy.yaml', 'new/policy.yaml');
    expect(stdout).toContain('erin@example.com');
    writeFileSync(join(cwd, 'new/teams/checkout.yaml'), 'version: 1\n');
    const invalid = await grantd('compare', 'old/policy.yaml', 'new/policy.yaml');
    expect(invalid.stderr).toContain('new/teams/checkout.yaml:');
  });
});

test('the example of docs/teams.md is valid, and so are the blocks of the page', async () => {
  const directory = new URL('../../config/teams.example/', import.meta.url).pathname;
  const { code, stdout } = await runCli(['validate', 'policy.yaml'], { cwd: directory, env: {} });
  expect([code, stdout]).toEqual([0, expect.stringContaining('valid')]);
  const page = readFileSync(new URL('../../docs/teams.md', import.meta.url), 'utf8');
  const include = /```yaml\n(include:\n[\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(include).not.toBe('');
  expect(readFileSync(join(directory, 'policy.yaml'), 'utf8')).toContain(include);
});
