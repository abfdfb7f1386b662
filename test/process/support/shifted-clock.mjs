/**
 * Loaded ahead of grantd by tests: its wall clock is ahead of the machine's by as many milliseconds as a file says, from
 * the moment at which the file says so. Timers and the monotonic clock go on as they are, as they do when a clock is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env.CLOCK_SHIFT_FILE;
const MachineDate = globalThis.Date;

function now() {
  return MachineDate.now() + Number(readFileSync(file, 'utf8'));
}

globalThis.Date = class extends MachineDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args));
  }

  static now() {
    return now();
  }
};
