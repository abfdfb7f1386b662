import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

const TEST = '  - { who: erin@example.com, resource: "project:Mobile iOS", expect: admin }';

function withTests(...tests: readonly string[]): string {
  return POLICY.replace(TEST, tests.map((test) => `  - { ${test} }`).join('\n'));
}

test('a valid policy is one line and 0', async () => {
  const ended = await runCli(['validate'], { cwd: workplace({ 'policy.yaml': POLICY }) });
  expect(ended).toEqual({
    code: 0,
    stdout: 'policy.yaml: valid, 1 of 1 tests passed\n',
    stderr: '',
    asked: '',
  });
});

test('an invalid policy shows every problem with its line, and exits with 4', async () => {
  const text = POLICY.replace('mode: authoritative', 'mode: authoritive').replace('level: viewer', 'level: reader');
  const cwd = workplace({ 'policy.yaml': text });
  const ended = await runCli(['validate'], { cwd });
  expect(ended.code).toBe(4);
  expect(ended.stdout).toContain('policy.yaml:3:7');
  expect(ended.stdout).toContain('mode: authoritive');
  expect(ended.stdout).toContain('policy.yaml:11:12');
  expect(ended.stdout).toContain('policy.yaml: invalid');
  for (const command of [['plan'], ['snapshot'], ['explain', 'ann@example.com'], ['who', 'account']]) {
    const other = await runCli(command, { cwd });
    expect(other).toMatchObject({ code: 4, stdout: '' });
    expect(other.stderr).toContain('policy.yaml:3:7');
  }
});

test('a warning leaves a policy valid, and other commands name it', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY.replace('grants:', 'groups: { idle: [ann@example.com] }\ngrants:') });
  const ended = await runCli(['validate'], { cwd });
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('unused-group');
  const explained = await runCli(['explain', 'ann@example.com', '--offline'], { cwd });
  expect(explained.stderr).toMatch(
    /^warning: the policy has 1 warning: policy\.yaml:\d+:\d+: unused-group: .*idle.*\n {2}help: grantd validate policy\.yaml\n$/,
  );
});

test('so many warnings that not all are shown leave a policy valid', async () => {
  const groups = Array.from({ length: 600 }, (_, index) => `  idle-${index}: [ann@example.com]`).join('\n');
  const cwd = workplace({ 'policy.yaml': POLICY.replace('grants:', `groups:\n${groups}\ngrants:`) });
  const ended = await runCli(['validate'], { cwd });
  expect(ended.stdout).toContain('warning[too-many-problems]: 100 more problems are not shown');
  expect(ended.stdout).toContain('policy.yaml: valid');
  expect(ended.code).toBe(0);
});

test('the name of a group has up to 128 characters, and a longer one is told its length', async () => {
  const named = (name: string) => POLICY.replace('grants:', `groups: { ${name}: [ann@example.com] }\ngrants:`);
  const cwd = workplace({ 'fits.yaml': named('t'.repeat(128)), 'long.yaml': named('t'.repeat(129)) });
  expect(await runCli(['validate', 'fits.yaml'], { cwd })).toMatchObject({ code: 0 });
  const long = await runCli(['validate', 'long.yaml'], { cwd });
  expect(long.code).toBe(4);
  expect(long.stdout).toContain('it has 129 characters; the limit is 128');
});

test('a space that belongs to no address, and a space that is none, are named', async () => {
  const cwd = workplace({
    'space.yaml': POLICY.replace('[owner@example.com]', '["owner@example.com "]'),
    'odd.yaml': POLICY.replace('[owner@example.com]', '[owner@example.com\u00a0]'),
    'indent.yaml': POLICY.replace('  revokes:', '\u00a0 revokes:'),
    'colon.yaml': POLICY.replace('account: 3229', 'account:\u00a03229'),
  });
  for (const [file, said] of [
    ['space.yaml', 'help: delete the space at the end: owner@example.com\\u{20}'],
    ['odd.yaml', 'help: delete the space at the end: owner@example.com\\u{a0}'],
    [
      'indent.yaml',
      'indent.yaml:6:1: error[control-character]: this is the character \\u{a0}, which looks like a space',
    ],
    ['colon.yaml', 'colon.yaml:2:9: error[control-character]: this is the character \\u{a0}, which looks like a space'],
  ] as const) {
    const ended = await runCli(['validate', file], { cwd });
    expect(ended.code).toBe(4);
    expect(ended.stdout).toContain(said);
  }
});

test('a failed test is reported with its reason, and exits with 1', async () => {
  const text = withTests('who: erin@example.com, resource: "project:Mobile iOS", expect: viewer');
  const ended = await runCli(['validate'], { cwd: workplace({ 'policy.yaml': text }) });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('failed: policy.yaml:23:5: erin@example.com should have viewer on project:Mobile iOS');
  expect(ended.stdout).toContain('policy.yaml: a test fails, 0 of 1 tests passed');
});

test('JSON has the problems, and the results of the tests', async () => {
  const text = withTests('who: erin@example.com, resource: "project:Mobile iOS", expect: viewer');
  const ended = await runCli(['validate', '--format', 'json'], { cwd: workplace({ 'policy.yaml': text }) });
  expect(ended.code).toBe(1);
  expect(JSON.parse(ended.stdout)).toEqual({
    version: 1,
    file: 'policy.yaml',
    valid: true,
    problems: [],
    tests: [
      {
        verdict: 'failed',
        who: 'erin@example.com',
        resource: 'project:Mobile iOS',
        expect: 'viewer',
        at: null,
        reason: 'the policy gives admin: because of policy.yaml:16:5',
        file: 'policy.yaml',
        line: 23,
      },
    ],
    never: [],
    notices: [],
  });
});

test('JUnit is written in addition to the printed result', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  await runCli(['validate', '--junit', 'junit.xml'], { cwd });
  expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain('tests="2" failures="0"');
  expect(statSync(join(cwd, 'junit.xml')).mode & 0o777).toBe(0o600);
  writeFileSync(join(cwd, 'policy.yaml'), 'version: 2\n');
  expect((await runCli(['validate', '--junit', 'junit.xml'], { cwd })).code).toBe(4);
  expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toMatch(/failures="[1-9]/);
});

test('standard input is read for a dash', async () => {
  const ended = await runCli(['validate', '-'], { cwd: workplace(), stdin: POLICY });
  expect(ended).toMatchObject({ code: 0, stdout: '(standard input): valid, 1 of 1 tests passed\n' });
});

test('what only an account can decide is skipped without one, and decided by a snapshot', async () => {
  const simulator = await simulate();
  const byId = 'resource: "inbox:#3820"';
  const text = withTests(
    `who: erin@example.com, ${byId}, expect: admin`,
    `who: ann@example.com, ${byId}, expect: none`,
    `who: ann@example.com, ${byId}, expect: viewer`,
    'who: nobody@example.com, resource: account, expect: none',
    'who: erin@example.com, resource: "project:Mobile Gone", expect: none',
  );
  const cwd = workplace({ 'policy.yaml': text });
  await runCli(['snapshot', '--out', 'account.json'], { cwd, env: pointedAt(simulator) });
  const offline = await runCli(['validate'], { cwd });
  expect(offline.stdout).toContain('needs a snapshot');
  const decided = await runCli(['validate', '--snapshot', 'account.json'], { cwd });
  expect(decided.code).toBe(1);
  expect(decided.stdout).toContain('3 of 5 tests passed, 1 skipped');
  expect(decided.stdout).toContain('the policy gives none on inbox:Mobile iOS/TestFlight: no grant gives access there');
  expect(decided.stdout).toContain('the snapshot does not show project:Mobile Gone');
});

test('a snapshot decides each test at its own moment, whatever the account contains', async () => {
  const simulator = await simulate();
  const text = POLICY.replace('to: ann@example.com', 'to: new@example.com')
    .replace('level: viewer', 'level: viewer\n    until: 2030-01-01')
    .replace(
      TEST,
      [
        '  - { who: new@example.com, resource: "inbox:#3809", expect: viewer }',
        '  - { who: new@example.com, resource: "inbox:#3809", expect: none, at: 2030-02-01 }',
      ].join('\n'),
    );
  const cwd = workplace({ 'policy.yaml': text });
  await runCli(['snapshot', '--out', 'account.json'], { cwd, env: pointedAt(simulator) });
  const decided = await runCli(['validate', '--snapshot', 'account.json'], { cwd });
  expect(decided.stdout).toContain('2 of 2 tests passed');
});

test('an exception by id that may be the forbidden project needs a snapshot, and breaks nothing', async () => {
  const simulator = await simulate();
  const rule = '  - { who: ann@example.com, resource: project:Checkout, level: admin }';
  const grant = '  - { to: ann@example.com, resource: "project:*", except: "project:#4001", level: admin }';
  const text = POLICY.replace('grants:', `never:\n${rule}\ngrants:\n${grant}`);
  const cwd = workplace({ 'policy.yaml': text });
  await runCli(['snapshot', '--out', 'account.json'], { cwd, env: pointedAt(simulator) });
  const offline = await runCli(['validate'], { cwd });
  expect(offline.code).toBe(0);
  expect(offline.stdout).toContain('is never admin on project:Checkout\n  needs a snapshot: ');
  expect(offline.stdout).toContain('(ann@example.com admin on project:* except project:#4001)');
  expect(offline.stdout).toContain('0 of 1 invariants kept, 1 skipped');
  const decided = await runCli(['validate', '--snapshot', 'account.json'], { cwd });
  expect(decided.stdout).toContain('1 of 1 invariants kept\n');
});

test('an invariant that only the account can show broken fails on a snapshot, with the grants that break it', async () => {
  const simulator = await simulate();
  const rules = [
    '  - { who: erin@example.com, resource: "project:#4002", level: admin }',
    '  - { who: "token:*", resource: account, level: admin }',
    '  - { who: "*@example.com", resource: "project:Gone", level: viewer }',
  ];
  const text = POLICY.replace('grants:', `never:\n${rules.join('\n')}\ngrants:`);
  const cwd = workplace({ 'policy.yaml': text });
  await runCli(['snapshot', '--out', 'account.json'], { cwd, env: pointedAt(simulator) });
  expect(await runCli(['validate'], { cwd })).toMatchObject({
    code: 0,
    stdout: [
      'skipped: policy.yaml:9:5: erin@example.com is never admin on project:#4002',
      '  needs a snapshot: whether the rule is broken depends on names and ids in the account, by policy.yaml:20:5 (erin@example.com admin on project:Mobile iOS)',
      'policy.yaml: valid, 1 of 1 tests passed, 2 of 3 invariants kept, 1 skipped',
      '',
    ].join('\n'),
  });
  const args = ['validate', '--snapshot', 'account.json', '--junit', 'junit.xml'];
  const judged = await runCli(args, { cwd });
  expect(judged.code).toBe(1);
  expect(judged.stdout).toBe(
    [
      'failed: policy.yaml:9:5: erin@example.com is never admin on project:#4002',
      '  policy.yaml:20:5 gives erin@example.com admin on project:Mobile iOS',
      'skipped: policy.yaml:11:5: *@example.com is never viewer on project:Gone',
      '  the snapshot does not show exactly one project:Gone',
      'policy.yaml: an invariant is broken, 1 of 1 tests passed, 1 of 3 invariants kept, 1 skipped',
      '',
    ].join('\n'),
  );
  expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain('tests="5" failures="1" errors="0" skipped="1"');
  const json = JSON.parse((await runCli([...args, '--format', 'json'], { cwd })).stdout);
  expect(json.never.map((rule: { verdict: string }) => rule.verdict)).toEqual(['failed', 'passed', 'undecided']);
  expect(json.never[0]).toEqual({
    verdict: 'failed',
    who: 'erin@example.com',
    resource: 'project:#4002',
    level: 'admin',
    reason: 'policy.yaml:20:5 gives erin@example.com admin on project:Mobile iOS',
    file: 'policy.yaml',
    line: 9,
  });
});
