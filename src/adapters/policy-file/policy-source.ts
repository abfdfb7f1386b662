import type { SourceText } from '../../core/document/source-text.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { PolicyReading, PolicySource, PolicyWatch, WatchListener } from '../../core/domain/run/daemon-ports.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Checked } from '../../core/domain/text/problem.ts';
import { changesAllTheTime, lookAtPolicy, type PolicyText } from './look-at-policy.ts';
import { neverChanges } from './never-changes.ts';
import { type Look, settle } from './settle.ts';
import { absolutePath } from './walk-path.ts';
import { type PathWatch, type WatchOptions, watchPath } from './watch-path.ts';

export interface PolicySourceOptions {
  readonly path: string;
  /** How messages and places of problems call the path: as the user wrote it. */
  readonly shownPath: string;
  /** How long a text must stay before it counts. Default: 200. */
  readonly settleMs?: number;
  readonly clock: Clock;
  /** Default: by events, and by polling only where those are not to be had. */
  readonly watch?: WatchOptions;
  /** Validates and resolves. Called once for each text, as long as that is one of the last few. */
  readonly check: (source: SourceText) => Checked<ResolvedPolicy> | Promise<Checked<ResolvedPolicy>>;
}

const SETTLE_MS = 200;

/** One policy file, however it is delivered: docs/delivery.md says how. */
export function createPolicySource(options: PolicySourceOptions): PolicySource {
  return new PolicyFile(options);
}

type Found = PolicyText | GrantdError;

class PolicyFile implements PolicySource {
  readonly shownPath: string;
  readonly #options: PolicySourceOptions;
  readonly #path: string;
  readonly #checks = new CheckOnce<Checked<ResolvedPolicy>>();
  readonly #watches = new Set<PathWatch>();
  #settledKey: string | null = null;

  constructor(options: PolicySourceOptions) {
    this.#options = options;
    this.#path = absolutePath(options.path);
    this.shownPath = options.shownPath;
  }

  async read(signal: AbortSignal): Promise<PolicyReading> {
    try {
      const { clock, settleMs = SETTLE_MS } = this.#options;
      const settling = { clock, settleMs, knownKey: this.#settledKey, signal };
      const look = await settle(() => this.#look(), settling);
      this.#settledKey = look?.key ?? null;
      return await this.#judge(look?.found ?? changesAllTheTime(this.shownPath));
    } catch (error) {
      return { kind: 'unreadable', error: this.#errorOf(error, signal) };
    } finally {
      // A watch that went deaf without a word, as on a network file system, is mended by the next periodic read.
      for (const watch of this.#watches) watch.refresh();
    }
  }

  watch(listener: WatchListener): PolicyWatch {
    const watch = watchPath(this.#path, listener, this.#options.watch ?? { mode: 'auto' });
    this.#watches.add(watch);
    return {
      close: async () => {
        this.#watches.delete(watch);
        await watch.close();
      },
    };
  }

  async neverChanges(): Promise<string | null> {
    return neverChanges(this.#path, this.shownPath);
  }

  /** What cannot be read must stay so too: an editor's save takes the file away for a moment. */
  async #look(): Promise<Look<Found>> {
    try {
      const found = await lookAtPolicy(this.#path, this.shownPath);
      return { key: found.revision.sha256, found };
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      return { key: error.message, found: error };
    }
  }

  async #judge(found: Found): Promise<PolicyReading> {
    if (found instanceof GrantdError) return { kind: 'unreadable', error: found };
    const { text, revision, modifiedAt } = found;
    const source = { file: this.shownPath, text };
    const checked = await this.#checks.get(revision.sha256, () => this.#options.check(source));
    const { problems } = checked;
    if (checked.ok) return { kind: 'valid', revision, resolved: checked.value, problems, modifiedAt };
    return { kind: 'invalid', revision, problems, saysPaused: saysPaused(text) };
  }

  #errorOf(error: unknown, signal: AbortSignal): GrantdError {
    if (error instanceof GrantdError) return error;
    if (signal.aborted)
      return new GrantdError('stopped', `reading ${this.shownPath} was called off`, 'none is needed', error);
    const message = `${this.shownPath} could not be checked: ${error instanceof Error ? error.message : String(error)}`;
    return new GrantdError(
      'fault',
      message,
      'report it as a fault of grantd, with the policy if it may be shown',
      error,
    );
  }
}

/** The last texts that were checked. A policy that is reverted and brought back costs nothing. */
const RESULTS_KEPT = 4;

/** Keeps the results of an expensive check by key, the latest few. A check that throws is not kept. */
export class CheckOnce<T> {
  readonly #results = new Map<string, Promise<T>>();

  async get(key: string, check: () => T | Promise<T>): Promise<T> {
    const known = this.#results.get(key);
    const result = known ?? Promise.resolve().then(check);
    this.#results.delete(key);
    this.#results.set(key, result);
    for (const oldest of [...this.#results.keys()].slice(0, -RESULTS_KEPT)) this.#results.delete(oldest);
    try {
      return await result;
    } catch (error) {
      if (this.#results.get(key) === result) this.#results.delete(key);
      throw error;
    }
  }
}

/**
 * Case and blanks as YAML reads them, and a little more: in a text that is broken anyway, whoever wrote this line meant it,
 * and a pause writes less.
 */
const PAUSED_LINE = /^\uFEFF?(["']?)paused\1[ \t]*:[ \t]*(?:true|True|TRUE)[ \t]*(?:[ \t]#.*)?$/m;

/** Whether a line of a text says `paused: true`, without indentation: even where the text is no YAML at all. */
export function saysPaused(text: string): boolean {
  return PAUSED_LINE.test(text);
}
