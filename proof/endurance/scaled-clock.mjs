/**
 * Loaded ahead of grantd by the endurance run: every clock of the process runs CLOCK_FACTOR times as fast as the machine's
 * since CLOCK_ORIGIN, and every timer is due as much sooner. What it does not reach: timers inside Node itself, such as
 * how long its HTTP server keeps a connection that says nothing, and the events of the file system.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { faster } from './fast-time.mjs';

const factor = Number(process.env.CLOCK_FACTOR);
const originMs = Number(process.env.CLOCK_ORIGIN);

const MachineDate = globalThis.Date;
globalThis.Date = class extends MachineDate {
  constructor(...args) {
    super(...(args.length === 0 ? [faster(MachineDate.now(), { factor, originMs })] : args));
  }

  static now() {
    return Math.floor(faster(MachineDate.now(), { factor, originMs }));
  }
};

const machineNow = performance.now.bind(performance);
performance.now = () => machineNow() * factor;

const abortAfter = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (durationMs) => abortAfter(Math.ceil(durationMs / factor));

for (const name of ['setTimeout', 'setInterval']) {
  const machines = globalThis[name];
  const hurried = (callback, durationMs, ...args) => machines(callback, (durationMs ?? 0) / factor, ...args);
  const promised = timersPromises[name];
  timersPromises[name] = (durationMs, ...args) => promised((durationMs ?? 0) / factor, ...args);
  // What util.promisify makes of it.
  if (name === 'setTimeout') hurried[Symbol.for('nodejs.util.promisify.custom')] = timersPromises.setTimeout;
  globalThis[name] = hurried;
  timers[name] = hurried;
}
syncBuiltinESMExports();
