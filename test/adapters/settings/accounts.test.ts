import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resolveSettings } from '../../../src/adapters/settings/resolve-settings.ts';
import type { SettingKey } from '../../../src/adapters/settings/settings-table.ts';
import { readWrittenSettings } from '../../../src/adapters/settings/written-settings.ts';
import { compileSchema } from '../../../src/core/document/compile-schema.ts';

const CHECK = compileSchema(
  JSON.parse(readFileSync(new URL('../../../schemas/settings.v1.schema.json', import.meta.url), 'utf8')),
);

const TWO = `accounts:
  - { policy: a.yaml, tokenFile: /run/a }
  - policy: b.yaml
    tokenFile: tokens/b
`;

function resolve(
  text: string,
  more: {
    readonly flags?: Partial<Record<SettingKey, string>>;
    readonly env?: Record<string, string>;
    readonly named?: boolean;
  } = {},
) {
  const source = { file: 'etc/grantd.yaml', text, named: more.named ?? true };
  const read = readWrittenSettings(source, CHECK);
  const resolved = resolveSettings({
    flags: new Map(Object.entries(more.flags ?? {}) as [SettingKey, string][]),
    env: more.env ?? {},
    file: { ...source, cwd: '/srv', written: read.written, accounts: read.accounts },
  });
  const problems = [...read.problems, ...(resolved.ok ? [] : resolved.problems)];
  return { settings: resolved.ok ? resolved.settings : null, problems };
}

test('are entries of a policy and a token file, both meant from the settings file', () => {
  const { settings, problems } = resolve(TWO);
  expect(problems).toEqual([]);
  expect(settings?.accounts).toEqual([
    { policy: 'etc/a.yaml', tokenFile: '/run/a', where: 'etc/grantd.yaml:2:5' },
    { policy: 'etc/b.yaml', tokenFile: 'etc/tokens/b', where: 'etc/grantd.yaml:3:5' },
  ]);
  expect(resolve('concurrency: 2\n').settings?.accounts).toBeNull();
});

test.each([
  ['accounts: []\n', '1:11'],
  ['accounts:\n', '1:1'],
  ['accounts: a.yaml\n', '1:11'],
  ['accounts: [{ policy: a.yaml }]\n', '1:12'],
  ['accounts: [{ tokenFile: t }]\n', '1:12'],
  ['accounts: [{ policy: a.yaml, tokenFile: t, token: x }]\n', '1:44'],
  ['accounts: [{ policy: 7, tokenFile: t }]\n', '1:22'],
  ['accounts: [{ policy: "", tokenFile: t }]\n', '1:22'],
  ['accounts: [{ policy: "-", tokenFile: t }]\n', '1:22'],
  ['accounts: [{ policy: a.yaml, tokenFile: "-" }]\n', '1:41'],
  [`accounts: [${Array.from({ length: 101 }, (_, i) => `{ policy: ${i}.yaml, tokenFile: t }`).join(', ')}]\n`, '1:11'],
])('are refused at their place: %.60s', (text, place) => {
  const { problems } = resolve(text);
  expect(problems.map(({ where }) => where)).toEqual([`etc/grantd.yaml:${place}`]);
  expect(problems[0]?.remedy).not.toBe('');
});

test('name each policy once, however it is spelled', () => {
  const text = `${TWO}  - { policy: ../etc/./a.yaml, tokenFile: c }\n  - { policy: /srv/etc/b.yaml, tokenFile: d }\n`;
  expect(resolve(text).problems).toMatchObject([
    { where: 'etc/grantd.yaml:5:15', message: 'this policy is already listed at etc/grantd.yaml:2:15' },
    { where: 'etc/grantd.yaml:6:15', message: 'this policy is already listed at etc/grantd.yaml:3:13' },
  ]);
});

test('go with no other policy and no other token, and say which to remove', () => {
  const env = { GRANTD_POLICY: 'c.yaml', MAILTRAP_API_TOKEN: 'x', MAILTRAP_API_TOKEN_FILE: 'y' };
  const { problems } = resolve(`policy: d.yaml\n${TWO}`, { env });
  expect(problems.map(({ where }) => where)).toEqual([
    'GRANTD_POLICY',
    'etc/grantd.yaml:1:9',
    'MAILTRAP_API_TOKEN',
    'MAILTRAP_API_TOKEN_FILE',
  ]);
  for (const { message, remedy } of problems) {
    expect(message).toContain('etc/grantd.yaml has accounts');
    expect(remedy).toMatch(/^(remove|unset) /);
  }
});

test('are chosen from by a policy that is named', () => {
  const policies = (policy: string) => resolve(TWO, { flags: { policy } }).settings?.accounts;
  expect(policies('etc/b.yaml')).toMatchObject([{ tokenFile: 'etc/tokens/b' }]);
  expect(policies('/srv/etc/../etc/a.yaml')).toMatchObject([{ tokenFile: '/run/a' }]);
});

test('do not count for a named policy that is none of theirs, which takes the token of the environment', () => {
  const { settings, problems } = resolve(TWO, { flags: { policy: 'b.yaml' }, env: { MAILTRAP_API_TOKEN: 'x' } });
  expect(problems).toEqual([]);
  expect(settings).toMatchObject({ policy: 'b.yaml', accounts: null });
  expect(resolve(TWO, { flags: { policy: 'etc/b.yaml' }, env: { MAILTRAP_API_TOKEN: 'x' } }).problems).toHaveLength(1);
});

test('have an audit log each', () => {
  const one = 'accounts: [{ policy: a.yaml, tokenFile: t }]\n';
  expect(resolve(`auditLog: audit.jsonl\n${one}`).problems).toEqual([]);
  expect(resolve(`auditLog: audit-{account}.jsonl\n${TWO}`).problems).toEqual([]);
  expect(resolve(`auditLog: audit.jsonl\n${TWO}`).problems).toMatchObject([{ where: 'etc/grantd.yaml:1:11' }]);
  const env = { GRANTD_AUDIT_LOG: 'audit.jsonl' };
  expect(resolve(`auditLog: audit-{account}.jsonl\n${TWO}`, { env }).problems).toMatchObject([
    { where: 'GRANTD_AUDIT_LOG', remedy: 'put {account} into its name, for example audit-{account}.jsonl' },
  ]);
});

test('are refused in a file that was merely found', () => {
  expect(resolve(TWO, { named: false }).problems).toMatchObject([
    { where: 'etc/grantd.yaml:2:5', remedy: 'name the file with --settings etc/grantd.yaml' },
  ]);
});
