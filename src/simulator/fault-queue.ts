import type { Fault, FaultMatch } from './fault.ts';

/** An injected fault, and how often it struck. */
export interface InjectedFault {
  readonly id: number;
  readonly fault: Fault;
  /** How many requests it fitted, and how many of them it struck. */
  readonly fitted: number;
  readonly struck: number;
  readonly spent: boolean;
}

/** The parts of a request that a fault can look at. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
}

/** Bounds the list when a test injects one fault per request. */
const SPENT_KEPT_MAX = 100;

/** The faults in the order in which they were injected. */
export class FaultQueue {
  readonly #random: () => number;
  #injected: InjectedFault[] = [];
  #lastId = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(fault: Fault): number {
    const id = ++this.#lastId;
    this.#injected.push({ id, fault, fitted: 0, struck: 0, spent: false });
    return id;
  }

  list(): readonly InjectedFault[] {
    return [...this.#injected];
  }

  clear(): void {
    this.#injected = [];
  }

  /** The faults that strike this request. Several can strike, and each of them counts the request. */
  take(target: FaultTarget): readonly Fault[] {
    const striking: Fault[] = [];
    this.#injected = this.#injected.map((entry) => {
      if (entry.spent || !fits(entry.fault.match, target)) return entry;
      const fitted = entry.fitted + 1;
      if (fitted <= (entry.fault.afterRequests ?? 0)) return { ...entry, fitted };
      const { probability = 1, times = 1 } = entry.fault;
      if (probability < 1 && this.#random() >= probability) return { ...entry, fitted };
      striking.push(entry.fault);
      const struck = entry.struck + 1;
      return { ...entry, fitted, struck, spent: times !== 'always' && struck >= times };
    });
    if (striking.length > 0) this.#forgetSpent();
    return striking;
  }

  #forgetSpent(): void {
    const spent = this.#injected.filter((entry) => entry.spent);
    const forgotten = new Set(spent.slice(0, Math.max(0, spent.length - SPENT_KEPT_MAX)));
    if (forgotten.size > 0) this.#injected = this.#injected.filter((entry) => !forgotten.has(entry));
  }
}

function fits(match: FaultMatch | undefined, target: FaultTarget): boolean {
  if (!match) return true;
  if (match.method !== undefined && match.method.toUpperCase() !== target.method) return false;
  if (match.token !== undefined && match.token !== target.token) return false;
  return match.path === undefined || pathFits(match.path, target.path);
}

function pathFits(part: NonNullable<FaultMatch['path']>, path: string): boolean {
  if (typeof part === 'string') return path.includes(part);
  const { source, flags } = part instanceof RegExp ? part : { source: part.regexp, flags: '' };
  // A new one each time: a global or sticky pattern remembers where it stopped.
  return new RegExp(source, flags.replace(/[gy]/g, '')).test(path);
}
