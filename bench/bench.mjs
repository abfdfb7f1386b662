/**
 * Measures what the design promises of speed and cost, each against a floor that is computed in the same run. Prints a
 * Markdown table. With `--check` it ends with 1 where a budget is missed.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchEditLatency } from './edit-latency.mjs';
import { benchIdle } from './idle.mjs';
import { benchStart } from './start.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

print(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}\n`,
);
const results = [await benchStart(), await benchEditLatency(), ...(await benchIdle())];
print('| what | measured | floor | ratio | budget | |');
print('|---|---|---|---|---|---|');
for (const result of results) print(rowOf(result));
if (values.check && results.some((result) => ratioOf(result) > result.budget)) process.exitCode = 1;

function print(line) {
  process.stdout.write(`${line}\n`);
}

/** The ratio to the floor; what has no floor is judged as it is. */
function ratioOf({ measured, floor }) {
  return floor === null ? measured : measured / floor;
}

function rowOf(result) {
  const { name, measured, floor, unit, budget } = result;
  const value = ratioOf(result);
  const shown = floor === null ? ['', `${budget} ${unit}`] : [value.toFixed(2), `${budget}`];
  const floorText = floor === null ? '' : `${floor.toFixed(1)} ${unit}`;
  return `| ${name} | ${measured.toFixed(2)} ${unit} | ${floorText} | ${shown[0]} | ${shown[1]} | ${value <= budget ? 'met' : 'MISSED'} |`;
}
