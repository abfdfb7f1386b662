import type { PolicyTexts } from '../../core/document/source-text.ts';
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

/** The file, the clock and the check of a policy source. */
export interface PolicySourceOptions {
  readonly path: string;
  /** The path as the user wrote it, for messages and places of problems. */
  readonly shownPath: string;
  /** How long a text must stay unchanged before it counts, in ms. Default: 200, and 2000 if it includes files. */
  readonly settleMs?: number;
  readonly clock: Clock;
  /** Default: by file system events, and by polling only if there are none. */
  readonly watch?: WatchOptions;
  /** Validates and resolves a text. It is called again for a text only if that is not one of the last few. */
  readonly check: (source: PolicyTexts) => Checked<ResolvedPolicy> | Promise<Checked<ResolvedPolicy>>;
}

const SETTLE_MS = 200;

/** Nothing replaces several files at once in an editor, so they get more time. */
const SET_SETTLE_MS = 2_000;

/** A policy file, with any of the deliveries in docs/delivery.md. */
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
  #included: readonly string[] = [];

  constructor(options: PolicySourceOptions) {
    this.#options = options;
    this.#path = absolutePath(options.path);
    this.shownPath = options.shownPath;
  }

  async read(signal: AbortSignal): Promise<PolicyReading> {
    try {
      const settling = { clock: this.#options.clock, knownKey: this.#settledKey, signal };
      const look = await settle(() => this.#look(), settling);
      this.#settledKey = look?.key ?? null;
      return await this.#check(look?.found ?? changesAllTheTime(this.shownPath));
    } catch (error) {
      return { kind: 'unreadable', error: this.#errorOf(error, signal) };
    } finally {
      // On a network file system a watch may stop working silently. The next periodic read repairs it.
      for (const watch of this.#watches) watch.refresh();
    }
  }

  watch(listener: WatchListener): PolicyWatch {
    const watch = watchPath(this.#path, listener, this.#options.watch ?? { mode: 'auto' });
    this.#watches.add(watch);
    watch.watchBeside(this.#included);
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

  /** A read error must also stay the same before it counts: saving in an editor removes the file for a moment. */
  async #look(): Promise<Look<Found>> {
    try {
      const found = await lookAtPolicy(this.#path, this.shownPath);
      this.#included = found.places;
      for (const watch of this.#watches) watch.watchBeside(found.places);
      const settleMs = found.source.included === undefined ? SETTLE_MS : SET_SETTLE_MS;
      return { key: found.revision.sha256, found, settleMs: this.#options.settleMs ?? settleMs };
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      return { key: error.message, found: error, settleMs: this.#options.settleMs ?? SETTLE_MS };
    }
  }

  async #check(found: Found): Promise<PolicyReading> {
    if (found instanceof GrantdError) return { kind: 'unreadable', error: found };
    const { source, revision, modifiedAt } = found;
    const checked = await this.#checks.get(revision.sha256, () => this.#options.check(source));
    const { problems } = checked;
    if (checked.ok) return { kind: 'valid', revision, resolved: checked.value, problems, modifiedAt };
    return { kind: 'invalid', revision, problems, saysPaused: saysPaused(source.text) };
  }

  #errorOf(error: unknown, signal: AbortSignal): GrantdError {
    if (error instanceof GrantdError) return error;
    if (signal.aborted)
      return new GrantdError('stopped', `grantd stopped reading ${this.shownPath}`, 'nothing to do', error);
    const message = `internal error: grantd could not check ${this.shownPath}: ${error instanceof Error ? error.message : String(error)}`;
    return new GrantdError('fault', message, 'report it, with the policy if you may share it', error);
  }
}

/** For how many texts the result is kept. A policy that is reverted and restored needs no second check. */
const RESULTS_KEPT = 4;

/** Keeps the latest few results of an expensive check by key. It does not keep a check that throws. */
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
 * Case and spaces as in YAML, and slightly more. In an invalid text, the author of this line meant it, and a pause is the
 * safe side.
 */
const PAUSED_LINE = /^\uFEFF?(["']?)paused\1[ \t]*:[ \t]*(?:true|True|TRUE)[ \t]*(?:[ \t]#.*)?$/m;

/** Whether a line of a text says `paused: true` without indentation, even if the text is not valid YAML. */
export function saysPaused(text: string): boolean {
  return PAUSED_LINE.test(text);
}
