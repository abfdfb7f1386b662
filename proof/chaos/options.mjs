import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const HELP = `Plays random worlds with everything going wrong, and checks after each run that nothing did that must not.

A world is an account, a policy and a course of events: edits of the policy, approvals, dates that come, second writers,
every fault that the simulator has, processes that die and start again from their files. A seed draws it, so a failure
can be played again.

Usage: npm run chaos -- [options]

  --seed N      play the one world of this seed, and tell what happened in it
  --worlds N    how many worlds to play (default 500)
  --minutes M   go on for so many minutes instead
  --from N      the first seed (default 1); "random" draws one
  --workers N   how many processes play (default ${defaultWorkers()}, one for each core but two at most)
  --failures N  stop after so many worlds that fail (default 10)
  --twice       play each world twice, and tell how many went another way the second time
  --write       write the figures into docs/quality/reliability.md
  --help        show this

It goes on after a world that fails, so that you see how rare that is.

Exit codes: 0 every invariant held in every world · 1 one did not · 4 wrong options

Examples:
  npm run chaos                            500 worlds, always the same
  npm run chaos -- --seed 12345            one world again
  npm run chaos -- --minutes 30 --from random
`;

const SEED_MOST = 2 ** 31 - 1;
const SPEC = {
  seed: { type: 'string' },
  worlds: { type: 'string' },
  minutes: { type: 'string' },
  from: { type: 'string' },
  workers: { type: 'string' },
  failures: { type: 'string' },
  twice: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** What a command line asks for, or every problem of it. */
export function readOptions(args) {
  const problems = [];
  const { values, positionals } = parse(args, problems);
  for (const extra of positionals)
    problems.push(`${extra}: nothing is known by that; --seed N plays one world, --worlds N so many`);
  const number = (name, least, most, isWhole = true) => {
    const text = values[name];
    if (text === undefined) return null;
    const value = Number(text);
    const isNumber = text.trim() !== '' && Number.isFinite(value) && (!isWhole || Number.isInteger(value));
    if (isNumber && value >= least && value <= most) return value;
    problems.push(
      `--${name} is ${JSON.stringify(text)}: write a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`,
    );
    return null;
  };
  const isRandom = values.from === 'random';
  const from = isRandom ? Math.floor(Math.random() * 1e9) : number('from', 1, SEED_MOST);
  const options = {
    help: values.help,
    write: values.write,
    twice: values.twice,
    seed: number('seed', 1, SEED_MOST),
    worlds: number('worlds', 1, 10_000_000),
    minutes: number('minutes', 0.1, 100_000, false),
    from: from ?? 1,
    workers: number('workers', 1, 64) ?? defaultWorkers(),
    failures: number('failures', 1, 1_000) ?? 10,
  };
  if (options.worlds !== null && options.minutes !== null) problems.push('--worlds and --minutes: give one of them');
  if (options.seed !== null) {
    for (const name of ['worlds', 'minutes', 'from', 'workers', 'failures', 'twice', 'write'])
      if (values[name]) problems.push(`--${name} means nothing beside --seed, which plays one world: leave it out`);
  }
  return { options, problems };
}

function parse(args, problems) {
  try {
    return parseArgs({ args, options: SPEC, allowPositionals: true, strict: true });
  } catch (error) {
    problems.push(String(error instanceof Error ? error.message : error).split('. To specify')[0]);
    return { values: { write: false, twice: false, help: false }, positionals: [] };
  }
}

function defaultWorkers() {
  return Math.min(2, availableParallelism());
}
