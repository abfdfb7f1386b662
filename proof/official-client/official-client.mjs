// Plays what Mailtrap's own client for Node does, against the simulator.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadAccountSeed } from '../../dist/simulator/account-seed.js';
import { startSimulator } from '../../dist/simulator/start-simulator.js';
import { bringClient, RegistryUnreachable } from './bring-client.mjs';
import { connect } from './connect.mjs';
import { FLOWS } from './flows.mjs';

/** The last one whose flows were compared with the documentation. */
const VERSION = '4.10.0';
const SKIPPED = 3;
const HELP = `npm run official-client [-- OPTIONS]

Plays the flows of the npm package mailtrap against the simulator. The package is installed into a temporary directory.

  --client VERSION   another version of it (default ${VERSION})
  --help             this text

Ends with 0 where every flow is answered as Mailtrap answers, with 1 where one is not, with ${SKIPPED} where the registry
cannot be reached.
`;

const { values } = parseArgs({ options: { client: { type: 'string', default: VERSION }, help: { type: 'boolean' } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = await play(values.client);

async function play(version) {
  let official;
  try {
    official = bringClient(version);
  } catch (error) {
    const isSkipped = error instanceof RegistryUnreachable;
    (isSkipped ? process.stdout : process.stderr).write(`${isSkipped ? 'skipped: ' : ''}${error.message}\n`);
    return isSkipped ? SKIPPED : 1;
  }
  try {
    const failed = await playFlows(official);
    const count = `${FLOWS.size - failed.length} of ${FLOWS.size}`;
    process.stdout.write(`mailtrap ${official.version}: ${count} flows are answered as Mailtrap answers\n`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    official.remove();
  }
}

/** The names of the flows that failed; why is printed. */
async function playFlows(official) {
  const { seed } = loadAccountSeed(readFileSync(new URL('../../config/account.example.yaml', import.meta.url), 'utf8'));
  const simulator = await startSimulator({ seed, rateLimit: 'off' });
  const failed = [];
  for (const [name, flow] of FLOWS) {
    simulator.replaceState(seed);
    simulator.clearFaults();
    const why = await played(flow, official, simulator);
    process.stdout.write(`${why === undefined ? 'as Mailtrap' : 'NOT as Mailtrap'}: ${name}\n`);
    if (why === undefined) continue;
    failed.push(name);
    process.stderr.write(`${why}\n`);
  }
  await simulator.close();
  return failed;
}

/** What went wrong in a flow; `undefined` for nothing. */
async function played(flow, { MailtrapClient }, simulator) {
  const { client, last } = connect(MailtrapClient, simulator.url, {});
  const as = (options) => connect(MailtrapClient, simulator.url, options).client;
  try {
    await flow({ client, last, as, simulator, refused });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.stack : String(error);
  }

  /** The body (or another `part`) of a refusal, which must be the client's own error, with this status, text and body. */
  async function refused(call, status, message, body, part = 'data') {
    const error = await call().then(
      (answer) => assert.fail(`answered ${JSON.stringify(answer)}, not ${status}`),
      (reason) => reason,
    );
    if (error instanceof assert.AssertionError) throw error;
    const { response } = error.cause ?? {};
    assert.equal(error.constructor.name, 'MailtrapError', error.stack);
    assert.equal(response?.status, status);
    if (message !== undefined) assert.equal(error.message, message);
    if (body !== undefined && body !== null) assert.deepEqual(response.data, body);
    return response[part];
  }
}
