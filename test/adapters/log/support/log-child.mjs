// Logs events through the built logger to a real standard output, then does what it is told.
import { readFileSync } from 'node:fs';

const [dist, optionsText, eventsFile, afterwards] = process.argv.slice(2);
const { createLog } = await import(`${dist}/adapters/log/log.js`);
const { AccountStatuses } = await import(`${dist}/daemon/account-statuses.js`);
const { ApiError, GrantdError } = await import(`${dist}/core/domain/text/error.js`);

const events = JSON.parse(readFileSync(eventsFile, 'utf8'), (_, value) => {
  if (value?.$error === undefined) return value;
  const { code, message, remedy, request, cause } = value.$error;
  if (request) return new ApiError(code, message, remedy, { ...request, mayHaveTakenEffect: false });
  return new GrantdError(code, message, remedy, cause === undefined ? undefined : new TypeError(cause));
});

let timer;
// What reads it first makes a pipe one that does not wait.
if (afterwards === 'unread') process.stdout.fd;
const log = createLog({
  ...JSON.parse(optionsText),
  secrets: { scrub: (text) => text },
  onClosed: () => {
    clearInterval(timer);
    process.stderr.write('closed\n');
    process.exitCode = 7;
    for (const event of events) statuses.emit(event);
  },
});
const statuses = new AccountStatuses(Date, (error) => process.stderr.write(`${error}\n`));
statuses.add(log.observe);
if (afterwards === 'unread') process.stderr.write('begins\n');
for (const event of events) statuses.emit(event);
if (afterwards === 'kill') process.kill(process.pid, 'SIGKILL');
if (afterwards === 'go on') timer = setInterval(() => events.forEach(statuses.emit), 5);
