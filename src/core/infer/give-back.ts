import { LEVEL } from '../domain/account/access-level.ts';
import { emailKey } from '../domain/account/email.ts';
import type { ImportedGrant, ImportedResources, ImportNote, Remarked } from '../domain/policy/imported-policy.ts';
import { counted } from '../domain/text/text.ts';

/** A level as a record of a write has it: its word, its number if it has none, null for no row. */
export type RecordedLevel = 'viewer' | 'viewer+' | 'admin' | 'owner' | number | null;

/** One row that grantd wrote, in the order of the writes. */
export interface WrittenRow {
  readonly access: number;
  /** As a policy names the principal: an e-mail, or `token:NAME`. */
  readonly who: string;
  readonly resource: { readonly type: string; readonly id: number; readonly label: string };
  readonly before: RecordedLevel;
  readonly after: RecordedLevel;
  /** The question is about this write. False: it only shows what became of the row. */
  readonly isAsked: boolean;
  /** Someone else had given the row, and grantd took it back. */
  readonly isDrift: boolean;
  /** An `ends` of the policy took it: `file:line`. Null: something else did. */
  readonly endsAt: string | null;
  /** False: grantd never saw the answer, so the row may still be there. */
  readonly isCertain: boolean;
}

/** A grant that gives back what one principal lost. */
export interface GivenBackGrant extends ImportedGrant {
  readonly gives: ImportedResources;
}

/** The grants that give back what was taken, and what none of them can say. */
export interface GivenBackGrants {
  readonly grants: readonly GivenBackGrant[];
  readonly notes: readonly ImportNote[];
}

/** What the grants say of themselves. */
export interface GrantWords {
  readonly reason: string;
  /** A date. The grants include that day. */
  readonly until: string;
}

/** A row that was taken, and the level to which it was written last. */
interface TakenRow {
  readonly first: WrittenRow;
  now: RecordedLevel;
}

/** Collects what was taken, and counts a row no more once a later write gave it back. Keeps one entry for each row that was taken. */
export class TakenRows {
  readonly #withDrift: boolean;
  readonly #rows = new Map<string, TakenRow>();
  #drift = 0;

  /** `withDrift`: also what grantd took back from people to whom someone else had given it. */
  constructor(withDrift: boolean) {
    this.#withDrift = withDrift;
  }

  add(row: WrittenRow): void {
    const key = `${row.access} ${row.resource.type} ${row.resource.id}`;
    const known = this.#rows.get(key);
    if (known) known.now = row.after;
    else if (row.isAsked && rank(row.after) < rank(row.before)) {
      if (row.isDrift && !this.#withDrift) this.#drift += 1;
      else this.#rows.set(key, { first: row, now: row.after });
    }
  }

  /** One grant for each principal and level. */
  grants({ reason, until }: GrantWords): GivenBackGrants {
    const missing = [...this.#rows.values()].filter(({ first, now }) => rank(now) < rank(first.before));
    const byGrant = new Map<string, { readonly first: WrittenRow; readonly resources: Remarked[] }>();
    for (const { first } of missing.filter(isGrantable)) {
      const key = JSON.stringify([emailKey(first.who), first.before]);
      const grant = byGrant.get(key) ?? { first, resources: [] };
      grant.resources.push(resourceText(first));
      byGrant.set(key, grant);
    }
    const grants = [...byGrant.values()].map(({ first, resources }) => ({
      to: [first.who],
      gives: { resources, level: first.before === 'admin' ? ('admin' as const) : ('viewer' as const) },
      reason,
      until,
    }));
    return { grants, notes: this.#notes(missing) };
  }

  #notes(missing: readonly TakenRow[]): readonly ImportNote[] {
    const given = missing.filter(isGrantable).map(({ first }) => first);
    const ended = given.filter(({ endsAt }) => endsAt !== null).map(({ who, endsAt }) => `${who} (${endsAt})`);
    const tokens = given.filter(({ who }) => who.startsWith('token:')).map(({ who }) => who);
    const unseen = given.filter(({ isCertain }) => !isCertain).map(rowText);
    const lost = missing.filter((row) => !isGrantable(row)).map(({ first }) => rowText(first));
    const back = this.#rows.size - missing.length;
    return [
      note('`ends` still ends the access of these people. Delete those lines first:', ended),
      note('The policy must list these tokens under `tokens`:', tokens),
      note('grantd never saw whether Mailtrap took these rows. They may still be there:', unseen),
      note('No grant can say these levels. Give the rows back in Mailtrap:', lost),
      countNote(back, 'A later write has given back', ''),
      countNote(this.#drift, 'Someone else than the policy had given', ' (drift). --drift gives them back too'),
    ].filter((one) => one !== null);
  }
}

function isGrantable({ first }: TakenRow): boolean {
  return first.before === 'viewer' || first.before === 'admin';
}

/** By id, since a name may belong to something else by now; the name is a comment. */
function resourceText({ resource: { type, id, label } }: WrittenRow): Remarked {
  return type === 'account' ? { text: type, remark: null } : { text: `${type}:#${id}`, remark: label };
}

function rank(level: RecordedLevel): number {
  if (typeof level === 'number') return level;
  if (level === null) return LEVEL.none;
  return level === 'viewer+' ? LEVEL.viewerPlus : LEVEL[level];
}

function rowText({ who, resource, before }: WrittenRow): string {
  return `${who}: ${resource.label}, ${typeof before === 'number' ? `level ${before}` : before}`;
}

function note(says: string, items: readonly string[]): ImportNote | null {
  return items.length === 0 ? null : { says, items: [...new Set(items)].sort() };
}

function countNote(count: number, before: string, after: string): ImportNote | null {
  return count === 0 ? null : { says: `${before} ${counted(count, 'row')}${after}.`, items: [] };
}
