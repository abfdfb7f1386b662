import { parseArgs } from 'node:util';
import { TARGETS } from './targets/targets.mjs';

/** The command line is wrong. */
export class UsageError extends Error {}

const WIDTH = Math.max(...TARGETS.map(({ name }) => name.length));

export const HELP = `npm run fuzz [-- OPTIONS]

Changes inputs at random, guided by the code that they run, and checks what each target promises (docs/quality/fuzzing.md).
Without --executions and --minutes it runs for one minute. Ends with 0 where every promise was kept, with 1 where one was
broken (the input is saved in proof/fuzz/crashes, and the command that tries it again is printed), with 4 for wrong usage.

  --target NAME     one target, or several: --target policy --target audit
  --executions N    about so many in all, by the share of each target; at least one for each input that is stored
  --minutes M       at most so long in all
  --seed N          the same changes again
  --replay FILE     only this input; needs one --target
  --record          writes the results into docs/quality/fuzzing.md
  --help            this text

Targets:
${TARGETS.map(({ name, says }) => `  ${name.padEnd(WIDTH)}  ${says}`).join('\n')}

Examples:
  npm run fuzz -- --target policy --minutes 5
  npm run fuzz -- --executions 1000000 --record
`;

/** What the command line asks for. Throws `UsageError`. */
export function readOptions(args) {
  const values = parse(args);
  const targets = values.target ?? TARGETS.map(({ name }) => name);
  const unknown = targets.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0) throw new UsageError(`no target is called ${unknown.join(', ')}; --help lists them`);
  if (values.replay !== undefined && targets.length !== 1)
    throw new UsageError('--replay needs one --target, to which the input is given');
  const executions = numberOf(values, 'executions', { least: 1, isWhole: true });
  const minutes = numberOf(values, 'minutes', { least: 0.01, isWhole: false });
  return {
    help: values.help ?? false,
    record: values.record ?? false,
    replay: values.replay ?? null,
    targets: [...new Set(targets)],
    executions: executions ?? Number.POSITIVE_INFINITY,
    minutes: minutes ?? (executions === null ? 1 : Number.POSITIVE_INFINITY),
    seed: numberOf(values, 'seed', { least: 0, isWhole: true }) ?? Date.now() % 2 ** 31,
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        target: { type: 'string', multiple: true },
        executions: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        replay: { type: 'string' },
        record: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error.message.split('. ')[0]}; --help says what there is`);
  }
}

function numberOf(values, name, { least, isWhole }) {
  const text = values[name];
  if (text === undefined) return null;
  const number = Number(text);
  const isGood =
    text.trim() !== '' && Number.isFinite(number) && number >= least && (!isWhole || Number.isSafeInteger(number));
  if (!isGood)
    throw new UsageError(`--${name} must be ${isWhole ? 'a whole number' : 'a number'} from ${least}, not "${text}"`);
  return number;
}
