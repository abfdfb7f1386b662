import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv4 } from 'node:net';
import type { AccountWrite } from './account-write.ts';
import { answerApi } from './answer-api.ts';
import { readArrival, readBody } from './arrival.ts';
import { checkFault } from './check-fault.ts';
import { answerControl, isSeedCall } from './control.ts';
import { type DescribedAccount, describeState } from './describe-state.ts';
import type { Fault } from './fault.ts';
import type { InjectedFault } from './fault-queue.ts';
import { SimulatorInputError } from './input-error.ts';
import { seededRandom } from './random.ts';
import { DOCUMENTED_RATE_LIMIT, type RateLimitOptions } from './rate-limit.ts';
import type { LoggedRequest } from './request-log.ts';
import { type AccountSeed, SEED_BYTES_MAX } from './seed.ts';
import { World } from './world.ts';
import { findAccess } from './write-account.ts';

/** What a simulator starts with. */
export interface SimulatorOptions {
  /** One account or several; each token belongs to one of them. */
  readonly seed: AccountSeed | readonly AccountSeed[];
  /** A loopback address. Others are refused, because the control calls need no token. Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Epoch milliseconds: the Date header, the rate limit, stale reads and expiry follow it. Default: `Date.now`. */
  readonly now?: () => number;
  /** Seeds the chances of faults. Default: 1. */
  readonly faultSeed?: number;
  /** Per token. Default: the documented 150 per 10 000 ms. */
  readonly rateLimit?: RateLimitOptions | 'off';
  /** How many of the newest requests the log keeps. Default: 10 000. */
  readonly requestsKept?: number;
}

/** A running simulator, and the calls that tests use. */
export interface Simulator {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Destroys every connection and timer; may be called again. */
  close(): Promise<void>;
  /** The account with this id, or the first one, without secrets. */
  state(account?: number): DescribedAccount;
  /** The rows of an access id, e-mail or token name: levels by `type:id`. */
  rows(who: number | string, account?: number): Readonly<Record<string, number>>;
  /** Starts again from other seeds; faults, log and quotas stay. */
  replaceState(seed: AccountSeed | readonly AccountSeed[]): void;
  /** In the order of arrival. */
  requests(): readonly LoggedRequest[];
  /** How many requests the log has dropped to make room. */
  droppedRequests(): number;
  clearRequests(): void;
  /** Returns the id of the fault. */
  inject(fault: Fault): number;
  faults(): readonly InjectedFault[];
  clearFaults(): void;
  writeAsSomebodyElse(...writes: readonly AccountWrite[]): void;
  /** Moves the clock ahead of `now`, or back. Several calls add up. */
  advanceClock(ms: number): void;
}

/** Starts a simulator. Throws `SimulatorInputError` for bad options and seeds, and the system's error if the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0 } = options;
  requireLoopback(host);
  const world = new World({
    seeds: listed(options.seed),
    now: options.now ?? Date.now,
    random: seededRandom(options.faultSeed ?? 1),
    rateLimit: options.rateLimit ?? DOCUMENTED_RATE_LIMIT,
    requestsKept: options.requestsKept ?? 10_000,
  });
  const server = createServer((request, response) => {
    // The client disconnected, or no answer can express the fault: there is no one left to answer.
    answer(world, request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return simulatorOf(world, server, host);
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const text = await readBody(request, isSeedCall(method, url) ? SEED_BYTES_MAX : undefined);
  if (!/^\/_sim(?:[/?]|$)/.test(url)) return answerApi(world, readArrival(request, text), response);
  const { status, headers, body } = await answerControl(world, method, url, text);
  response.writeHead(status, headers).end(body);
}

function simulatorOf(world: World, server: Server, host: string): Simulator {
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => (closed ??= closeServer(world, server)),
    state: (account) => describeState(world.account(account)),
    rows: (who, account) =>
      Object.fromEntries(Array.from(findAccess(world.account(account), who).rows, ([key, { level }]) => [key, level])),
    replaceState: (seed) => world.replaceAccounts(listed(seed)),
    requests: () => world.log.list(),
    droppedRequests: () => world.log.dropped,
    clearRequests: () => world.log.clear(),
    inject: (fault) => {
      const problems = checkFault(fault, 'fault');
      if (problems.length > 0) throw new SimulatorInputError(problems);
      return world.faults.add(fault);
    },
    faults: () => world.faults.list(),
    clearFaults: () => world.faults.clear(),
    writeAsSomebodyElse: (...writes) => world.writeAllAsSomebodyElse(writes),
    advanceClock: (ms) => world.advanceClock(ms),
  };
}

function closeServer(world: World, server: Server): Promise<void> {
  return new Promise((resolve) => {
    world.delays.cancel();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function requireLoopback(host: string): void {
  if (host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))) return;
  throw new SimulatorInputError([
    `host: ${host} is not a loopback address, and the control calls of the simulator need no token; use 127.0.0.1, ::1 or localhost.`,
  ]);
}

function listed(seed: AccountSeed | readonly AccountSeed[]): readonly AccountSeed[] {
  return 'account' in seed ? [seed] : seed;
}
