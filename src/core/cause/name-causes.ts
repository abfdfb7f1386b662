import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { emailHashOf, isKnownAsNew, type RememberedAccess, rowsHash } from '../domain/account/remembered-access.ts';
import type { ChangeCause } from '../domain/plan/change-cause.ts';
import { changeKey } from '../domain/plan/change-key.ts';
import type { DesiredState } from '../domain/plan/desired-state.ts';
import type { Change, Difference } from '../domain/plan/plan.ts';
import type { Restraints } from '../domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { Instant } from '../domain/text/instant.ts';

/** What the causes of changes follow from. */
export interface CauseInput {
  readonly difference: Difference;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly restraints: Restraints;
  /** What another text, or the same at another moment, would change in the account as it is now. */
  readonly differenceBy: (text: ResolvedPolicy, at: Instant) => Difference;
}

/**
 * Names the cause of each change, as far as memory shows it. Where nobody can know, the cause is `policy`: that is the cause under
 * which nothing goes uncounted. Without any memory the changes have no cause.
 */
export function nameCauses(input: CauseInput): Difference {
  const { difference, restraints } = input;
  const { remembered, remembersAll } = restraints;
  if (remembered.size === 0 && !remembersAll) return difference;
  const texts = new OtherTexts(input);
  const accesses = accessesOf(input);
  const withCause = (change: Change, asks: Asks): Change => {
    const known = remembered.get(change.access);
    if (known !== undefined) return { ...change, cause: causeOf(change, known, accesses.get(change.access), asks) };
    return { ...change, cause: isKnownAsNew(restraints, change) ? 'newcomer' : 'policy' };
  };
  return {
    ...difference,
    changes: difference.changes.map((change) => withCause(change, texts.wouldWrite)),
    deferred: difference.deferred.map((one) => ({ ...one, change: withCause(one.change, texts.wouldAskFor) })),
  };
}

/**
 * Whether the text by which an access settled asks for a change of its present rows: at the moment when it settled, or now. Null
 * if that text is not at hand.
 */
type Asks = (change: Change, known: RememberedAccess, moment: 'then' | 'now') => boolean | null;

/**
 * If the text and the moment of that read ask for the same change of the present rows, neither is its cause. The rows are then,
 * or else the resources. A person under another address is neither, whatever happened to their rows.
 */
function causeOf(change: Change, known: RememberedAccess, access: AccountAccess | undefined, asks: Asks): ChangeCause {
  if (access === undefined || emailHashOf(access) !== known.emailHash) return 'policy';
  if (known.isNewcomer) return 'newcomer';
  if (asks(change, known, 'then') === true) return rowsHash(access.rows) === known.rowsHash ? 'tree' : 'drift';
  return asks(change, known, 'now') === true ? 'date' : 'policy';
}

/** What the texts at hand would change now. Each is planned once, and only if a change needs it. */
class OtherTexts {
  readonly #input: CauseInput;
  readonly #written = new Map<string, ReadonlySet<string>>();
  readonly #asked = new Map<string, ReadonlySet<string>>();

  constructor(input: CauseInput) {
    this.#input = input;
  }

  /** Only what would be written: a change that was in doubt under that text is due to a newer one. */
  readonly wouldWrite: Asks = (change, known, moment) =>
    this.#has(this.#written, ({ changes }) => changes, change, known, moment);

  /** Whether it would be written or wait. */
  readonly wouldAskFor: Asks = (change, known, moment) =>
    this.#has(
      this.#asked,
      ({ changes, deferred }) => [...changes, ...deferred.map((one) => one.change)],
      change,
      known,
      moment,
    );

  #has(
    found: Map<string, ReadonlySet<string>>,
    pick: (difference: Difference) => readonly Change[],
    change: Change,
    { settledBy }: RememberedAccess,
    moment: 'then' | 'now',
  ): boolean | null {
    const { restraints, difference, differenceBy } = this.#input;
    const text = settledBy && restraints.texts.get(settledBy.sha256);
    if (settledBy === undefined || text === undefined) return null;
    const at = moment === 'then' ? settledBy.at : difference.now;
    const key = `${settledBy.sha256} ${at}`;
    const keys = found.get(key) ?? new Set(pick(differenceBy(text, at)).map(changeKey));
    found.set(key, keys);
    return keys.has(changeKey(change));
  }
}

/** The present accesses by id. A declared token has its rows in a list of its own. */
function accessesOf({ desired, actual }: CauseInput): ReadonlyMap<number, AccountAccess> {
  const accesses = new Map(actual.accesses.map((access) => [access.access, access]));
  for (const { access, excluded } of desired.subjects) if (excluded === null) accesses.set(access.access, access);
  return accesses;
}
