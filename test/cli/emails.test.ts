import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { seedOf, simulate } from '../support/simulate.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const JOSE = 'jose\u0301@example.com';
const JOSE_COMPOSED = 'jos\u00e9@example.com';
const ANN = 'ann@ex\u00e4mple.com';
const ANN_ASCII = 'ann@xn--exmple-cua.com';
const BOB = 'Bob@EX\u00c4MPLE.com';

const SEED = `version: 1
account: { id: 3229, name: Example }
resources:
  - type: project
    id: 4001
    name: App
    resources: [{ type: inbox, id: 3801, name: Live }]
tokens:
  - { name: grantd, secret: simulator-admin-token, id: 900, access: 9000, rows: [{ type: account, id: 3229, level: 100 }] }
accesses:
  - { access: 1, kind: user, id: 11, email: root@example.com, name: Root, owner: true }
  - { access: 2, kind: user, id: 12, email: "${JOSE}", name: J, rows: [{ type: project, id: 4001, level: 100 }, { type: inbox, id: 3801, level: 100 }] }
  - { access: 3, kind: user, id: 13, email: "${ANN_ASCII}", name: A, rows: [{ type: project, id: 4001, level: 10 }] }
  - { access: 4, kind: user, id: 14, email: "${BOB}", name: B, rows: [{ type: project, id: 4001, level: 10 }] }
  - { access: 5, kind: user, id: 15, email: cid@example.com, name: C, rows: [{ type: project, id: 4001, level: 10 }] }
`;

function policyOf(lines: string): string {
  return `version: 1
account: 3229
mode: authoritative
unlisted: revoke
limits: { revokes: { principals: 5, percent: 100 }, admins: 1 }
${lines}
paused: false
`;
}

const CID = '{ to: cid@example.com, resource: project:App, level: viewer }';

async function scene(lines: string) {
  const simulator = await simulate({ seed: seedOf(SEED) });
  const cwd = workplace({ 'policy.yaml': policyOf(lines) });
  const world = { cwd, env: pointedAt(simulator) };
  const run = (...args: readonly string[]) => runCli(args, world);
  const puts = () => simulator.requests().filter(({ method }) => method !== 'GET');
  return { simulator, cwd, world, run, puts };
}

describe('an e-mail that the account spells otherwise than the policy', () => {
  test('keeps what protected, ignore and grants keep', async () => {
    const { run, puts } = await scene(
      `protected: ["${JOSE_COMPOSED}"]\nignore: ["bob@ex\u00e4mple.com"]\ngrants: [{ to: "${ANN}", resource: project:App, level: viewer }, ${CID}]`,
    );
    const plan = await run('plan', '--detailed-exitcode');
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toContain('Nothing to change');
    expect(plan.stdout).not.toContain('Absent');
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 });
    expect(puts()).toEqual([]);
  });

  test('is held by a `never` rule, by a name, a group and a pattern', async () => {
    for (const who of [`"${ANN}"`, 'group:g', '"*@EX\u00c4MPLE.com"', '"*@ex*.com"', '"*@*.com"']) {
      const { run, puts } = await scene(
        `protected: []\ngroups: { g: ["${ANN}"] }\nnever: [{ who: ${who}, resource: "project:A*", level: admin }]\nignore: ["bob@*", "jos\u00e9@*"]\ngrants: [{ to: "${ANN}", resource: inbox:App/Live, level: admin }, { to: "${ANN}", resource: "project:#4001", level: admin }, ${CID}]`,
      );
      const plan = await run('plan', '--format', 'json');
      const { held, changes } = JSON.parse(plan.stdout);
      expect(changes, who).toEqual([]);
      expect(held[0], who).toMatchObject({ principal: { email: ANN_ASCII }, rules: ['never'] });
      expect(plan.stdout, who).toContain(`${ANN} would be admin on project:App`);
      await run('apply', '--yes');
      expect(puts(), who).toEqual([]);
    }
  });

  test('loses what `ends` ends, and the rows of it are those of one person', async () => {
    const { run, simulator } = await scene(
      `protected: ["${JOSE}"]\nends: { "${ANN}": 2020-01-01 }\ngrants: [{ to: "BOB@xn--exmple-cua.com", resource: inbox:App/Live, level: admin }, ${CID}]`,
    );
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 });
    expect(simulator.rows(3)).toEqual({});
    expect(simulator.rows(4)).toEqual({ 'inbox:3801': 100 });
    expect(simulator.rows(2)).toEqual({ 'project:4001': 100, 'inbox:3801': 100 });
  });

  test('is asked for in any spelling, and shown as it was written', async () => {
    const { run, cwd } = await scene(
      `protected: ["${JOSE_COMPOSED}"]\ngrants: [{ to: ["${ANN}", "zed@XN--exmple-cua.com"], resource: project:App, level: viewer }, ${CID}]\ntests: [{ who: "${ANN}", resource: inbox:App/Live, expect: viewer }]`,
    );
    for (const who of [ANN, ANN_ASCII, 'ANN@EXA\u0308MPLE.com', 'ann@ex\u00e4mple\u3002com']) {
      const { code, stdout } = await run('explain', who, '--format', 'json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ status: 'named', accesses: [{ principal: { email: ANN_ASCII } }] });
    }
    expect((await run('explain', JOSE)).stdout).toContain('protected: never lowered');
    expect((await run('plan', '--verbose')).stdout).toContain('zed@XN--exmple-cua.com');
    expect((await run('plan', '--format', 'json')).stdout).toContain('"email": "zed@XN--exmple-cua.com"');
    await run('validate', '--junit', 'junit.xml');
    expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain(`${ANN} should have viewer on inbox:App/Live`);
    await run('snapshot', '--out', 'account.json');
    expect(JSON.parse(readFileSync(join(cwd, 'account.json'), 'utf8')).accesses[1].principal.email).toBe(JOSE);
    const review = await run('review', '--snapshot', 'account.json');
    expect(review.stdout).toContain(`\r\n${JOSE},user,2,not-named,protected,`);
    expect(review.stdout).toContain(`\r\n${ANN_ASCII},user,3,named,`);
    expect(review.stdout).toContain(`\r\n${BOB},user,4,not-named,unlisted,`);
    expect(review.stdout).toContain('zed@XN--exmple-cua.com');
  });

  test('is no difference between two policies', async () => {
    const lines = (jose: string, ann: string, pattern: string) =>
      `protected: ["${jose}"]\nignore: ["${pattern}"]\nends: { "${ann}": 2031-01-01 }\nnever: [{ who: "${ann}", resource: account, level: admin }]\ngrants: [{ to: "${ann}", resource: project:App, level: viewer }, ${CID}]\ntests: [{ who: "${ann}", resource: project:App, expect: viewer }]`;
    const { run, cwd } = await scene(lines(JOSE, ANN, '*@EX\u00c4.com'));
    writeFileSync(join(cwd, 'next.yaml'), policyOf(lines(JOSE_COMPOSED, ANN_ASCII, '*@xn--ex-wia.com')));
    const compared = await run('compare', 'policy.yaml', 'next.yaml', '--format', 'json');
    expect(JSON.parse(compared.stdout)).toMatchObject({ terms: [], statuses: [], shifts: [] });
    writeFileSync(join(cwd, 'other.yaml'), policyOf(lines(JOSE, ANN, '*@xn--ther-4qa.com')));
    const { terms } = JSON.parse((await run('compare', 'policy.yaml', 'other.yaml', '--format', 'json')).stdout);
    expect(terms.map(({ what }: { readonly what: string }) => what)).toEqual([
      '- *@EX\u00c4.com',
      '+ *@xn--ther-4qa.com',
    ]);
  });

  test('is imported as the account spells it, and taken over as the file does', async () => {
    const { run, cwd } = await scene(
      `protected: ["${JOSE_COMPOSED}"]\ngrants: [{ to: "${ANN}", resource: inbox:App/Live, level: viewer }, ${CID}]`,
    );
    const imported = await run('import', '--out', 'new.yaml');
    expect(imported.code).toBe(0);
    const text = readFileSync(join(cwd, 'new.yaml'), 'utf8');
    for (const email of [JOSE, ANN_ASCII, BOB]) expect(text).toContain(email);
    expect((await run('validate', 'new.yaml')).stdout).toBe('new.yaml: valid\n');
    expect((await run('plan', 'new.yaml', '--mode', 'authoritative')).stdout).toContain('Nothing to change');
    await run('import', '--update', 'policy.yaml', '--out', 'updated.yaml');
    const updated = readFileSync(join(cwd, 'updated.yaml'), 'utf8');
    expect(updated).toContain(ANN);
    expect(updated).not.toContain(ANN_ASCII);
    expect((await run('validate', 'updated.yaml')).stdout).toBe('updated.yaml: valid\n');
    expect((await run('plan', 'updated.yaml')).stdout).toContain('Nothing to change');
  });

  test('is found in the audit log', async () => {
    const { run } = await scene(
      `protected: ["${JOSE}"]\ngrants: [{ to: "${ANN}", resource: inbox:App/Live, level: admin }, ${CID}]`,
    );
    expect(await run('apply', '--yes', '--audit-log', 'audit.jsonl')).toMatchObject({ code: 0 });
    const shown = await run('audit', 'show', 'audit.jsonl', '--who', ANN);
    expect(shown.stdout).toContain(ANN_ASCII);
    expect(shown.stdout).not.toContain(BOB);
    expect((await run('audit', 'show', 'audit.jsonl', '--who', 'bob@xn--exmple-cua.com')).stdout).toContain(BOB);
  });
});
