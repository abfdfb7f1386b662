import { demand } from '../finding.mjs';
import { wordsOf } from './words.mjs';
import { demandVisible, readText } from './world.mjs';

const SCHEMA = JSON.parse(readText('schemas/settings.v1.schema.json'));
const SPELLINGS = [
  'https://mailtrap.io',
  'http://127.0.0.1:1',
  'http://evil.example',
  '0.0.0.0:9911',
  '[::1]:0',
  '*/15 * * * *',
  '* * * * * *',
  'Etc/UTC',
  'Europe/Berlin',
  '-',
  '../a',
  '/a/{account}',
  'auto',
  'polling',
  'json',
  '- { policy: a, tokenFile: b }',
];

/** The settings file. One that was only found may come with a pull request. */
export const settingsTarget = {
  name: 'settings',
  share: 0.5,
  says: 'a settings file: problems with places, or settings that one could have written',
  shape: 'text',
  words: [...wordsOf(SCHEMA), ...SPELLINGS],
  open: async (load) => {
    const [{ readWrittenSettings }, { resolveSettings }, { schemaCheck }] = await Promise.all([
      load('adapters/settings/written-settings'),
      load('adapters/settings/resolve-settings'),
      load('cli/process/schema-check'),
    ]);
    const checkShape = await schemaCheck('settings');
    const context = { readWrittenSettings, resolveSettings, checkShape };
    return { check: (bytes) => check(bytes.toString('utf8'), context) };
  },
};

function check(text, { readWrittenSettings, resolveSettings, checkShape }) {
  const lines = text.split('\n').length;
  for (const named of [true, false]) {
    const source = { file: 'grantd.yaml', text, named };
    const { problems, ...read } = readWrittenSettings(source, checkShape);
    const file = { file: source.file, named, cwd: '/', ...read };
    const resolved = resolveSettings({ flags: new Map(), env: {}, file });
    for (const problem of [...problems, ...(resolved.ok ? [] : resolved.problems)]) demandPlace(problem, lines);
    if (problems.length > 0) {
      demand(read.written.size === 0 && read.accounts === null, 'of a file with problems nothing is used', text);
    }
    if (resolved.ok) demandSound(resolved.settings, named);
  }
}

function demandPlace({ where, message, remedy }, lines) {
  const [, line] = /^grantd\.yaml:(\d+):\d+$/.exec(where) ?? [];
  const isThere = Number(line) >= 1 && Number(line) <= lines;
  demand(isThere, 'every problem has its place in the file', `${where}: ${message}`);
  demand(message.length > 0 && remedy.length > 0, 'a problem says what is wrong and what to do', message);
  demand(message.length < 2_000 && remedy.length < 2_000, 'a problem is no page', message);
}

function demandSound(settings, named) {
  const { apiUrl, concurrency, httpAddress } = settings;
  const isSafe = apiUrl.startsWith('https://') || /^http:\/\/(localhost|127\.|\[::1\])/.test(apiUrl);
  demand(isSafe, 'the API is reached by https, or on loopback', apiUrl);
  if (!named)
    demand(apiUrl === 'https://mailtrap.io', 'a file that was only found does not say where the API is', apiUrl);
  demand(Number.isSafeInteger(concurrency) && concurrency > 0, 'a number is a number', concurrency);
  demandVisible(httpAddress, 'an address is visible');
}
