import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { POLICY, workplace } from '../support/workplace.ts';

const SECRET = '0123456789abcdef0123456789abcdef';

async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}, files = {}) {
  const ended = await runCli(args, { cwd: workplace(files), env });
  expect(ended).toMatchObject({ code: 4, stdout: '' });
  return ended.stderr;
}

test.each([
  [['paln'], "unknown command 'paln'", 'did you mean plan?'],
  [['watch'], "unknown command 'watch'", 'grantd --help'],
  [['plan', '--fromat', 'json'], "unknown option '--fromat'", 'did you mean --format?'],
  [['help', 'foo'], "unknown command 'foo'", 'grantd --help'],
  [['--no-color', 'help', 'paln'], "unknown command 'paln'", 'did you mean plan?'],
  [['plan', '--format', 'xml'], "--format: 'xml' is not text, json or markdown", 'grantd plan --help'],
  [['plan', '--format', 'josn'], "--format: 'josn' is not text, json or markdown", 'did you mean json?'],
  [['plan', '--mode', 'all'], "--mode: 'all' is not observe, additive or authoritative", 'grantd plan --help'],
  [['plan', '--out'], '--out: FILE is missing', 'grantd plan --help'],
  [['plan', 'a', 'b'], 'too many arguments: plan takes 1 argument at most, not 2', 'grantd plan --help'],
  [['who'], 'RESOURCE is missing', 'grantd who --help'],
  [['schema', 'plans'], "NAME: 'plans' is not ", 'did you mean plan?'],
  [['explain', 'ann'], 'WHO: "ann" is not an e-mail or token:NAME', 'whole e-mail'],
  [['explain', 'group:qa'], 'WHO: group:qa is a group', 'one of its members'],
  [['who', 'projekt:X'], 'RESOURCE: "projekt:X" is not a resource', 'did you mean project'],
  [['plan', 'a.yaml', '--policy', 'b.yaml'], 'two policies are named', 'name one of them'],
  [['simulate', '--seed', 'gone.yaml'], 'the seed gone.yaml does not exist', 'check the path'],
  [['simulate', '--port', '70000'], '--port is not a port number', '65535'],
])('%j is refused with what is wrong and what to do', async (args, what, remedy) => {
  const stderr = await refused(args);
  expect(stderr).toMatch(/^error\[usage\]: /);
  expect(stderr).toContain(what);
  expect(stderr.slice(stderr.indexOf('help: '))).toContain(remedy);
});

test('a token is never taken from a flag, nor repeated', async () => {
  for (const args of [
    ['plan', '--token', SECRET],
    [`--token=${SECRET}`, 'plan'],
    ['plan', `--api-token=${SECRET}`],
  ]) {
    const stderr = await refused(args);
    expect(stderr).toContain('never read from a flag');
    expect(stderr).toContain('MAILTRAP_API_TOKEN');
    expect(stderr).not.toContain(SECRET);
  }
  expect(await refused(['plan', `--tokne=${SECRET}`])).not.toContain(SECRET.slice(0, 8));
});

test('apply without a terminal needs --yes, and says so before it reads anything', async () => {
  expect(await refused(['apply', 'gone.yaml'])).toContain('add --yes');
});

test('a missing policy is reported with its path as written', async () => {
  expect(await refused(['validate'])).toContain('error[policy-unreadable]: the policy file policy.yaml does not exist');
  expect(await refused(['validate'], { GRANTD_POLICY: 'team.yaml' })).toContain('team.yaml');
  expect(await refused(['validate', 'mine.yaml'], { GRANTD_POLICY: 'team.yaml' })).toContain('mine.yaml');
  expect(await refused(['validate', '--policy', 'flag.yaml'])).toContain('flag.yaml');
});

test('all problems of the settings are reported at once, with a warning for an unknown variable', async () => {
  const env = { GRANTD_CONCURRENCY: 'many', GRANTD_API_URL: 'mailtrap', GRANTD_POLCY: 'x' };
  const stderr = await refused(['plan', '--rows-per-put', '5'], env);
  expect(stderr).toContain("unknown option '--rows-per-put'");
  const settings = await refused(['plan'], env);
  expect(settings).toContain('warning: GRANTD_POLCY: this version of grantd does not know this variable');
  expect(settings).toContain('did you mean GRANTD_POLICY?');
  expect(settings).toContain('error[settings]: GRANTD_CONCURRENCY: ');
  expect(settings).toContain('error[settings]: GRANTD_API_URL: ');
});

test('an address with http says to write https', async () => {
  const stderr = await refused(['plan'], { GRANTD_API_URL: 'http://example.com' });
  expect(stderr).toContain('GRANTD_API_URL: ');
  expect(stderr).toContain('help: write https:// instead of http://');
});

test('a named settings file must exist; the default one need not', async () => {
  expect(await refused(['plan', '--settings', 'gone.yaml'])).toContain('--settings: the settings file gone.yaml does');
  expect(await refused(['plan'], { GRANTD_SETTINGS: 'gone.yaml' })).toContain('GRANTD_SETTINGS: the settings file');
  expect(await refused(['plan'])).toContain('policy.yaml does not exist');
});

test('a missing token is reported with how to give one', async () => {
  const stderr = await refused(['plan'], {}, { 'policy.yaml': POLICY });
  expect(stderr).toContain('error[settings]: MAILTRAP_API_TOKEN: there is no API token');
  expect(stderr).toContain('MAILTRAP_API_TOKEN_FILE');
});

test('files that are no plan, snapshot or seed are refused with what to do', async () => {
  const files = { 'policy.yaml': POLICY, 'bad.json': '{"version":1}', 'broken.json': '{', 'seed.yaml': 'version: 1\n' };
  expect(await refused(['plan', '--snapshot', 'bad.json'], {}, files)).toContain('error[snapshot-unreadable]');
  expect(await refused(['plan', '--snapshot', 'broken.json'], {}, files)).toContain('is not JSON');
  expect(await refused(['apply', '--yes', '--plan', 'bad.json'], {}, files)).toContain('error[plan-unreadable]');
  expect(await refused(['apply', '--yes', '--plan', 'broken.json'], {}, files)).toContain('it is not JSON');
  expect(await refused(['simulate', '--seed', 'seed.yaml'], {}, files)).toContain('grantd schema account');
});

test.each(['plan', 'run'])(
  'a bad proxy of the environment is a problem of the settings of %s, and is not shown',
  async (command) => {
    const env = { MAILTRAP_API_TOKEN: SECRET, HTTPS_PROXY: '//hunter2 8080' };
    const stderr = await refused([command], env, { 'policy.yaml': POLICY });
    expect(stderr).toContain('error[settings]: HTTPS_PROXY: it is not a URL with http:// or https://');
    expect(stderr).toContain('help: write it as http://host:port or https://host:port, or unset it');
    const scheme = await refused([command], { ...env, HTTPS_PROXY: 'ftp://hunter2:21' }, { 'policy.yaml': POLICY });
    expect(scheme).toContain('error[settings]: HTTPS_PROXY: its scheme is neither http nor https');
    expect(scheme).not.toContain('hunter2');
    expect(stderr).not.toContain('hunter2');
  },
);
