import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { GIVING_POLICY, POLICY, pointedAt, workplace } from '../support/workplace.ts';

/** A command as outputs print it: words of a shell, the first of them as here, one space apart. */
const COMMAND = /(?:grantd|git log|chmod)(?: (?:'[^']*'|\\'|[\w@%+=:,./-])+)+/g;

/** Programs that write down what a shell gives them, and do nothing. */
const PROGRAMS = ['grantd', 'git', 'chmod'];
const SPY = '#!/bin/sh\nprintf "%s\\n" "$(basename "$0")" "$@" >> "$SPIED"\n';

/** What a shell gives to the programs when somebody pastes all commands of an output, as it stands. */
function pasted(output: string, cwd: string): readonly string[] {
  const bin = workplace(Object.fromEntries(PROGRAMS.map((name) => [name, SPY])));
  for (const name of PROGRAMS) chmodSync(join(bin, name), 0o700);
  const spied = join(bin, 'spied');
  writeFileSync(spied, '');
  const commands = output.match(COMMAND) ?? [];
  for (const command of commands) {
    execFileSync('sh', ['-c', command], { cwd, env: { PATH: `${bin}:${process.env['PATH']}`, SPIED: spied } });
  }
  return readFileSync(spied, 'utf8').split('\n');
}

/** Each acts where it is not quoted. */
const NAMES = ['a;touch X.yaml', "it's $(touch X).yaml", 'a b`touch X`&.yaml', '*.yaml', '"q" > X.yaml', '~|#.yaml'];

const PAUSED = POLICY.replace('paused: false', 'paused: true');
const WARNED = POLICY.replace('grants:', 'groups: { none: [] }\ngrants:');
const INVALID = POLICY.replace('mode: authoritative', 'mode: authoritive');
const HOLDING = POLICY.replace('principals: 5, percent: 50', 'principals: 1, percent: 1').replace('keep', 'revoke');

describe.each(NAMES)(
  'every printed command that names the file %s gives exactly that name to the program (case I27)',
  (name) => {
    async function scene(policy: string) {
      const simulator = await simulate();
      const cwd = workplace({ [name]: policy });
      const before = readdirSync(cwd);
      const world = { cwd, env: { ...pointedAt(simulator), PATH: '/nowhere' } };
      return {
        cwd,
        before,
        run: async (...words: readonly string[]) => {
          const { stdout, stderr } = await runCli(words, world);
          return `${stdout}\n${stderr}`;
        },
      };
    }

    test.each<[what: string, policy: string, words: readonly string[], printed: RegExp]>([
      ['a paused policy', PAUSED, ['plan', name], /git log -S/],
      ['warnings', WARNED, ['plan', name], /grantd validate/],
      ['doctor, of warnings', WARNED, ['doctor', name], /grantd validate/],
      ['doctor, of errors', INVALID, ['doctor', name], /grantd validate/],
      ['a held part', HOLDING, ['plan', name], /grantd apply .* --approve sha256/],
      ['an import over it', POLICY, ['import', '--out', name], /grantd import --update/],
      ['an import of it', POLICY, ['import', name], /grantd import --out/],
      ['an import that updates it', POLICY, ['import', '--update', name], /Next: grantd plan/],
    ])('%s', async (_, policy, words, printed) => {
      const { cwd, before, run } = await scene(policy);
      const output = await run(...words);
      expect(output).toMatch(printed);
      expect(pasted(output, cwd)).toContain(name);
      expect(readdirSync(cwd)).toEqual(before);
    });

    test('files that grantd writes', async () => {
      const { cwd, run } = await scene(GIVING_POLICY);
      mkdirSync(join(cwd, 'out'));
      const out = `out/${name}`;
      const saved = await run('snapshot', name, '--out', out);
      const planned = await run('plan', name, '--out', `${out}.plan`);
      expect(pasted(saved, cwd)).toEqual(expect.arrayContaining(['--snapshot', out]));
      expect(pasted(planned, cwd)).toEqual(expect.arrayContaining(['--plan', `${out}.plan`]));
      const log = `${out}.jsonl`;
      await run('apply', name, '--yes', '--audit-log', log);
      appendFileSync(join(cwd, log), '{"torn":');
      chmodSync(join(cwd, log), 0o666);
      const again = await run('apply', name, '--yes', '--audit-log', log);
      expect(pasted(again, cwd)).toEqual(expect.arrayContaining(['audit', 'show', log]));
      expect(pasted(again, cwd)).toEqual(expect.arrayContaining(['chmod', '600', log]));
      appendFileSync(join(cwd, log), '{}\n');
      expect(pasted(await run('audit', 'show', log), cwd)).toEqual(expect.arrayContaining(['audit', 'verify', log]));
      expect(readdirSync(cwd).sort()).toEqual([name, 'out'].sort());
    });
  },
);
