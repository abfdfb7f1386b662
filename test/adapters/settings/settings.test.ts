import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { auditLogPath } from '../../../src/adapters/settings/audit-log-path.ts';
import { unknownVariables } from '../../../src/adapters/settings/environment.ts';
import { isLoopbackAddress, parseListenAddress } from '../../../src/adapters/settings/listen-address.ts';
import { resolveSettings, type SettingsSources } from '../../../src/adapters/settings/resolve-settings.ts';
import {
  flagOf,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  variableOf,
} from '../../../src/adapters/settings/settings-table.ts';
import { readWrittenSettings } from '../../../src/adapters/settings/written-settings.ts';
import { compileSchema } from '../../../src/core/document/compile-schema.ts';

const CHECK = compileSchema(
  JSON.parse(readFileSync(new URL('../../../schemas/settings.v1.schema.json', import.meta.url), 'utf8')),
);

function resolve(sources: {
  readonly flags?: Partial<Record<SettingKey, string>>;
  readonly env?: Record<string, string>;
  readonly text?: string;
  readonly named?: boolean;
}) {
  const { flags = {}, env = {}, text, named = true } = sources;
  const file = text === undefined ? null : { file: 'config/grantd.yaml', text, named };
  const read = file && readWrittenSettings(file, CHECK);
  const given: SettingsSources = {
    flags: new Map(Object.entries(flags) as [SettingKey, string][]),
    env,
    file: file && read ? { ...file, cwd: '/work', written: read.written, accounts: read.accounts } : null,
  };
  const resolved = resolveSettings(given);
  const problems = [...(read?.problems ?? []), ...(resolved.ok ? [] : resolved.problems)];
  return { settings: resolved.ok ? resolved.settings : null, origins: resolved.ok ? resolved.origins : null, problems };
}

test('are the defaults of the table where nothing is said', () => {
  const defaults = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default]));
  expect(resolve({})).toMatchObject({ settings: { ...defaults, accounts: null }, origins: new Map() });
});

test('come from flags before variables before the file before the defaults', () => {
  const text = 'concurrency: 2\nrowsPerPut: 2\nrequestTimeoutMs: 2000\n';
  const env = { GRANTD_CONCURRENCY: '3', GRANTD_ROWS_PER_PUT: '3' };
  const { settings } = resolve({ flags: { concurrency: '5' }, env, text });
  expect(settings).toMatchObject({ concurrency: 5, rowsPerPut: 3, requestTimeoutMs: 2000, apiPaths: 'account' });
});

test('tell where each one that is no default came from', () => {
  const text = 'concurrency: 2\nlogLevel: warn\n';
  const { origins } = resolve({
    flags: { policy: 'p.yaml' },
    env: { GRANTD_CONCURRENCY: '3', GRANTD_WATCH: '' },
    text,
  });
  expect([...(origins ?? [])]).toEqual([
    ['policy', '--policy'],
    ['concurrency', 'GRANTD_CONCURRENCY'],
    ['logLevel', 'config/grantd.yaml:2:11'],
  ]);
});

test('are spelled after one key in flags and variables', () => {
  expect(variableOf('requestTimeoutMs')).toBe('GRANTD_REQUEST_TIMEOUT_MS');
  expect(flagOf('requestTimeoutMs')).toBe('--request-timeout-ms');
});

test('tell all problems at once, each with its place, also of values that are beaten', () => {
  const { problems } = resolve({
    flags: { apiPaths: 'both' },
    env: { GRANTD_CONCURRENCY: '0', GRANTD_API_URL: 'http://mailtrap.io', GRANTD_API_AUTH: 'basic' },
    text: 'apiUrl: http://example.com\n',
  });
  expect(problems.map(({ where }) => where)).toEqual([
    'GRANTD_API_URL',
    'config/grantd.yaml:1:9',
    '--api-paths',
    'GRANTD_API_AUTH',
    'GRANTD_CONCURRENCY',
  ]);
});

test.each([
  ['concurrency', ['0', '33', '-1', '1.5', '1e1', '0x4', ' 4', '', '９']],
  ['rowsPerPut', ['0', '1001', 'many']],
  ['apiAuth', ['Bearer', 'basic']],
  ['policy', ['a\0b', '']],
  ['stateDir', ['-', '', 'a\0b']],
  ['httpTokenFile', ['-', '']],
  ['mailtrapWebhookSecretFile', ['-', '', 'a-{acount}']],
  [
    'stateConfigMap',
    ['grantd-state', '', 'Grantd-{account}', '-{account}', '{account}/x', `${'a'.repeat(240)}{account}`],
  ],
  ['lease', ['true', 'auto', '']],
  ['leaseName', ['grantd', 'grantd_{account}', '{acount}', '{account}-']],
  ['leaseDurationSeconds', ['1', '3601', '1.5', '']],
  ['kubernetesUrl', ['http://10.0.0.1', 'https://user:secret@10.0.0.1', 'https://10.0.0.1/?a=b', 'kubernetes']],
  ['kubernetesNamespace', ['', 'Team', 'a.b', '-a', 'a'.repeat(64)]],
  ['kubernetesTokenFile', ['-', '']],
  ['kubernetesCaFile', ['-', '']],
  ['auditLog', ['-', '', 'audit-{acount}.jsonl', 'audit-{account.jsonl', '{}', 'a}']],
  ['pollIntervalMs', ['99', '3600001']],
  ['runTimeoutMs', ['999', '86400001']],
  ['logLevel', ['INFO', 'off', 'warning']],
  ['logFormat', ['pretty']],
  ['watch', ['inotify']],
  ['timezone', ['', 'Mars/Olympus', '+01:00', '-5', 'Europe/Berlin ', 'GMT+1']],
  [
    'httpAddress',
    [
      '',
      '9911',
      ':9911',
      'localhost',
      'localhost:',
      'localhost:65536',
      'localhost:http',
      '::1:9911',
      '[::1]',
      '[127.0.0.1]:9911',
      '[::1:9911',
      '256.0.0.1:9911',
      '1.2.3:9911',
      'a b:9911',
      'http://localhost:9911',
      '-a:9911',
      'OFF',
    ],
  ],
  [
    'apiUrl',
    [
      'mailtrap.io',
      'http://mailtrap.io',
      'ftp://mailtrap.io',
      'https://ann:secret@mailtrap.io',
      'https://mailtrap.io?x=1',
      'https://mailtrap.io#x',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
    ],
  ],
] as const)('%s takes none of these: %j', (key, texts) => {
  for (const text of texts) expect(resolve({ flags: { [key]: text } }).settings, text).toBeNull();
});

test.each(['https://mailtrap.io', 'http://127.0.0.1:8025', 'http://localhost:1', 'http://[::1]:8025'])(
  'apiUrl takes %s',
  (text) => {
    expect(resolve({ flags: { apiUrl: text } }).settings?.apiUrl).toBe(text);
  },
);

test.each(['off', '127.0.0.1:9911', '[::1]:0', '[fe80::1]:65535', 'localhost:1', 'grantd.internal:9911'])(
  'httpAddress takes %s',
  (text) => {
    expect(resolve({ flags: { httpAddress: text } }).settings?.httpAddress).toBe(text);
  },
);

test('httpAddress means a host and a port, or nothing', () => {
  expect(parseListenAddress('off')).toBeNull();
  expect(parseListenAddress('[::1]:9911')).toEqual({ host: '::1', port: 9911 });
  expect(parseListenAddress('0.0.0.0:0')).toEqual({ host: '0.0.0.0', port: 0 });
  const isOwn = (text: string) => isLoopbackAddress(parseListenAddress(text) ?? { host: '', port: 0 });
  expect(['127.0.0.1:1', '127.9.9.9:1', '[::1]:1', 'localhost:1'].map(isOwn)).toEqual([true, true, true, true]);
  expect(['0.0.0.0:1', '[::]:1', '10.0.0.1:1', '127.example.com:1'].map(isOwn)).toEqual([false, false, false, false]);
});

test('a misspelt time zone or setting is answered with the near one', () => {
  expect(resolve({ env: { GRANTD_TIMEZONE: 'Europe/Berln' } }).problems[0]?.remedy).toBe('did you mean Europe/Berlin?');
  expect(resolve({ env: { GRANTD_HTTP_ADDRESS: '::1:9911' } }).problems[0]?.message).toContain('httpAddress');
});

test('the audit log of an account is the file that is named, or one in stateDir', () => {
  expect(auditLogPath({ auditLog: null, stateDir: null }, 3229)).toBeNull();
  expect(auditLogPath({ auditLog: null, stateDir: '/s' }, 3229)).toBe('/s/audit-3229.jsonl');
  expect(auditLogPath({ auditLog: 'a/{account}/{account}.jsonl', stateDir: '/s' }, 7)).toBe('a/7/7.jsonl');
});

test('never repeat an address or a long value: it may hold a secret', () => {
  const secret = '0123456789abcdef0123456789abcdef';
  const { problems } = resolve({
    flags: { apiUrl: `https://x:${secret}@mailtrap.io`, concurrency: secret, apiPaths: secret },
  });
  expect(problems).toHaveLength(3);
  expect(JSON.stringify(problems)).not.toContain(secret.slice(0, 8));
});

test('take an empty variable for one that is not set', () => {
  expect(resolve({ env: { GRANTD_POLICY: '', GRANTD_CONCURRENCY: '' } }).settings).toMatchObject({
    policy: 'policy.yaml',
    concurrency: 4,
  });
});

test('mean a path in a file from where that file is', () => {
  expect(resolve({ text: 'policy: policies/team.yaml\n' }).settings?.policy).toBe('config/policies/team.yaml');
  expect(resolve({ text: 'policy: /etc/policy.yaml\n' }).settings?.policy).toBe('/etc/policy.yaml');
  const text = 'stateDir: ../state\nauditLog: "{account}.jsonl"\nhttpTokenFile: /run/token\nlogLevel: warn\n';
  expect(resolve({ text }).settings).toMatchObject({
    stateDir: 'state',
    auditLog: 'config/{account}.jsonl',
    httpTokenFile: '/run/token',
  });
  expect(resolve({ env: { GRANTD_STATE_DIR: '../state' } }).settings?.stateDir).toBe('../state');
});

test('let no file that was merely found choose where secrets, files and news go', () => {
  const values: Partial<Record<SettingKey, string>> = {
    apiUrl: 'https://example.com',
    httpAddress: '0.0.0.0:1',
    stateConfigMap: 'grantd-state-{account}',
    kubernetesUrl: 'https://example.com',
  };
  const refused = SETTING_KEYS.filter((key) => SETTINGS[key].needsNamedFile !== undefined);
  const text = refused.map((key) => `${key}: ${values[key] ?? '/tmp/x'}\n`).join('');
  const { problems } = resolve({ text, named: false });
  expect(problems.map(({ message }) => message.split(' ')[0])).toEqual(refused);
  for (const { remedy } of problems) expect(remedy).toMatch(/--settings config\/grantd\.yaml, or set GRANTD_/);
  expect(resolve({ text }).problems).toEqual([]);
  const harmless = 'schedule: "@hourly"\npolicy: p.yaml\nlogLevel: warn\nrunTimeoutMs: 5000\n';
  expect(resolve({ text: harmless, named: false }).problems).toEqual([]);
});

test('let no file that was merely found choose where the token is sent', () => {
  const found = resolve({ text: 'apiUrl: https://example.com\n', named: false });
  expect(found.problems).toMatchObject([{ where: 'config/grantd.yaml:1:9' }]);
  expect(found.problems[0]?.remedy).toContain('--settings config/grantd.yaml');
  expect(resolve({ text: 'apiUrl: https://example.com\n' }).settings?.apiUrl).toBe('https://example.com');
});

test('find every mistake in the shape of the file at its place', () => {
  const { problems } = resolve({ text: 'concurency: 4\nrowsPerPut: many\ntoken: abc\n' });
  expect(problems.map(({ where }) => where)).toEqual([
    'config/grantd.yaml:1:1',
    'config/grantd.yaml:3:1',
    'config/grantd.yaml:2:13',
  ]);
  expect(problems[0]?.remedy).toContain('concurrency');
});

test('tell no more of a word that never ends than one can read', () => {
  const { problems } = resolve({ text: `policy:${'x'.repeat(5000)}` });
  expect(problems.length).toBeGreaterThan(0);
  for (const { message, remedy } of problems) expect(message.length + remedy.length).toBeLessThan(700);
});

test('take a file in which everything is commented out', () => {
  expect(resolve({ text: '# concurrency: 8\n' })).toMatchObject({ problems: [], settings: { concurrency: 4 } });
});

test('warn of variables that are not read, and not of those that Kubernetes adds', () => {
  const warnings = unknownVariables({
    GRANTD_CONCURENCY: '4',
    GRANTD_POLICY: 'p',
    GRANTD_SETTINGS: 's',
    GRANTD_SERVICE_HOST: '10.0.0.1',
    GRANTD_SERVICE_PORT: '9911',
    GRANTD_SERVICE_PORT_HTTP: '9911',
    GRANTD_PORT: 'tcp://10.0.0.1:9911',
    GRANTD_PORT_9911_TCP_ADDR: '10.0.0.1',
    PATH: '/bin',
  });
  expect(warnings).toMatchObject([{ where: 'GRANTD_CONCURENCY', remedy: 'did you mean GRANTD_CONCURRENCY?' }]);
});

test('name the variable of the token where someone takes it for one of grantd', () => {
  const [token, other] = unknownVariables({ GRANTD_API_TOKEN: 'secret', GRANTD_ZZZ: 'x' });
  expect(token?.remedy).toBe(
    'unset it; grantd reads the API token from MAILTRAP_API_TOKEN, or from the file in MAILTRAP_API_TOKEN_FILE',
  );
  expect(other?.remedy).toBe('unset it; grantd run --help lists the variables');
});
