/**
 * One size of an account in a process of its own, since what one rung leaves behind would be measured in the next. Prints
 * JSON: what an idle plan takes, from the bodies as they arrive to the plan, against parsing the same bodies alone.
 */
import { parseArgs } from 'node:util';
import { compileSchema } from '../dist/document/compile-schema.js';
import { NO_RESTRAINTS } from '../dist/domain/restraints.js';
import { decodeAccesses } from '../dist/mailtrap/decode-accesses.js';
import { decodeResources } from '../dist/mailtrap/decode-resources.js';
import { parseBody } from '../dist/mailtrap/parse-body.js';
import { observeAccount } from '../dist/observe/observe-account.js';
import { makePlan } from '../dist/reconcile/make-plan.js';
import { resolvePolicy } from '../dist/resolve/resolve-policy.js';
import { validatePolicy } from '../dist/validate/validate-policy.js';
import { readSchema } from '../dist/cli/shipped-file.js';
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
const floorHeap = await heapOf(async () => parseOnly());
const decodedHeap = await heapOf(async () => decoded());
const planHeap = await heapOf(async () => plan());
process.stdout.write(
  JSON.stringify({
    ...size,
    bytes: bodies.accesses.length + bodies.resources.length,
    floorMs: median(floors), leastRatio: Math.min(...plans) / Math.min(...floors),
    planMs: median(plans),
    ratio: median(plans.map((took, round) => took / floors[round])),
    floorHeapMb: floorHeap,
    // While a body is decoded, both what was parsed and what was made of it are held.
    peakHeapMb: Math.max(floorHeap + decodedHeap, planHeap),
  }),
);

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
  if (planned.plan.changes.length + planned.plan.withheld.length > 0) throw new Error('the plan is not idle');
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

/** The heap in MB that what the work returns holds. */
async function heapOf(work) {
  collect();
  const before = process.memoryUsage().heapUsed;
  const held = await work();
  collect();
  const after = process.memoryUsage().heapUsed;
  return held === null ? 0 : (after - before) / 2 ** 20;
}

function collect() {
  for (let round = 0; round < 3; round += 1) globalThis.gc();
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
