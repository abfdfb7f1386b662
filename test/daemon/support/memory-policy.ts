import { createHash } from 'node:crypto';
import { saysPaused } from '../../../src/adapters/policy-file/policy-source.ts';
import type {
  PolicyReading,
  PolicySource,
  PolicyWatch,
  WatchListener,
} from '../../../src/core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { validate } from '../../core/validate/policy-text.ts';

/** A policy file that is a string: what it holds is judged by the real stages, and nothing waits for a disk. */
export class MemoryPolicy implements PolicySource {
  readonly shownPath: string;
  watches = 0;
  commit: string | null = null;
  unchanging: string | null = null;
  /** What every look waits for. */
  gate: Promise<void> = Promise.resolve();
  readonly #now: () => number;
  #judged: PolicyReading;
  #modifiedAt = 0;
  #listener: WatchListener | null = null;

  constructor(shownPath: string, now: () => number) {
    this.shownPath = shownPath;
    this.#now = now;
    this.#judged = this.#judge(null);
  }

  /** Null: the file is gone. */
  save(text: string | null): void {
    this.#modifiedAt = this.#now();
    this.#judged = this.#judge(text);
  }

  /** An event of the file system. */
  hint(): void {
    this.#listener?.onHint();
  }

  /** What a look would find now. */
  get standing(): PolicyReading {
    return this.#judged;
  }

  async read(): Promise<PolicyReading> {
    await this.gate;
    return this.#judged;
  }

  watch(listener: WatchListener): PolicyWatch {
    this.watches += 1;
    this.#listener = listener;
    listener.onMode('inotify', null);
    return {
      close: async () => {
        this.watches -= 1;
        if (this.#listener === listener) this.#listener = null;
      },
    };
  }

  async neverChanges(): Promise<string | null> {
    return this.unchanging;
  }

  #judge(text: string | null): PolicyReading {
    if (text === null) {
      const message = `${this.shownPath} does not exist`;
      return { kind: 'unreadable', error: new GrantdError('policy-unreadable', message, 'check the path') };
    }
    const revision = { sha256: sha256Of(text), commit: this.commit };
    const checked = validate(text);
    const { problems } = checked;
    if (!checked.ok) return { kind: 'invalid', revision, problems, saysPaused: saysPaused(text) };
    return {
      kind: 'valid',
      revision,
      resolved: resolvePolicy(checked.value),
      problems,
      modifiedAt: this.#modifiedAt,
    };
  }
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
