import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

/** One person more would lose access than may, and one name is not in the account. */
const PLANNED = POLICY.replace('principals: 5', 'principals: 1')
  .replace('level: admin\n  - to: erin', 'level: viewer\n  - to: erin')
  .replace('tests:', '  - { to: gone@example.com, resource: billing, level: viewer }\ntests:');

// biome-ignore lint/suspicious/noExplicitAny: an edited document has no type
type Saved = any;

/** A saved plan, and what `apply` makes of it after an edit. */
async function scene(policy = PLANNED) {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': policy });
  const world = { cwd, env: provenAt(simulator) };
  await runCli(['plan', '--out', 'plan.json'], world);
  const text = readFileSync(join(cwd, 'plan.json'), 'utf8');
  const writes = () => simulator.requests().filter(({ method }) => method === 'PUT').length;
  const apply = async (edit: (saved: Saved) => void) => {
    const saved = JSON.parse(text);
    edit(saved);
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify(saved));
    return runCli(['apply', '--yes', '--plan', 'plan.json'], world);
  };
  return { apply, writes, cwd, world, simulator };
}

/** Each part that somebody could edit, and what grantd says of it (case G19). */
const EDITS: readonly (readonly [part: string, edit: (saved: Saved) => void, says: string | null])[] = [
  ['account', (saved) => (saved.account = 1), 'account: 1 was agreed to, and now it is 3229'],
  ['mode', (saved) => (saved.mode = 'observe'), 'mode: "observe" was agreed to, and now it is "authoritative"'],
  ['verdict', (saved) => (saved.verdict = 'complete'), null],
  ['counts.lose', (saved) => (saved.counts.lose = 0), null],
  ['refusals[0].message', (saved) => (saved.refusals[0].message = 'nothing much'), null],
  ['held[0].approve', (saved) => (saved.held[0].approve = 'rm -rf /'), null],
  ['held[0].approve', (saved) => (saved.held[0].approve += ' --state-dir x; rm -rf /'), null],
  ['held[0].approvalLine', (saved) => (saved.held[0].approvalLine = '- {}'), null],
  [
    'changes[0].resource.label',
    (saved) => (saved.changes[0].resource.label = 'inbox:Harmless'),
    'changes[0].resource.label: "inbox:Harmless" was agreed to, and now it is "inbox:Checkout/QA"',
  ],
  ['changes[0].why[0].reason', (saved) => (saved.changes[0].why[0].reason = 'OPS-1'), null],
  ['changes[0].why[0].line', (saved) => (saved.changes[0].why[0].line += 1), null],
  ['changes[0].why[0].file', (saved) => (saved.changes[0].why[0].file = 'other.yaml'), null],
  [
    'changes[0].why',
    (saved) => (saved.changes[0].why = []),
    'changes[0].why: a list of 0 was agreed to, and now it is a list of 1',
  ],
  ['held[0].changes[0].resource.label', (saved) => (saved.held[0].changes[0].resource.label = 'billing'), null],
  ['absent', (saved) => (saved.absent = []), null],
  ['absent[0].email', (saved) => (saved.absent[0].email = 'ann@example.com'), null],
  ['unlisted', (saved) => (saved.unlisted = undefined), 'unlisted: nothing was agreed to, and now it is a list of '],
  ['idle[0].email', (saved) => (saved.idle[0].email = '\u001b[2J'), null],
  [
    'note',
    (saved) => (saved.note = 'approved by the boss'),
    'note: "approved by the boss" was agreed to, and now it is nothing',
  ],
];

test.each(EDITS)(
  'a saved plan whose %s was edited is refused, and grantd says which part',
  async (part, edit, says) => {
    const { apply, writes, simulator } = await scene();
    const refused = await apply(edit);
    expect(refused.code, refused.stderr).toBe(1);
    expect(refused.stdout).toContain('Nothing was written: the plan differs from the saved plan.\n');
    expect(refused.stdout).toContain(`\n  ${says ?? `${part}: `}`);
    expect(refused.stdout).toContain('\n  help: plan again, and agree to the new plan\n');
    expect(refused.stdout).not.toContain('\u001b');
    expect(refused.stderr).toContain('Next: grantd plan --out plan.json');
    expect(writes()).toBe(0);
    await simulator.close();
  },
);

test('a change whose level or digest was edited is refused', async () => {
  const { apply, writes, simulator } = await scene();
  const level = await apply((saved) => (saved.changes[0].after = 'viewer'));
  expect(level).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('no longer planned: create ann@example.com'),
  });
  const digest = await apply((saved) => (saved.digest = `sha256:${'0'.repeat(64)}`));
  expect(digest).toMatchObject({ code: 1, stdout: expect.stringContaining('digest: "sha256:000') });
  const held = await apply((saved) => (saved.held[0].digest = `sha256:${'0'.repeat(64)}`));
  expect(held).toMatchObject({ code: 1, stdout: expect.stringContaining('newly planned: held by revoke-limit') });
  expect(writes()).toBe(0);
  await simulator.close();
});

test('a cause, which only a memory decides, makes no other plan, and neither does another order of keys', async () => {
  const { apply, writes, simulator } = await scene();
  const applied = await apply((saved) => {
    for (const change of saved.changes) change.cause = 'drift';
    saved.held[0].changes[0].cause = 'policy';
    saved.held[0].approvalLine = saved.held[0].approvalLine.replace(/until: [-\d]+/, 'until: 2020-01-01');
    saved.held[0].approve += " --state-dir 'an old state'";
    saved.ahead = {};
    const { version, ...rest } = saved;
    for (const key of Object.keys(saved)) delete saved[key];
    Object.assign(saved, rest, { version });
  });
  expect(applied).toMatchObject({ code: 3, stdout: expect.stringContaining('1 applied') });
  expect(writes()).toBe(1);
  await simulator.close();
});

test('a reason that is another one in the policy now is refused, a text that moved as a whole is not', async () => {
  const { apply, cwd, simulator } = await scene();
  writeFileSync(join(cwd, 'policy.yaml'), PLANNED.replace('OPS-123', 'OPS-124'));
  expect((await apply(() => {})).stdout).toContain('why[0].reason: "OPS-123" was agreed to, and now it is "OPS-124"');
  writeFileSync(join(cwd, 'policy.yaml'), PLANNED.replace('  - to: erin', '  # about erin\n  - to: erin'));
  expect((await apply(() => {})).stdout).toMatch(/\.line: \d+ was agreed to, and now it is \d+/);
  writeFileSync(join(cwd, 'policy.yaml'), `# a comment\n${PLANNED}`);
  expect((await apply(() => {})).stdout).toContain('1 applied');
  await simulator.close();
});

test('what a person agreed to at the question may not be called otherwise meanwhile', async () => {
  const { world, writes, simulator } = await scene(POLICY.replace('inbox:Checkout/QA', 'inbox:Checkout/Q*'));
  const ended = await runCli(['apply'], {
    ...world,
    answer: 'yes',
    onPrinted: (text) => {
      if (!text.includes('changes may be written')) return;
      simulator.writeAsSomebodyElse({ act: 'rename-resource', type: 'inbox', id: 3810, name: 'Quality' });
    },
  });
  expect(ended).toMatchObject({ code: 1 });
  expect(writes()).toBe(0);
  await simulator.close();
});
