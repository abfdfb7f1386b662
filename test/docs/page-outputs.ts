import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/build.ts';
import { runShell, type ShellRun } from './shell-blocks.ts';

/** The commands of a page, each block with the lines that the page shows of its output. */
export interface ShownRun {
  readonly commands: string;
  readonly shown: readonly string[];
}

/** Every `sh` block of a page, with the `text` block right below it; none shows nothing. */
export function shownRuns(page: string): readonly ShownRun[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)].map(
    ([, commands = '', shown = '']) => ({ commands, shown: shown.split('\n').filter((line) => line !== '') }),
  );
}

/** Runs the blocks of a page one after the other in one shell, and returns the output of each. */
export async function runBlocks(
  runs: readonly ShownRun[],
  before: string,
  environment: Readonly<Record<string, string>>,
): Promise<ShellRun & { readonly outputs: readonly string[] }> {
  const mark = '=== the next block ===';
  const script = [before, ...runs.map(({ commands }) => `echo '${mark}'\n${commands}`)].join('\n');
  const ended = await runShell(script, environment);
  return { ...ended, outputs: ended.output.split(`${mark}\n`).slice(1) };
}

/** The first shown line that does not stand in an output below those before it; undefined where all do. `…` is any text. */
export function firstUntrue({ shown }: ShownRun, output: string): string | undefined {
  const lines = output.split(/\r?\n/);
  let from = 0;
  return shown.find((line) => {
    const pattern = new RegExp(`^${line.split('…').map(escaped).join('.*')}$`, 'u');
    const found = lines.findIndex((one, index) => index >= from && pattern.test(one));
    from = found + 1;
    return found < 0;
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
