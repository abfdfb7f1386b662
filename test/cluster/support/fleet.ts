import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountSeed } from '../../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { linesOf } from '../../process/support/daemon.ts';
import { type RunningGrantd, startGrantd } from '../../support/process.ts';
import { workplace } from '../../support/workplace.ts';
import { ACCOUNTS, type Cluster } from './cluster.ts';
import { CutProxy } from './cut-proxy.ts';

export const REPLICAS = ['a', 'b', 'c'] as const;
export type ReplicaName = (typeof REPLICAS)[number];

/** Short, so that many rounds fit into minutes; long enough for a machine that is busy. */
export const LEASE_SECONDS = Number(process.env['GRANTD_TEST_LEASE_SECONDS'] ?? 5);

const PEOPLE = ['ann', 'bob', 'carol', 'dan'] as const;
/** Projects that nobody is entitled to: with all people, rows for 70 minutes until the third time. */
const OTHER_PROJECTS = 500;

/** Three replicas of `grantd run` over five accounts of one simulator, each with a token of its own for each account. */
export class Fleet {
  readonly simulator: Simulator;
  /** Which replica each holder in a Lease is or was. */
  readonly holders = new Map<string, ReplicaName>();
  readonly #cluster: Cluster;
  readonly #directory: string;
  readonly #proxies: Map<ReplicaName, CutProxy>;
  readonly #processes = new Map<ReplicaName, RunningGrantd>();
  readonly #unrest: NodeJS.Timeout;
  #turn = 0;

  private constructor(cluster: Cluster, simulator: Simulator, proxies: Map<ReplicaName, CutProxy>) {
    this.#cluster = cluster;
    this.simulator = simulator;
    this.#proxies = proxies;
    this.#directory = workplace();
    for (const account of ACCOUNTS) writeFileSync(join(this.#directory, `policy-${account}.yaml`), policyOf(account));
    for (const name of REPLICAS) this.#writeSettings(name);
    // Somebody else adds one row to each account, so that whoever may write always has something to write; the next row each
    // time, so that none is undone three times and counts as contested.
    this.#unrest = setInterval(() => this.#disturb(), 700);
  }

  static async start(cluster: Cluster): Promise<Fleet> {
    const simulator = await startSimulator({
      seed: ACCOUNTS.map(seedOf),
      rateLimit: 'off',
      requestsKept: 1_000_000,
    });
    simulator.inject({ kind: 'latency', ms: 40, times: 'always', probability: 0.5 });
    const proxies = new Map<ReplicaName, CutProxy>();
    for (const name of REPLICAS) proxies.set(name, await CutProxy.open(cluster.url));
    const fleet = new Fleet(cluster, simulator, proxies);
    for (const name of REPLICAS) fleet.begin(name);
    return fleet;
  }

  begin(name: ReplicaName): void {
    const { url, namespace, tokenFile, caFile } = this.#cluster;
    const env = {
      GRANTD_API_URL: this.simulator.url,
      GRANTD_LEASE: 'on',
      GRANTD_LEASE_DURATION_SECONDS: String(LEASE_SECONDS),
      GRANTD_STATE_CONFIG_MAP: 'grantd-state-{account}',
      GRANTD_KUBERNETES_URL: `${url.protocol}//127.0.0.1:${this.proxy(name).port}`,
      GRANTD_KUBERNETES_NAMESPACE: namespace,
      ...(tokenFile === null ? {} : { GRANTD_KUBERNETES_TOKEN_FILE: tokenFile }),
      ...(caFile === null ? {} : { GRANTD_KUBERNETES_CA_FILE: caFile }),
    };
    const quick = ['--start-jitter-ms', '0', '--settle-ms', '20', '--min-interval-ms', '200', '--watch', 'polling'];
    const args = ['run', '--settings', `${name}.yaml`, '--schedule', '* * * * * *', '--http-address', '127.0.0.1:0'];
    this.#processes.set(name, startGrantd([...args, ...quick], { cwd: this.#directory, env }));
  }

  process(name: ReplicaName): RunningGrantd {
    const process = this.#processes.get(name);
    if (process === undefined) throw new Error(`${name} was not begun`);
    return process;
  }

  proxy(name: ReplicaName): CutProxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new Error(`${name} has no proxy`);
    return proxy;
  }

  /** Lines of one replica's log about one event of its running process. */
  lines(name: ReplicaName, event: string) {
    return linesOf(this.process(name), event);
  }

  /** Who holds the Lease of each account, as the cluster has it stored. */
  leaders(): ReadonlyMap<number, ReplicaName> {
    this.#learnHolders();
    const leaders = new Map<number, ReplicaName>();
    for (const { metadata, spec } of this.#cluster.leases as unknown as readonly LeaseJson[]) {
      const account = Number(metadata.name.replace('grantd-', ''));
      const name = this.holders.get(spec.holderIdentity ?? '');
      if (name === undefined) leaders.delete(account);
      else leaders.set(account, name);
    }
    return leaders;
  }

  accountsOf(name: ReplicaName): readonly number[] {
    return [...this.leaders()].flatMap(([account, leader]) => (leader === name ? [account] : []));
  }

  /** Nobody undoes anything any more. */
  calm(): void {
    clearInterval(this.#unrest);
  }

  async close(): Promise<void> {
    this.calm();
    for (const process of this.#processes.values()) {
      process.kill('SIGCONT');
      process.kill('SIGKILL');
      await process.ended;
    }
    for (const proxy of this.#proxies.values()) await proxy.close();
    await this.simulator.close();
  }

  /** Which process a holder is stands in the log of that process. */
  #learnHolders(): void {
    for (const [name, process] of this.#processes) {
      for (const { holder } of linesOf(process, 'lease.acquired')) this.holders.set(String(holder), name);
    }
  }

  #disturb(): void {
    this.#turn += 1;
    const project = 1 + (Math.floor(this.#turn / PEOPLE.length) % OTHER_PROJECTS);
    for (const account of ACCOUNTS) {
      const who = `${PEOPLE[(this.#turn + account) % PEOPLE.length]}@example.com`;
      this.simulator.writeAsSomebodyElse({
        account,
        act: 'set-row',
        who,
        type: 'project',
        id: otherProject(account, project),
        level: 100,
      });
    }
  }

  #writeSettings(name: ReplicaName): void {
    mkdirSync(join(this.#directory, name));
    const entries = ACCOUNTS.map((account) => {
      writeFileSync(join(this.#directory, name, `token-${account}`), secretOf(name, account), { mode: 0o600 });
      return `  - { policy: policy-${account}.yaml, tokenFile: ${name}/token-${account} }`;
    });
    writeFileSync(join(this.#directory, `${name}.yaml`), `accounts:\n${entries.join('\n')}\n`);
  }
}

export interface LeaseJson {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly holderIdentity?: string | null;
    readonly acquireTime: string;
    readonly renewTime: string;
  };
}

function secretOf(name: ReplicaName, account: number): string {
  return `secret-of-${name}-for-${account}`;
}

function seedOf(account: number): AccountSeed {
  return {
    account: { id: account, name: `Example ${account}` },
    resources: [
      { type: 'project', id: account * 10, name: 'Web' },
      ...Array.from({ length: OTHER_PROJECTS }, (_, index) => ({
        type: 'project' as const,
        id: otherProject(account, index + 1),
        name: `Other ${index + 1}`,
      })),
    ],
    accesses: [
      { kind: 'user', access: account * 100, email: 'owner@example.com', owner: true },
      ...PEOPLE.map((person, index) => ({
        kind: 'user' as const,
        access: account * 100 + 1 + index,
        email: `${person}@example.com`,
      })),
    ],
    tokens: REPLICAS.map((name, index) => ({
      name,
      secret: secretOf(name, account),
      id: account * 1000 + index,
      access: account * 1000 + 100 + index,
      rows: [{ type: 'account', id: account, level: 100 }],
    })),
  };
}

function otherProject(account: number, index: number): number {
  return account * 10_000 + index;
}

function policyOf(account: number): string {
  return `version: 1
account: ${account}
mode: authoritative
protected: [owner@example.com]
limits: { revokes: { principals: 4, percent: 100 }, admins: 1 }
grants:
  - { to: [${PEOPLE.map((person) => `${person}@example.com`).join(', ')}], resource: "project:Web", level: viewer }
unlisted: keep
paused: false
`;
}
