import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flagOf, variableOf } from '../../src/adapters/settings/settings-table.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT_MEANINGS } from '../../src/cli/line/exit-code.ts';
import { longFlag } from '../../src/cli/line/flags.ts';
import { runCli } from '../support/in-process.ts';
import { workplace } from '../support/workplace.ts';

const DOCS = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

async function helpOf(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli([...words, '--help'], { cwd: workplace() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

function longFlags(text: string): readonly string[] {
  return [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g))].sort();
}

/** The part of the docs below one heading. */
function sectionOf(command: string): string {
  const [, section = ''] = DOCS.split(new RegExp(`^### \`grantd ${command}\\b.*$`, 'm'));
  return section.split(/^##/m, 1)[0] ?? '';
}

test('lists every command and every exit code', async () => {
  const help = await helpOf();
  for (const { name, summary } of COMMANDS) {
    expect(help).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(help.replace(/\s+/g, ' ')).toContain(summary);
  }
  for (const [code, meaning] of Object.entries(EXIT_MEANINGS)) expect(help).toContain(`  ${code}  ${meaning}`);
});

test.each(COMMANDS)('$name has examples, exit codes, and what it reads and writes', async (spec) => {
  const help = await helpOf(spec.name);
  expect(spec.examples.length).toBeGreaterThanOrEqual(2);
  expect(spec.examples.length).toBeLessThanOrEqual(4);
  for (const { line, says } of spec.examples) {
    expect(help).toContain(`  # ${says}\n  ${line}`);
    expect(line).toContain(`grantd ${spec.name}`);
  }
  expect(help).toContain(`Reads:   ${spec.reads}`);
  expect(help).toContain(`Writes:  ${spec.writes}`);
  for (const code of spec.exits) expect(help).toContain(`  ${code}  ${EXIT_MEANINGS[code]}`);
});

test.each(COMMANDS)('$name names the variable of each of its settings', async ({ name, settings }) => {
  const help = await helpOf(name);
  for (const key of settings) {
    expect(help).toContain(flagOf(key));
    expect(help).toContain(variableOf(key));
  }
});

test.each(['', ...COMMANDS.map(({ name }) => name)])('fits 100 columns: %s', async (name) => {
  const help = await helpOf(...(name === '' ? [] : [name]));
  expect(help.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

test('the word help prints the same; without a command the help goes to stderr as an error', async () => {
  const cwd = workplace();
  const byWord = await runCli(['help', 'plan'], { cwd });
  expect(byWord).toMatchObject({ code: 0, stdout: await helpOf('plan') });
  const none = await runCli([], { cwd });
  expect(none).toMatchObject({ code: 4, stdout: '' });
  expect(none.stderr).toContain('Usage: grantd');
});

test('docs/cli.md has the commands that exist, in their order', () => {
  const documented = [...DOCS.matchAll(/^### `grantd ([a-z]+)(.*)`$/gm)].map(([, name, rest]) => `${name}${rest}`);
  const actual = COMMANDS.map((spec) =>
    [spec.name, ...Object.values(spec.arguments).map(({ word }) => word.replace(/[<>]/g, ''))].join(' '),
  );
  expect(documented).toEqual(actual);
});

test.each(COMMANDS)('docs/cli.md has the flags of $name, and no others', ({ name, flags }) => {
  const documented = [...sectionOf(name).matchAll(/^- `(--[a-z-]+)/gm)].map(([, flag]) => flag).sort();
  expect(documented).toEqual([...longFlags(Object.keys(flags).map(longFlag).join(' '))]);
});

test('docs/cli.md says which command honours which setting', () => {
  const [, section = ''] = DOCS.split('## Settings of each command');
  const lines = [...section.matchAll(/^- (`--.*): (.*)$/gm)];
  for (const { name, settings } of COMMANDS) {
    const documented = lines.flatMap(([, flags = '', commands = '']) =>
      commands.includes(`\`${name}\``) ? longFlags(flags) : [],
    );
    const actual = settings.length === 0 ? [] : [...settings.map(flagOf), '--settings'];
    expect(documented.sort(), name).toEqual(actual.sort());
  }
});

test('docs/cli.md has the exit codes', () => {
  const rows = [...DOCS.matchAll(/^\| (\d) \| (.*) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
  expect(rows).toEqual(Object.entries(EXIT_MEANINGS));
});
