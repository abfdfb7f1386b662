import { validate } from '../../../test/core/validate/policy-text.ts';
import type { DaemonWorld } from '../../../test/daemon/support/daemon-world.ts';
import { spoilt } from '../../../test/daemon/support/play-course.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import type { Edit } from './arbitrary-course.ts';
import { approving, chaosText } from './chaos-text.ts';
import type { ChaosWitness } from './chaos-witness.ts';

const DAY_MS = 86_400_000;

/** Whoever edits the policy file of a course. */
export class PolicyHand {
  readonly #world: DaemonWorld;
  readonly #witness: ChaosWitness;
  readonly #tell: (what: string) => void;
  #held: string | null = null;
  #good: string;

  constructor(world: DaemonWorld, witness: ChaosWitness, first: string, tell: (what: string) => void) {
    this.#world = world;
    this.#witness = witness;
    this.#tell = tell;
    this.#good = first;
    this.#save(first, false);
  }

  edit(edit: Edit, isHinted: boolean): void {
    const text = this.#edited(edit);
    if (text !== undefined) this.#save(text, isHinted);
  }

  /** The last valid text. */
  get text(): string {
    return this.#good;
  }

  /** The last valid text is back. */
  repair(): void {
    if (this.#held !== this.#good) this.#save(this.#good, true);
  }

  /** What the file holds then; undefined where nobody touches it. */
  #edited(edit: Edit): string | null | undefined {
    switch (edit.kind) {
      case 'none':
        return undefined;
      case 'policy':
        return chaosText(edit.policy, edit.limits);
      case 'approve': {
        const held = this.#witness.last?.plan?.held ?? [];
        const chosen = held.filter((_, index) => (edit.bits >> (index % 8)) & 1).map(({ digest }) => digest);
        const until = this.#world.clock.now() + edit.days * DAY_MS;
        return chosen.length === 0 ? undefined : approving(this.#good, chosen, until);
      }
      case 'spoil':
        return spoilt(this.#good, edit.how);
      case 'repair':
        return this.#good;
    }
  }

  #save(text: string | null, isHinted: boolean): void {
    const isGood = text !== null && isOfAccount(text);
    const kind = isGood ? 'a policy' : 'no valid policy';
    this.#tell(`the file holds ${text === null ? 'nothing' : `${kind}, ${text.length} characters`}`);
    if (isGood) this.#good = text;
    this.#held = text;
    this.#world.file.save(text);
    if (isHinted) this.#world.file.hint();
  }
}

function isOfAccount(text: string): boolean {
  const checked = validate(text);
  return checked.ok && checked.value.account === ACCOUNT;
}
