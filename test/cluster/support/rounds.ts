import { setTimeout as pause } from 'node:timers/promises';
import { ACCOUNTS } from './cluster.ts';
import { type Fleet, LEASE_SECONDS, REPLICAS, type ReplicaName } from './fleet.ts';

/** What befalls the replica that writes to the most accounts. */
export const MISHAPS = ['freeze', 'cut', 'kill', 'stop'] as const;
export type Mishap = (typeof MISHAPS)[number];

export interface Round {
  readonly mishap: Mishap;
  readonly victim: ReplicaName;
  readonly accounts: number;
  /** Until every account of the victim had another writer. */
  readonly handoverMs: number;
}

/** Nothing here takes so long, on however busy a machine, unless it never comes. */
const PATIENCE_MS = LEASE_SECONDS * 1000 * 30;

/** Waits until it is true; throws what was waited for, and what every replica said last, where that never comes. */
export async function until(fleet: Fleet, what: string, isTrue: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!isTrue()) {
    if (performance.now() > deadlineMs) throw new Error(`never came: ${what}\n${lastWords(fleet)}`);
    await pause(20);
  }
}

/** Every account has a writer. */
export function allLed(fleet: Fleet): Promise<void> {
  return until(fleet, 'a writer for every account', () => fleet.leaders().size === ACCOUNTS.length);
}

/** One mishap, the handover that it leads to, and the return of whoever met with it. */
export async function playRound(fleet: Fleet, mishap: Mishap): Promise<Round> {
  await allLed(fleet);
  const victim = busiest(fleet);
  const accounts = fleet.accountsOf(victim);
  const lostBefore = fleet.lines(victim, 'lease.lost').length;
  const sinceMs = performance.now();
  strike(fleet, victim, mishap);
  await until(fleet, `others for ${accounts} of ${victim} after ${mishap}`, () => {
    const leaders = fleet.leaders();
    return accounts.every((account) => leaders.has(account) && leaders.get(account) !== victim);
  });
  const handoverMs = Math.round(performance.now() - sinceMs);
  await recover(fleet, victim, mishap, lostBefore);
  return { mishap, victim, accounts: accounts.length, handoverMs };
}

function strike(fleet: Fleet, victim: ReplicaName, mishap: Mishap): void {
  if (mishap === 'cut') fleet.proxy(victim).cut();
  else fleet.process(victim).kill(({ freeze: 'SIGSTOP', kill: 'SIGKILL', stop: 'SIGTERM' } as const)[mishap]);
}

async function recover(fleet: Fleet, victim: ReplicaName, mishap: Mishap, lostBefore: number): Promise<void> {
  if (mishap === 'kill' || mishap === 'stop') {
    await fleet.process(victim).ended;
    fleet.begin(victim);
    return;
  }
  if (mishap === 'freeze') fleet.process(victim).kill('SIGCONT');
  await until(fleet, `${victim} notices that it lost its Leases`, () => {
    return fleet.lines(victim, 'lease.lost').length > lostBefore;
  });
  if (mishap === 'cut') fleet.proxy(victim).mend();
}

function busiest(fleet: Fleet): ReplicaName {
  const byCount = [...REPLICAS].sort((a, b) => fleet.accountsOf(b).length - fleet.accountsOf(a).length);
  return byCount[0] ?? 'a';
}

function lastWords(fleet: Fleet): string {
  return REPLICAS.map((name) => {
    const { stdout, stderr } = fleet.process(name);
    return `${name}: ${fleet.accountsOf(name)}\n${stdout.split('\n').slice(-12).join('\n')}${stderr}`;
  }).join('\n');
}
