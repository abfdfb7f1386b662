import type { GrantLevel } from '../domain/account/access-level.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import { compareText } from '../domain/text/text.ts';
import type { Holder } from './find-principals.ts';
import { compareForPolicy } from './policy-order.ts';

/** One resource at one level. */
export interface Row {
  readonly node: ResourceNode;
  readonly level: GrantLevel;
}

/** Rows that the same holders have: what one grant says, or a few. */
export interface Bundle {
  /** In the order of the policy, never empty. */
  readonly rows: readonly Row[];
  /** In the order of their texts, never empty. */
  readonly holders: readonly Holder[];
}

/** How the same access is cut into grants: what the grants say, and which sets of holders have a group. */
export interface Layout {
  readonly bundles: readonly Bundle[];
  readonly teams: readonly Bundle[];
  /** Whom a bundle is granted to: groups, and those who are in none of them. */
  readonly toOf: (bundle: Bundle) => readonly (Bundle | Holder)[];
}

/** Most holders of one bundle: a policy allows so many members of a group, and so many in one `to`. */
const HOLDERS_MAX = 5000;

/** Most bundles, which make two grants each at most, and most groups. */
const BUNDLES_MAX = 2500;
const GROUPS_MAX = 1000;

/** How much shorter a layout must be to be preferred to one that reads better. */
const MUCH_SHORTER = 0.67;

/**
 * Cuts what everybody holds into bundles. The layout that reads best names who has each resource, and makes a group of
 * those who have it: it is taken unless another one is much shorter, or does not fit the limits of a policy.
 */
export function factorRows(holders: readonly Holder[]): Layout {
  const byRows = bundlesOf(holders);
  const alike = holdersByRows(holders);
  const classes = alike.filter((bundle) => bundle.holders.length > 1);
  const last = layoutOf(alike, classes, toClasses(classes));
  const fitting = [
    layoutOf(byRows, byRows.filter(isTeam), toExact(byRows.filter(isTeam))),
    layoutOf(byRows, classes, toClasses(classes)),
    last,
  ].filter(({ bundles, teams }) => bundles.length <= BUNDLES_MAX && teams.length <= GROUPS_MAX);
  const [first = last, ...others] = fitting;
  return others.reduce((best, other) => (other.length < best.length * MUCH_SHORTER ? other : best), first);
}

interface MeasuredLayout extends Layout {
  /** How many names it says: a measure of how much there is to read. */
  readonly length: number;
}

function layoutOf(bundles: readonly Bundle[], teams: readonly Bundle[], toOf: Layout['toOf']): MeasuredLayout {
  const said = bundles.map((bundle) => bundle.rows.length + toOf(bundle).length + 1);
  const members = teams.map(({ holders }) => holders.length + 1);
  return { bundles, teams, toOf, length: [...said, ...members].reduce((sum, count) => sum + count, 0) };
}

/** Two may share a row by chance; three, or two with more in common, or two account admins, are worth a name. */
function isTeam({ rows, holders }: Bundle): boolean {
  return holders.length > 2 || (holders.length === 2 && (rows.length > 1 || rows[0]?.node.type === 'account'));
}

/** Each bundle has a group of its own, or none. */
function toExact(teams: readonly Bundle[]): Layout['toOf'] {
  const known = new Set(teams);
  return (bundle) => (known.has(bundle) ? [bundle] : bundle.holders);
}

/** The teams are those who hold exactly the same, so whoever shares a row with one of them shares it with all. */
function toClasses(teams: readonly Bundle[]): Layout['toOf'] {
  const teamOf = new Map(teams.flatMap((team) => team.holders.map((holder) => [holder, team] as const)));
  return ({ holders }) => [...new Set(holders.map((holder) => teamOf.get(holder) ?? holder))];
}

/** Rows that exactly the same holders have, together. */
export function bundlesOf(holders: readonly Holder[]): readonly Bundle[] {
  const holdersOf = new Map<ResourceNode, Record<GrantLevel, Holder[]>>();
  for (const holder of holders) {
    for (const [node, level] of holder.wants) {
      const known = holdersOf.get(node);
      const levels = known ?? { admin: [], viewer: [] };
      if (!known) holdersOf.set(node, levels);
      levels[level].push(holder);
    }
  }
  const bundles = new Map<string, { readonly rows: Row[]; readonly holders: readonly Holder[] }>();
  const numberOf = new Map(holders.map((holder, index) => [holder, index]));
  for (const [node, levels] of holdersOf) {
    for (const level of ['admin', 'viewer'] as const) {
      for (const part of partsOf(levels[level])) {
        const key = part.map((holder) => numberOf.get(holder)).join();
        const bundle = bundles.get(key);
        if (bundle) bundle.rows.push({ node, level });
        else bundles.set(key, { rows: [{ node, level }], holders: part });
      }
    }
  }
  return inOrder([...bundles.values()]);
}

/** Holders of exactly the same rows, together. */
function holdersByRows(holders: readonly Holder[]): readonly Bundle[] {
  const alike = new Map<string, Holder[]>();
  for (const holder of holders) {
    const key = [...holder.wants].map(([node, level]) => `${node.index} ${level}`).join();
    const known = alike.get(key);
    if (known) known.push(holder);
    else alike.set(key, [holder]);
  }
  return inOrder(
    [...alike.values()].flatMap(partsOf).map((part) => ({
      rows: [...(part[0] as Holder).wants].map(([node, level]) => ({ node, level })),
      holders: part,
    })),
  );
}

function partsOf(holders: readonly Holder[]): readonly (readonly Holder[])[] {
  const parts: (readonly Holder[])[] = [];
  for (let from = 0; from < holders.length; from += HOLDERS_MAX) parts.push(holders.slice(from, from + HOLDERS_MAX));
  return parts;
}

/** By the first row, an admin before a viewer, then by the first holder: never by the order of what was read. */
function inOrder(bundles: readonly Bundle[]): readonly Bundle[] {
  return bundles
    .map(({ rows, holders }) => ({ rows: [...rows].sort((a, b) => compareForPolicy(a.node, b.node)), holders }))
    .sort((a, b) => compareRows(a.rows[0] as Row, b.rows[0] as Row) || compareText(textOf(a), textOf(b)));
}

function compareRows(a: Row, b: Row): number {
  return compareForPolicy(a.node, b.node) || compareText(a.level, b.level);
}

function textOf({ holders }: Bundle): string {
  return holders.map(({ text }) => text).join();
}
