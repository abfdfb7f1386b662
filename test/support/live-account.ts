import { createMailtrapClient, type MailtrapOptions } from '../../src/adapters/mailtrap/client.ts';
import { createLimiter } from '../../src/adapters/mailtrap/transport/limiter.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../src/core/domain/policy/entitlement.ts';
import type { Revision } from '../../src/core/domain/policy/revision.ts';
import { NO_JOURNAL, type PutLedger, type WriteJournal } from '../../src/core/domain/run/daemon-ports.ts';
import type { AccountReader, AccountWriter, Clock } from '../../src/core/domain/run/ports.ts';

import type { AgreedPlan, RunEvent, RunResult } from '../../src/core/domain/run/run-result.ts';
import type { Instant } from '../../src/core/domain/text/instant.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { type Preview, preview } from '../../src/run/reconcile/preview.ts';
import { reconcile } from '../../src/run/reconcile/reconcile.ts';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';
import { afterTest } from './after-test.ts';
import { buildPolicy, type PolicySpec } from './policy-builder.ts';
import { provenLedger } from './put-ledgers.ts';
import { ACCOUNT, ADMIN_TOKEN, smallSeed } from './small-seed.ts';

export const NOW = Date.UTC(2026, 10, 24, 12);

/** Time that moves only when somebody sleeps: the account and grantd share it, and no test waits. */
export class SteppedClock implements Clock {
  readonly slept: number[] = [];
  #now: Instant;

  constructor(startsAt: Instant = NOW) {
    this.#now = startsAt;
  }

  now(): Instant {
    return this.#now;
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(durationMs);
    this.pass(durationMs);
  }

  /** Lets time pass without anybody asleep. */
  pass(durationMs: number): void {
    this.#now += durationMs;
  }
}

export type MailtrapClient = AccountReader & AccountWriter;

/** The real client, as grantd calls a simulated account. Its limits are its own, and its jitter is none. */
export function connect(options: Pick<MailtrapOptions, 'apiUrl' | 'clock'> & Partial<MailtrapOptions>): MailtrapClient {
  return createMailtrapClient({
    account: ACCOUNT,
    token: () => ADMIN_TOKEN,
    limiter: createLimiter({ clock: options.clock }),
    random: () => 0,
    version: 'test',
    ...options,
  });
}

export interface LiveAccount {
  readonly simulator: Simulator;
  readonly client: MailtrapClient;
  readonly clock: SteppedClock;
  readonly events: RunEvent[];
  preview(policy: PolicySpec, restraints?: Restraints): Promise<Preview>;
  run(policy: PolicySpec, options?: RunOptions): Promise<RunResult>;
  runResolved(resolved: ResolvedPolicy, options?: RunOptions): Promise<RunResult>;
  /** Method and path of every request, without the check of the account. */
  calls(): readonly string[];
  /** The bodies of all bulk PUTs, in the order of arrival. */
  puts(): readonly { readonly access: number; readonly permissions: readonly unknown[] }[];
}

export interface RunOptions {
  readonly agreed?: AgreedPlan | null;
  readonly rowsPerPut?: number;
  readonly concurrency?: number;
  readonly stop?: AbortSignal;
  readonly abort?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly restraints?: Restraints;
  readonly revision?: Revision | null;
  readonly journal?: WriteJournal;
  /** By default it is proven that a PUT takes nothing that it does not name. */
  readonly ledger?: PutLedger;
  /** By default the account's own client, for all runs. */
  readonly reader?: AccountReader;
  readonly writer?: AccountWriter;
}

export interface LiveOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  readonly client?: Partial<MailtrapOptions>;
  readonly clock?: SteppedClock;
}

/** The small account with what the test adds, the real client to it over HTTP, and one stepped clock for both. */
export async function liveAccount(seed: Partial<AccountSeed>, options: LiveOptions = {}): Promise<LiveAccount> {
  const account = await openAccount(smallSeed(seed), options);
  afterTest(() => account.simulator.close());
  return account;
}

/** The same of any account, whose simulator the caller closes. */
export async function openAccount(seed: AccountSeed, live: LiveOptions = {}): Promise<LiveAccount> {
  const { clock = new SteppedClock() } = live;
  const simulator = await startSimulator({ seed, now: () => clock.now(), ...live.simulator });
  const own = connect({ account: seed.account.id, apiUrl: simulator.url, clock, ...live.client });
  const events: RunEvent[] = [];
  const runResolved = (resolved: ResolvedPolicy, options: RunOptions = {}) => {
    const { journal = NO_JOURNAL, reader = own, writer = own, ...run } = options;
    return reconcile(
      { reader, writer, clock, journal },
      {
        restraints: NO_RESTRAINTS,
        ledger: provenLedger(seed.account.id),
        runId: 'run-1',
        revision: null,
        resolved,
        agreed: null,
        rowsPerPut: 100,
        concurrency: 4,
        stop: new AbortController().signal,
        abort: new AbortController().signal,
        onEvent: (event) => events.push(event),
        ...run,
      },
    );
  };
  return {
    simulator,
    client: own,
    clock,
    events,
    preview: (policy, restraints = NO_RESTRAINTS) =>
      preview(
        { reader: own, clock },
        { resolved: resolvePolicy(buildPolicy(policy)), restraints },
        new AbortController().signal,
        (event) => events.push(event),
      ),
    run: (policy, run) => runResolved(resolvePolicy(buildPolicy(policy)), run),
    runResolved,
    calls: () =>
      simulator
        .requests()
        .filter((request) => request.path !== '/api/accounts')
        .map((request) => `${request.method} ${request.path.replace(`/api/accounts/${seed.account.id}/`, '')}`),
    puts: () =>
      simulator
        .requests()
        .filter((request) => request.method === 'PUT')
        .map((request) => ({
          access: Number(/account_accesses\/(\d+)/.exec(request.path)?.[1]),
          permissions: (request.body as { permissions: unknown[] }).permissions,
        })),
  };
}
