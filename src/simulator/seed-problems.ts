import { typedId } from './resource-type.ts';
import type { AccountSeed, ResourceSeed, RowSeed } from './seed.ts';

/** A problem that no schema can find: two parts of the seeds contradict each other. */
export interface SeedProblem {
  /** As in `accesses/3/rows/0/id`. */
  readonly path: string;
  readonly message: string;
}

/** Every contradiction within and between the seeds of one simulator. */
export function seedProblems(seeds: readonly AccountSeed[]): readonly SeedProblem[] {
  if (seeds.length === 0) return [{ path: 'seed', message: 'no account is given; give at least one.' }];
  const accounts = new Unique('account');
  const secrets = new Unique('secret');
  return seeds.flatMap((seed, index) => {
    const prefix = seeds.length === 1 ? '' : `${index}/`;
    return [
      ...accounts.add(seed.account.id, `${prefix}account/id`),
      ...seed.tokens.flatMap((token, at) => secrets.add(token.secret, `${prefix}tokens/${at}/secret`)),
      ...ownProblems(seed).map(({ path, message }) => ({ path: prefix + path, message })),
    ];
  });
}

function ownProblems(seed: AccountSeed): readonly SeedProblem[] {
  const resources = new Unique('resource');
  const accessIds = new Unique('access id');
  const tokenIds = new Unique('token id');
  const uuids = new Unique('uuid');
  const problems: SeedProblem[] = [];
  walk(seed.resources ?? [], 'resources');
  const known = new Set(resources.seen.keys()).add(typedId('account', seed.account.id));
  if (seed.organization) known.add(typedId('organization', seed.organization.id));
  for (const [index, access] of (seed.accesses ?? []).entries()) {
    problems.push(...accessIds.add(access.access, `accesses/${index}/access`));
    problems.push(...rowProblems(access.rows ?? [], `accesses/${index}/rows`));
  }
  if (seed.tokens.length === 0)
    problems.push({ path: 'tokens', message: 'no one could call; give at least one token.' });
  for (const [index, token] of seed.tokens.entries()) {
    const path = `tokens/${index}`;
    if (token.access !== undefined) problems.push(...accessIds.add(token.access, `${path}/access`));
    if (token.id !== undefined) problems.push(...tokenIds.add(token.id, `${path}/id`));
    else if (token.listed)
      problems.push({ path: `${path}/listed`, message: 'a token in the list needs an id; give it one.' });
    if (typeof token.expiresAt === 'string' && Number.isNaN(Date.parse(token.expiresAt))) {
      problems.push({
        path: `${path}/expiresAt`,
        message: `${token.expiresAt} is not a time; write it as 2027-01-31T00:00:00Z.`,
      });
    }
    problems.push(...rowProblems(token.rows ?? [], `${path}/rows`));
  }
  return problems;

  function walk(nodes: readonly ResourceSeed[], path: string): void {
    for (const [index, { type, id, uuid, resources: below }] of nodes.entries()) {
      const key = typedId(type, id);
      if (type === 'account' || type === 'organization') {
        problems.push({
          path: `${path}/${index}/type`,
          message: `the ${type} is not a resource; it is set at the top of the seed.`,
        });
      }
      problems.push(...resources.add(key, `${path}/${index}/id`));
      if (uuid !== undefined) problems.push(...uuids.add(uuid.toLowerCase(), `${path}/${index}/uuid`));
      walk(below ?? [], `${path}/${index}/resources`);
    }
  }

  function rowProblems(rows: readonly RowSeed[], path: string): readonly SeedProblem[] {
    const unique = new Unique('row on');
    return rows.flatMap(({ type, id }, index) => {
      const key = typedId(type, id);
      const twice = unique.add(key, `${path}/${index}`);
      if (known.has(key)) return twice;
      const message = `${type} ${id} is not in this account; add it to resources, with "hidden: true" if no tree should show it.`;
      return [...twice, { path: `${path}/${index}/id`, message }];
    });
  }
}

/** Remembers where each value was first seen. */
class Unique {
  readonly seen = new Map<string, string>();
  readonly #noun: string;

  constructor(noun: string) {
    this.#noun = noun;
  }

  add(value: string | number, path: string): readonly SeedProblem[] {
    const first = this.seen.get(String(value));
    if (first === undefined) {
      this.seen.set(String(value), path);
      return [];
    }
    // A secret is not repeated: an error message ends up in logs.
    const what = this.#noun === 'secret' ? 'this secret' : `${this.#noun} ${value}`;
    return [{ path, message: `${what} is already used at ${first}; choose another.` }];
  }
}
