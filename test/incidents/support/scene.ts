import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountSeed } from '../../../src/simulator/seed.ts';
import type { Simulator } from '../../../src/simulator/start-simulator.ts';
import { DaemonWorld, type WorldOptions } from '../../daemon/support/daemon-world.ts';
import { type Printed, runCli, type World } from '../../support/in-process.ts';
import { SteppedClock } from '../../support/live-account.ts';
import { fedLog } from '../../support/observed.ts';
import { simulate } from '../../support/simulate.ts';
import { provenAt, workplace } from '../../support/workplace.ts';
import { POLICY, teamAccount } from './team.ts';

/** One account, one policy file, and all that grantd printed about them. */
export class Scene {
  printed = '';
  readonly clock = new SteppedClock();
  readonly #directory = workplace({ 'policy.yaml': POLICY });
  #simulator: Simulator | null = null;
  #world: DaemonWorld | null = null;
  #told = 0;

  /** The account behind the API; that of the team where no other was opened. */
  async account(seed: AccountSeed = teamAccount()): Promise<Simulator> {
    this.#simulator ??= await simulate({ seed, now: () => this.clock.now(), rateLimit: 'off' });
    return this.#simulator;
  }

  /** Writes the policy file, whole or as a change of what it holds. */
  policy(text: string | ((before: string) => string)): void {
    const path = join(this.#directory, 'policy.yaml');
    const before = readFileSync(path, 'utf8');
    const after = typeof text === 'string' ? text : text(before);
    if (after === before) throw new Error('the edit changed nothing');
    writeFileSync(path, after);
  }

  /** One command of grantd, against this account or another one. */
  async grantd(args: readonly string[], world: Partial<World> & { readonly at?: Simulator } = {}): Promise<Printed> {
    const { at = await this.account(), ...rest } = world;
    const printed = await runCli(args, { cwd: this.#directory, env: provenAt(at), clock: this.clock, ...rest });
    this.printed += printed.stdout + printed.stderr;
    return printed;
  }

  /** A daemon that is not begun, with all the time of its world in one place. */
  async daemon(options: WorldOptions): Promise<DaemonWorld> {
    this.#world = await DaemonWorld.open(options);
    return this.#world;
  }

  /** What the daemon logged since the last time, as a person reads it. */
  log(): string {
    let text = '';
    const destination = {
      write: (line: string) => {
        text += line;
      },
    };
    const { observe } = fedLog({ level: 'info', format: 'text', secrets: { scrub: (one) => one }, destination });
    const events = this.#world?.process.events.slice(this.#told) ?? [];
    for (const event of events) observe(event);
    this.#told += events.length;
    this.printed += text;
    return text;
  }

  async close(): Promise<void> {
    if (this.#world) this.log();
    await this.#world?.close();
  }
}

/** Everybody's rows, to compare an account with itself. */
export function rowsOf(simulator: Simulator, account?: number): string {
  return JSON.stringify(simulator.state(account).accesses.map(({ who, rows }) => [who, rows]));
}

/** The account access ids of all PUTs, in the order of arrival. */
export function putsTo(simulator: Simulator): readonly number[] {
  return simulator
    .requests()
    .filter(({ method }) => method === 'PUT')
    .map(({ path }) => Number(/account_accesses\/(\d+)/.exec(path)?.[1]));
}
