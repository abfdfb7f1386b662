import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MAIN } from './daemon-process.mjs';
import { median, toRatio } from './figures.mjs';
import { ASKED_PROJECT, personOf, policiesOf, snapshotOf } from './snapshot-world.mjs';

const USAGE = new URL('usage.mjs', import.meta.url).href;
const ROUNDS = 3;
const GROWTH_MOST = 1.1;
const PEAK_RATIO_MOST = 2;

/** The first size shows what a command costs anyway. Growth is judged between the last two. */
const WHOLE_LADDER = [20, 200, 2_000, 20_000];
const SHORT_LADDER = [20, 1_000, 5_000];

const ON_SNAPSHOT = ['--snapshot', 'account.json'];

/** Each command by name, with what it is asked of an account of so many people. All but `compare` take the next policy. */
export const COMMANDS = {
  validate: () => ['validate', 'next.yaml', ...ON_SNAPSHOT],
  plan: () => ['plan', 'next.yaml', ...ON_SNAPSHOT],
  explain: (people) => ['explain', personOf(people), 'next.yaml', ...ON_SNAPSHOT],
  who: () => ['who', ASKED_PROJECT, 'next.yaml', ...ON_SNAPSHOT],
  review: () => ['review', 'next.yaml', ...ON_SNAPSHOT],
  compare: () => ['compare', 'old.yaml', 'next.yaml', ...ON_SNAPSHOT],
  import: () => ['import', ...ON_SNAPSHOT],
};

/** What each command takes, as a whole process, of accounts of growing size; `tell` is told of each. */
export async function benchCommands(tell, { isShort }) {
  const rungs = [];
  for (const people of isShort ? SHORT_LADDER : WHOLE_LADDER) {
    tell(`every command, ${people} people`);
    rungs.push({ people, used: await measureCommands(people) });
  }
  return rungs;
}

/** What the commands are judged by. */
export function judgeCommands(rungs) {
  const [first, before, last] = [rungs[0], rungs.at(-2), rungs.at(-1)];
  const growth = Object.keys(COMMANDS).map((name) => {
    const [least, small, large] = [first, before, last].map(({ used }) => used[name].processorMs);
    const exponent = exponentOf([before.people, small - least], [last.people, large - least]);
    return {
      name: `growth of ${name} from ${before.people} to ${last.people} people, time`,
      measured: `people ^ ${exponent.toFixed(2)}`,
      budget: `${GROWTH_MOST}`,
      isMet: exponent <= GROWTH_MOST,
    };
  });
  const peaks = ['review', 'compare'].map((name) =>
    toRatio(`${name}, ${last.people} people, peak memory against plan`, {
      measured: last.used[name].peakMb,
      floor: last.used.plan.peakMb,
      unit: 'MB',
      budget: PEAK_RATIO_MOST,
    }),
  );
  return [...growth, ...peaks];
}

/** What is left of a difference that the clock cannot tell from none counts as one millisecond. */
function exponentOf([small, smallMs], [large, largeMs]) {
  return Math.log(Math.max(largeMs, 1) / Math.max(smallMs, 1)) / Math.log(large / small);
}

async function measureCommands(people) {
  const cwd = await mkdtemp(join(tmpdir(), 'grantd-bench-'));
  try {
    const { old, next } = policiesOf(people);
    await writeFile(join(cwd, 'account.json'), snapshotOf(people));
    await writeFile(join(cwd, 'old.yaml'), old);
    await writeFile(join(cwd, 'next.yaml'), next);
    const used = {};
    for (const [name, wordsOf] of Object.entries(COMMANDS)) used[name] = await measured(wordsOf(people), cwd);
    return used;
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** The middle of some rounds. Processor time, since the time on the clock also depends on what else the machine does. */
async function measured(words, cwd) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await usedBy(words, cwd));
  return {
    processorMs: median(rounds.map(({ processorMs }) => processorMs)),
    peakMb: median(rounds.map(({ peakMb }) => peakMb)),
  };
}

async function usedBy(words, cwd) {
  const child = spawn(process.execPath, ['--import', USAGE, MAIN, ...words], {
    cwd,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const [stderr, usage] = await Promise.all([text(child.stderr), text(child.stdio[3])]);
  const code = await exited;
  if (code !== 0) throw new Error(`grantd ${words.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(usage);
}
