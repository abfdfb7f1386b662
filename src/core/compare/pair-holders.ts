import type { AccessRow, AccountAccess, ApiToken } from '../domain/account/actual-state.ts';
import { holderKey, nameOf, type Principal, principalNameText } from '../domain/account/principal.ts';

/** A person or token of an account. `access` is null for a token of the list of API tokens alone. */
export interface Holder {
  readonly principal: Principal;
  readonly access: number | null;
  readonly rows: readonly AccessRow[];
}

/** The same person or token before and after. `known` is as the later snapshot shows it, if it does. */
export interface HolderPair {
  readonly before: Holder | null;
  readonly after: Holder | null;
  readonly known: Holder;
}

/**
 * Every person and token of an account, by its id. `apiTokens` are what the account lists of them, which knows the rows of a token
 * best; empty where one of the two snapshots to be compared lacks that list.
 */
export function holdersOf(
  accesses: readonly AccountAccess[],
  apiTokens: readonly ApiToken[],
): ReadonlyMap<string, Holder> {
  const tokens = apiTokens.map(
    ({ tokenId, name, rows }): Holder => ({ principal: { kind: 'token', name, tokenId }, access: null, rows }),
  );
  return new Map(
    [...accesses, ...tokens].map(({ principal, access, rows }) => [
      holderKey(principal, access),
      { principal, access, rows },
    ]),
  );
}

/** Pairs by id. Someone who is left by id and has one e-mail on each side is one person, whose access Mailtrap made anew. */
export function pairHolders(
  before: ReadonlyMap<string, Holder>,
  after: ReadonlyMap<string, Holder>,
): readonly HolderPair[] {
  const left = [...before].filter(([key]) => !after.has(key)).map(([, holder]) => holder);
  const came = [...after].filter(([key]) => !before.has(key)).map(([, holder]) => holder);
  const [leftByName, cameByName] = [peopleByName(left), peopleByName(came)];
  const again = new Map<Holder, Holder>();
  for (const [name, [holder, ...others]] of leftByName) {
    const [same, ...more] = cameByName.get(name) ?? [];
    if (holder && same && others.length + more.length === 0) again.set(same, holder);
  }
  const paired = new Set(again.values());
  return [
    ...[...after].map(([key, known]) => ({ before: before.get(key) ?? again.get(known) ?? null, after: known, known })),
    ...left.filter((known) => !paired.has(known)).map((known) => ({ before: known, after: null, known })),
  ];
}

function peopleByName(holders: readonly Holder[]): ReadonlyMap<string, readonly Holder[]> {
  const people = new Map<string, Holder[]>();
  for (const holder of holders) {
    if (holder.principal.kind === 'token') continue;
    const name = principalNameText(nameOf(holder.principal));
    people.set(name, [...(people.get(name) ?? []), holder]);
  }
  return people;
}
