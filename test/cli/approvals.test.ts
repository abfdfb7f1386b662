import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { ACCOUNT, smallSeed } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const NAMES = ['ann@example.com', 'bob@example.com'];
const [ANN = '', BOB = ''] = NAMES;
const USER = userInfo().username;

/** Two would become account admin, and one may. */
const TWO_ADMINS = [
  'limits: { revokes: { principals: 5, percent: 50 }, admins: 1, newAdmins: 1 }',
  'grants:',
  `  - { to: [${NAMES}], resource: account, level: admin }`,
];

async function world(policy: readonly string[] = TWO_ADMINS, env: Readonly<Record<string, string>> = {}) {
  const accesses = NAMES.map((email, index) => ({ access: 101 + index, kind: 'user' as const, email }));
  const owner = { access: 1, kind: 'user' as const, email: 'owner@example.com', owner: true };
  const simulator = await simulate({ seed: smallSeed({ accesses: [owner, ...accesses] }) });
  const textOf = (lines: readonly string[]) =>
    ['version: 1', `account: ${ACCOUNT}`, 'mode: authoritative', 'unlisted: keep', 'protected: []', ...lines].join(
      '\n',
    );
  const cwd = workplace({ 'policy.yaml': `${textOf(policy)}\npaused: false\n` });
  const grantd = (args: readonly string[], answer?: string): Promise<Printed> =>
    runCli(args, { cwd, env: { ...pointedAt(simulator), ...env }, ...(answer !== undefined && { answer }) });
  const [digest = ''] = digestsOf(await grantd(['plan', '--format', 'json']));
  const edit = (lines: readonly string[]) =>
    writeFileSync(join(cwd, 'policy.yaml'), `${textOf([...policy, ...lines])}\npaused: false\n`);
  return { simulator, grantd, digest, edit, file: (name: string) => readFileSync(join(cwd, name), 'utf8') };
}

/** The digests of the held parts, in the order of the plan. */
const digestsOf = ({ stdout }: Printed): readonly string[] =>
  JSON.parse(stdout).held.map(({ digest }: { readonly digest: string }) => digest);

const intentsOf = (log: string) =>
  log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'intent');

describe('the audit log of an apply', () => {
  it('records that --approve let it pass, and which user of the system gave it', async () => {
    const { grantd, digest, file } = await world();
    const { code, stdout } = await grantd([
      ...['apply', '--yes', '--approve', digest, '--audit-log', 'audit.jsonl', '--format', 'json'],
    ]);
    expect(code).toBe(3);
    expect(intentsOf(file('audit.jsonl')).map(({ approvals }) => approvals)).toEqual([
      [{ digest, by: { kind: 'by-hand', user: USER } }],
    ]);
    expect(JSON.parse(stdout).approved).toMatchObject([{ digest, by: { kind: 'by-hand', user: USER } }]);
    expect((await grantd(['audit', 'show', 'audit.jsonl'])).stdout).toContain(
      `  approved by ${USER}, with --approve (${digest})\n`,
    );
    expect((await grantd(['audit', 'verify', 'audit.jsonl'])).code).toBe(0);
  });

  it('records which line of which text approved it, and until when', async () => {
    const { grantd, digest, edit, file } = await world();
    edit([`approvals: [{ digests: ["${digest}"], until: 2999-12-31 }]`]);
    expect((await grantd(['apply', '--yes', '--audit-log', 'audit.jsonl'])).code).toBe(3);
    const [intent] = intentsOf(file('audit.jsonl'));
    expect(intent.approvals).toEqual([
      { digest, by: { kind: 'policy', file: 'policy.yaml', line: 9, until: '3000-01-01T00:00:00Z' } },
    ]);
    expect(intent.revision).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await grantd(['audit', 'show', 'audit.jsonl'])).stdout).toContain(
      `  approved by policy.yaml:9, until 3000-01-01T00:00:00Z (${digest})\n`,
    );
    expect((await grantd(['audit', 'verify', 'audit.jsonl'])).code).toBe(0);
  });

  it('has no such word where nothing needed an approval', async () => {
    const { grantd, file } = await world([
      'limits: { revokes: { principals: 5, percent: 50 }, admins: 1 }',
      `grants: [{ to: ${ANN}, resource: account, level: admin }]`,
    ]);
    expect((await grantd(['apply', '--yes', '--audit-log', 'audit.jsonl'])).code).toBe(0);
    expect(file('audit.jsonl')).not.toContain('approvals');
  });
});

describe('apply without an audit log', () => {
  const NO_LOG = 'warning: no audit log is set, so grantd keeps no record of what this run writes';

  it('says so before it asks, and with an approval also what the next run may do', async () => {
    const { grantd, digest, simulator } = await world();
    const { stderr, asked } = await grantd(['apply', '--approve', digest], 'no');
    expect(asked).toContain('Type yes');
    // A terminal wraps at words.
    expect(stderr.replaceAll('\n    ', ' ')).toContain(
      `${NO_LOG}, and who approved it\n  help: add --audit-log FILE, or --state-dir DIR\n` +
        'warning: apply remembers nothing: what stays held beside an approved part may pass the limit in the next run\n' +
        '  help: if it must not be written, change the policy before the next run\n',
    );
    expect(simulator.rows(ANN)).toEqual({});
  });

  it('says nothing of the next run where nothing stays held', async () => {
    const { grantd } = await world();
    const digests = digestsOf(await grantd(['plan', '--format', 'json']));
    const { stderr } = await grantd(['apply', ...digests.flatMap((digest) => ['--approve', digest])], 'no');
    expect(stderr).toContain(NO_LOG);
    expect(stderr).not.toContain('apply remembers nothing');
  });

  it('says so too where it does not ask, if something is approved', async () => {
    const { grantd, digest } = await world();
    expect((await grantd(['apply', '--yes', '--approve', digest])).stderr).toContain(NO_LOG);
    expect((await grantd(['apply', '--yes'])).stderr).not.toContain(NO_LOG);
  });

  it('says nothing of it where a log is set, or nothing can be written', async () => {
    const { grantd, digest } = await world();
    for (const flags of [['--audit-log', 'a.jsonl'], ['--state-dir', 'state'], []]) {
      const approve = flags.length === 0 ? [] : ['--approve', digest];
      expect((await grantd(['apply', ...approve, ...flags], 'no')).stderr).not.toContain(NO_LOG);
    }
  });
});

describe('apply and the state', () => {
  const NO_STATE = 'warning: no state is set, so this run may write what a daemon holds';

  it('holds what stayed held beside an approved part, also of a plan that was saved without memory', async () => {
    const { grantd, digest, simulator } = await world();
    expect((await grantd(['plan'])).stderr).toContain('plan does not read what the daemon remembers.');
    expect((await grantd(['apply', '--yes', '--approve', digest, '--state-dir', 'state'])).code).toBe(3);
    const planned = await grantd(['plan', '--out', 'plan.json']);
    expect(planned.stdout).toContain('1 change may be written');
    const ended = await grantd(['apply', '--yes', '--plan', 'plan.json', '--state-dir', 'state']);
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).not.toContain(NO_STATE);
    expect(simulator.rows(BOB)).toEqual({});
    const asked = await grantd(['apply', '--state-dir', 'state'], 'yes');
    expect(asked.code).toBe(3);
    expect(simulator.rows(BOB)).toEqual({});
    // The next approval lets him pass, and then nothing stays held.
    const [bob = ''] = /sha256:[0-9a-f]{64}/.exec(asked.stdout) ?? [];
    expect((await grantd(['apply', '--approve', bob, '--state-dir', 'state'], 'yes')).code).toBe(0);
    expect(simulator.rows(BOB)).toEqual({ [`account:${ACCOUNT}`]: 100 });
  });

  it('without it, says before it writes that it does not know what stays held', async () => {
    const { grantd } = await world([
      'limits: { revokes: { principals: 5, percent: 50 }, admins: 1 }',
      `grants: [{ to: ${ANN}, resource: account, level: admin }]`,
    ]);
    expect((await grantd(['apply'], 'no')).stderr.replaceAll('\n    ', ' ')).toContain(NO_STATE);
    expect((await grantd(['apply', '--yes'])).stderr).toContain(NO_STATE);
    expect((await grantd(['apply', '--yes'])).stderr).not.toContain(NO_STATE);
  });
});

describe('a held part', () => {
  const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

  it('is shown with the lines to add to the policy first, and the command second', async () => {
    const { grantd, digest } = await world();
    const line = `- { digests: ["${digest}"], until: ${inAWeek} }`;
    const command = `grantd apply policy.yaml --approve ${digest}`;
    const { stdout } = await grantd(['plan']);
    expect(stdout).toContain(
      `    to approve it, add these lines under \`approvals:\` of the policy:\n  - until: ${inAWeek}\n    digests:\n      - ${digest}\n    or approve it for one run: ${command}\n`,
    );
    const json = JSON.parse((await grantd(['plan', '--format', 'json'])).stdout);
    expect(Object.entries(json.held[0]).slice(-2)).toEqual([
      ['approvalLine', line],
      ['approve', command],
    ]);
    const markdown = (await grantd(['plan', '--format', 'markdown'])).stdout;
    expect(markdown).toContain(`approvals:\n  - until: ${inAWeek}\n    digests:\n      - ${digest}\n`);
  });

  it('runs by the line that is shown, as it is', async () => {
    const { grantd, edit, simulator } = await world();
    const json = JSON.parse((await grantd(['plan', '--format', 'json'])).stdout);
    edit(['approvals:', `  ${json.held[0].approvalLine}`]);
    expect((await grantd(['apply', '--yes'])).code).toBe(3);
    expect([simulator.rows(ANN), simulator.rows(BOB)]).toEqual([{ [`account:${ACCOUNT}`]: 100 }, {}]);
  });

  it.each([40, 80])('runs by the lines that a person copies from %i columns, as they are', async (columns) => {
    const { grantd, edit, simulator } = await world(TWO_ADMINS, { COLUMNS: `${columns}` });
    const { stdout } = await grantd(['plan']);
    const [lines = ''] = /^ {2}- until: .*\n.*\n.*$/m.exec(stdout) ?? [];
    edit(['approvals:', lines]);
    expect((await grantd(['apply', '--yes'])).code).toBe(3);
    expect([simulator.rows(ANN), simulator.rows(BOB)]).toEqual([{ [`account:${ACCOUNT}`]: 100 }, {}]);
  });

  it('of an apply is approved by a command with the same audit log', async () => {
    const { grantd, digest } = await world();
    const { stdout } = await grantd(['apply', '--yes', '--audit-log', 'my log.jsonl', '--state-dir', 'state']);
    expect(stdout).toContain(
      `grantd apply policy.yaml --approve ${digest} --audit-log 'my log.jsonl' --state-dir state\n`,
    );
  });
});
