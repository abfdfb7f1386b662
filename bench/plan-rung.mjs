/**
 * One size of an account in a process of its own, since what one rung leaves behind would be measured in the next. Prints
 * JSON: what an idle plan takes, from the bodies as they arrive to the plan, against parsing the same bodies alone.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { createMailtrapClient } from '../dist/adapters/mailtrap/client.js';
import { createLimiter } from '../dist/adapters/mailtrap/transport/limiter.js';
import { decodeAccesses } from '../dist/adapters/mailtrap/wire/decode-accesses.js';
import { decodeResources } from '../dist/adapters/mailtrap/wire/decode-resources.js';
import { parseBody } from '../dist/adapters/mailtrap/wire/read-answer.js';
import { readSchema } from '../dist/cli/process/shipped-file.js';
import { compileSchema } from '../dist/core/document/compile-schema.js';
import { NO_RESTRAINTS } from '../dist/core/domain/plan/restraints.js';
import { resolvePolicy } from '../dist/core/resolve/resolve-policy.js';
import { validatePolicy } from '../dist/core/validate/validate-policy.js';
import { observeAccount } from '../dist/run/observe/observe-account.js';
import { makePlan } from '../dist/run/reconcile/make-plan.js';
import { preview } from '../dist/run/reconcile/preview.js';
import { median } from './figures.mjs';
import { bodiesOf, LARGE_ACCOUNT, largePolicy } from './large-account.mjs';

const { values } = parseArgs({ options: { principals: { type: 'string' }, rows: { type: 'string' } } });
const size = { principals: Number(values.principals), rows: Number(values.rows) };
const ROUNDS_LEAST = 5;
const MEASURED_MS = 1_500;

const bodies = bodiesOf(size);
const resolved = await resolvedPolicy(size);

const floors = [];
const plans = [];
// Alternately, so that whatever else the machine does meets both.
const startedAt = performance.now();
while (plans.length < ROUNDS_LEAST || performance.now() - startedAt < MEASURED_MS) {
  floors.push(await timed(parseOnly));
  plans.push(await timed(plan));
}
// The first look also collects what the rounds above left behind.
await heapOf(async () => parseOnly());
const floorHeap = await heapOf(async () => parseOnly());
const decodedHeap = await heapOf(async () => decoded());
const planHeap = await heapOf(async () => plan());
const overHttp = await idleRun();
process.stdout.write(
  JSON.stringify({
    ...size,
    floorMs: median(floors),
    planMs: median(plans),
    ratio: median(plans.map((took, round) => took / floors[round])),
    ...overHttp,
    floorHeapMb: floorHeap,
    // While a body is decoded, both what was parsed and what was made of it are held.
    peakHeapMb: Math.max(floorHeap + decodedHeap, planHeap),
  }),
);

/** An idle run with the client, over loopback: what it asks and how much it reads. */
async function idleRun() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.method);
    const body = request.url.endsWith('/account_accesses') ? bodies.accesses : bodies.resources;
    const accounts = Buffer.from(JSON.stringify([{ id: LARGE_ACCOUNT, name: 'Bench', access_levels: [100] }]));
    response.end(request.url === '/api/accounts' ? accounts : body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const apiUrl = `http://127.0.0.1:${server.address().port}`;
  const client = createMailtrapClient({
    account: LARGE_ACCOUNT,
    apiUrl,
    token: () => 'bench-token',
    clock,
    limiter: createLimiter({ clock }),
    random: () => 0,
    version: 'bench',
  });
  const { signal } = request();
  await client.confirmAccount(signal);
  asked.length = 0;
  const runMs = await timed(() =>
    preview({ reader: client, clock }, { resolved, restraints: NO_RESTRAINTS }, signal, () => {}),
  );
  server.close();
  server.closeAllConnections();
  return { gets: asked.length, bytes: bodies.accesses.length + bodies.resources.length, runMs };
}

function parseOnly() {
  return [JSON.parse(bodies.accesses.toString()), JSON.parse(bodies.resources.toString())];
}

function decoded() {
  return {
    accesses: decodeAccesses(parseBody(bodies.accesses, []), 'secret'),
    resources: decodeResources(parseBody(bodies.resources, [])),
  };
}

async function plan() {
  const { actual } = await observeAccount(reader(), { now: () => Date.now() }, request());
  const planned = makePlan(resolved, actual, Date.now(), NO_RESTRAINTS);
  if (planned.plan.changes.length + planned.plan.deferred.length > 0) throw new Error('the plan is not idle');
  return planned;
}

function reader() {
  return {
    confirmAccount: async () => {},
    readAccesses: async () => ({ value: decodeAccesses(parseBody(bodies.accesses, []), 'secret'), serverTime: null }),
    readResources: async () => ({ value: decodeResources(parseBody(bodies.resources, [])), serverTime: null }),
    readApiTokens: async () => ({ value: [], serverTime: null }),
  };
}

function request() {
  return { account: LARGE_ACCOUNT, needsTokens: false, signal: new AbortController().signal };
}

async function resolvedPolicy(of) {
  const check = compileSchema(JSON.parse(await readSchema('policy')));
  const checked = validatePolicy({ file: 'policy.yaml', text: largePolicy(of) }, check);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems.slice(0, 3)));
  return resolvePolicy(checked.value);
}

async function timed(work) {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** The heap in MB that what the work returns holds. What is small is held many times, or the figure would be noise. */
async function heapOf(work) {
  const copies = Math.max(1, Math.ceil(20_000 / (size.principals * size.rows)));
  collect();
  const before = process.memoryUsage().heapUsed;
  const held = [];
  for (let copy = 0; copy < copies; copy += 1) held.push(await work());
  collect();
  const after = process.memoryUsage().heapUsed;
  return (after - before) / 2 ** 20 / held.length;
}

function collect() {
  for (let round = 0; round < 3; round += 1) globalThis.gc();
}
