import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RowSeed } from '../../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { ensureBuilt, MAIN } from '../../support/build.ts';
import { RunningGrantd } from '../../support/process.ts';
import { ACCOUNT, ADMIN_TOKEN, APP, smallSeed, WEB } from '../../support/small-seed.ts';
import { workplace } from '../../support/workplace.ts';

const KILL_AT = fileURLToPath(new URL('./kill-at.mjs', import.meta.url));

const person = (access: number, name: string, rows: readonly RowSeed[]) => ({
  kind: 'user' as const,
  access,
  email: `${name}@example.com`,
  rows,
});

/** Gains, losses, a change of both, and an account admin to lower: every kind of PUT. */
const SEED = smallSeed({
  resources: [WEB, APP],
  accesses: [
    person(1, 'owner', [{ type: 'account', id: ACCOUNT, level: 1000 }]),
    person(2, 'root', [{ type: 'account', id: ACCOUNT, level: 100 }]),
    person(3, 'former', [{ type: 'account', id: ACCOUNT, level: 100 }]),
    person(4, 'ann', []),
    person(5, 'bob', [{ type: 'inbox', id: 11, level: 100 }]),
    person(6, 'carol', [{ type: 'project', id: 1, level: 100 }]),
    person(7, 'dan', [{ type: 'project', id: 2, level: 10 }]),
  ],
});

const POLICY = `version: 1
account: 3229
mode: authoritative
protected: [owner@example.com]
limits: { revokes: { principals: 10, percent: 100 }, admins: 1 }
grants:
  - { to: root@example.com, resource: account, level: admin }
  - { to: former@example.com, resource: "project:Web", level: viewer }
  - { to: ann@example.com, resource: ["project:Web", "inbox:App/Live"], level: viewer }
  - { to: bob@example.com, resource: "inbox:Web/Test", level: admin }
  - { to: carol@example.com, resource: "inbox:Web/Live", level: viewer }
  - { to: dan@example.com, resource: "project:App", level: admin }
unlisted: keep
paused: false
`;

/** What everybody holds once the account is as the policy says. */
const WANTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'owner@example.com': { 'account:3229': 1000 },
  'root@example.com': { 'account:3229': 100 },
  'former@example.com': { 'project:1': 10 },
  'ann@example.com': { 'project:1': 10, 'inbox:21': 10 },
  'bob@example.com': { 'inbox:12': 100 },
  'carol@example.com': { 'inbox:11': 10 },
  'dan@example.com': { 'project:2': 100 },
};

/** An account of its own, and a daemon that can be started again and again on one state directory. */
export class KillWorld {
  readonly simulator: Simulator;
  readonly #account: number;
  readonly #directory: string;

  private constructor(simulator: Simulator, account: number, policy: string) {
    this.simulator = simulator;
    this.#account = account;
    this.#directory = workplace({ 'policy.yaml': policy });
  }

  /** Another text of the policy. */
  save(policy: string): void {
    writeFileSync(join(this.#directory, 'policy.yaml'), policy);
  }

  /** The account and the policy of these tests, or others. */
  static async open(seed = SEED, policy = POLICY): Promise<KillWorld> {
    return new KillWorld(await startSimulator({ seed, rateLimit: 'off' }), seed.account.id, policy);
  }

  get auditLog(): string {
    return join(this.#directory, 'state', `audit-${this.#account}.jsonl`);
  }

  /** The text of the state file; empty if there is none. */
  state(): string {
    const file = join(this.#directory, 'state', `account-${this.#account}.json`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Killed at its so manieth boundary; 0 for never. */
  start(killAt: number): RunningGrantd {
    ensureBuilt();
    const args = [
      ...(['--import', KILL_AT, MAIN, 'run', 'policy.yaml', '--state-dir', 'state'] as const),
      ...['--http-address', 'off', '--start-jitter-ms', '0', '--settle-ms', '0', '--min-interval-ms', '0'],
    ];
    const env = {
      PATH: process.env['PATH'] ?? '',
      GRANTD_API_URL: this.simulator.url,
      MAILTRAP_API_TOKEN: ADMIN_TOKEN,
      KILL_AT: String(killAt),
      KILL_COUNT_FILE: join(this.#directory, 'count'),
    };
    return new RunningGrantd(
      spawn(process.execPath, args, { cwd: this.#directory, env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** Boundaries that the last process passed. */
  boundaries(): number {
    const file = join(this.#directory, 'count');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  }

  /** Who holds something else than wanted. */
  differences(): readonly string[] {
    return Object.entries(WANTED).flatMap(([who, rows]) => {
      const held = this.simulator.rows(who);
      return JSON.stringify(sorted(held)) === JSON.stringify(sorted(rows)) ? [] : [`${who} ${JSON.stringify(held)}`];
    });
  }

  puts(): number {
    return this.simulator.requests().filter(({ method }) => method === 'PUT').length;
  }

  close(): Promise<void> {
    return this.simulator.close();
  }
}

function sorted(rows: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1));
}
