import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { COMMAND_LOADERS } from '../../../src/cli/command-loaders.ts';
import { choiceArgument, optionalArgument, requiredArgument } from '../../../src/cli/line/arguments.ts';
import { buildProgram, type ParsedLine } from '../../../src/cli/line/build-program.ts';
import { type CallContext, type CallOf, defineCommand, runnable } from '../../../src/cli/line/command.ts';
import { choiceFlag, formatFlag, listFlag, longFlag, switchFlag, valueFlag } from '../../../src/cli/line/flags.ts';
import { REAL_CLOCK } from '../../../src/cli/process/node-io.ts';
import { Secrets } from '../../../src/cli/process/secrets.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';

const sample = defineCommand({
  name: 'sample',
  summary: 'one of each',
  description: 'One of each kind of argument and flag.',
  arguments: {
    who: requiredArgument('WHO', 'any text'),
    action: choiceArgument('ACTION', 'one of two', ['show', 'verify']),
    file: optionalArgument('FILE', 'may be left out'),
  },
  flags: {
    format: formatFlag('text', 'json'),
    out: valueFlag('FILE', 'any text'),
    approve: listFlag('DIGEST', 'may be repeated'),
    mode: choiceFlag('MODE', 'one of two', ['observe', 'additive']),
    detailedExitcode: switchFlag('no value'),
  },
  settings: [],
  reads: 'nothing',
  writes: 'nothing',
  exits: [0],
  examples: [],
});
type SampleCall = CallOf<typeof sample>;

/** The call that the command gets for these words. */
async function callOf(...words: readonly string[]): Promise<SampleCall> {
  const calls: SampleCall[] = [];
  const command = runnable(sample, async () => async (call) => {
    calls.push(call);
    return 0;
  });
  const output = {
    write: () => {},
    drained: async () => {},
    isTerminal: false,
    columns: null,
    closed: new AbortController().signal,
  };
  const lines: ParsedLine[] = [];
  const program = buildProgram(
    [command],
    { version: '0', io: { stdout: output, stderr: output }, paint: { stdout: PLAIN, stderr: PLAIN } },
    (line) => lines.push(line),
  );
  await program.parseAsync(['sample', ...words], { from: 'user' });
  const [line] = lines;
  if (!line) throw new Error('the line was not parsed');
  await line.command.start(contextWith(output), line);
  const [call] = calls;
  if (!call) throw new Error('the command was not called');
  return call;
}

function contextWith(output: CallContext['io']['stdout']): CallContext {
  const stdin = { isTerminal: false, read: async function* () {}, ask: async () => null };
  const signals = { onInterrupt: () => () => {}, onHangup: () => () => {}, endNow: () => {} };
  const world = { env: {}, cwd: '/', clock: REAL_CLOCK, random: () => 0 };
  return {
    io: { stdin, stdout: output, stderr: output, ...world, ...signals },
    settings: Object.create(null),
    origins: new Map(),
    namedPolicy: null,
    token: { ok: false, problems: [] },
    secrets: new Secrets(),
    paint: { stdout: PLAIN, stderr: PLAIN },
  };
}

describe('a declared command', () => {
  it('gives every argument and flag the type of its declaration', () => {
    expectTypeOf<SampleCall['arguments']>().toEqualTypeOf<{
      readonly who: string;
      readonly action: 'show' | 'verify';
      readonly file: string | undefined;
    }>();
    expectTypeOf<SampleCall['flags']>().toEqualTypeOf<{
      readonly format: 'text' | 'json';
      readonly out: string | undefined;
      readonly approve: readonly string[];
      readonly mode: 'observe' | 'additive' | undefined;
      readonly detailedExitcode: boolean;
    }>();
  });

  it('does not compile with a misspelt flag or argument, or with a word that the flag does not take', async () => {
    const { flags, arguments: words } = await callOf('ann@example.com', 'show');
    // @ts-expect-error: the flag is called detailedExitcode
    expect(flags.detailedExitCode).toBeUndefined();
    // @ts-expect-error: the argument is called who
    expect(words.whom).toBeUndefined();
    // @ts-expect-error: yaml is none of its formats
    expect(flags.format === 'yaml').toBe(false);
  });

  it('reads what the line gives', async () => {
    const words = ['--format', 'json', '--out', 'f', '--approve', 'a', '--approve', 'b', '--mode', 'observe'];
    const call = await callOf('ann@example.com', 'verify', 'audit.jsonl', ...words, '--detailed-exitcode');
    expect(call.arguments).toEqual({ who: 'ann@example.com', action: 'verify', file: 'audit.jsonl' });
    expect(call.flags).toEqual({
      format: 'json',
      out: 'f',
      approve: ['a', 'b'],
      mode: 'observe',
      detailedExitcode: true,
    });
  });

  it('has defaults for what the line leaves out', async () => {
    const call = await callOf('ann@example.com', 'show');
    expect(call.arguments).toEqual({ who: 'ann@example.com', action: 'show', file: undefined });
    expect(call.flags).toEqual({
      format: 'text',
      out: undefined,
      approve: [],
      mode: undefined,
      detailedExitcode: false,
    });
  });

  it('spells the flag of a key with dashes', () => {
    expect(['out', 'rateLimit', 'detailedExitcode'].map(longFlag)).toEqual([
      '--out',
      '--rate-limit',
      '--detailed-exitcode',
    ]);
  });
});

it('no command looks up a flag or an argument by a bare string or a position', () => {
  const lookUp = /\bflags\.(?:get|has)\(|\bflags\[['"`]|\barguments\[(?:\d|['"`])|\btextFlag\b|\blistFlag\(call/;
  const root = fileURLToPath(new URL('../../../src/cli/', import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(50);
  // The one place where a declaration meets the words of a line.
  const readers = files.filter((path) => path !== 'line/command.ts');
  expect(readers.filter((path) => lookUp.test(readFileSync(`${root}${path}`, 'utf8')))).toEqual([]);
  expect(lookUp.test("textFlag(call, 'out')") && lookUp.test("call.flags.has('out')")).toBe(true);
});

describe('what is loaded before it is needed', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
  const names = readdirSync(join(src, 'cli/commands'));

  it('the version loads neither a command nor the parser', () => {
    const loaded = loadedBy('main.ts');
    expect(loaded.length).toBeGreaterThan(10);
    expect(loaded.filter((path) => path.startsWith('cli/commands/') || path.includes('build-program'))).toEqual([]);
  });

  it('a line loads the declaration of the command that it names, and of no other', () => {
    const loaded = loadedBy('cli/run-line.ts');
    expect(loaded).toContain('cli/line/build-program.ts');
    expect(loaded.filter((path) => path.startsWith('cli/commands'))).toEqual([]);
  });

  it('the help loads no command beyond its declaration', () => {
    expect(names.length).toBeGreaterThan(10);
    const loaded = names.flatMap((name) => loadedBy(`cli/commands/${name}/spec.ts`));
    const ofCommands = loaded.filter((path) => path.startsWith('cli/commands/'));
    expect(ofCommands.filter((path) => !path.endsWith('/spec.ts'))).toEqual([]);
  });

  it('every command has a loader, by its own name', async () => {
    expect([...COMMAND_LOADERS.keys()].sort()).toEqual([...names].sort());
    for (const [name, loader] of COMMAND_LOADERS) expect((await loader()).name).toBe(name);
  });

  /** The files that a file of `src` imports, and theirs, as soon as it is loaded. */
  function loadedBy(file: string): readonly string[] {
    const loaded = new Set<string>();
    load(join(src, file));
    return [...loaded].map((path) => relative(src, path));

    function load(path: string): void {
      if (loaded.has(path)) return;
      loaded.add(path);
      const imports = readFileSync(path, 'utf8').matchAll(/^(?:import|export) (?!type\b)[^;'"]*?from '(\.[^']+)'/gm);
      for (const [, name = ''] of imports) load(join(dirname(path), name));
    }
  }
});
