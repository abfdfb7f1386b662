import type { GrantLevel } from '../domain/account/access-level.ts';
import { type ResourceType, resourceKey } from '../domain/account/resource.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { ImportedResources, Remarked } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';
import type { FoundPrincipal } from './find-principals.ts';
import type { RefOfResource } from './resource-refs.ts';

/** One resource at one level, as a grant can give it. */
export interface FactoredRow {
  readonly node: ResourceNode;
  readonly level: GrantLevel;
}

/** Rows that the same principals have: the content of one grant, or of a few. */
export interface RowGroup {
  /** In the order of the policy, never empty. */
  readonly rows: readonly FactoredRow[];
  /** In the order of their names, never empty. */
  readonly principals: readonly FoundPrincipal[];
}

/** One way to divide the same access into grants, and the sets of principals that get a group. */
export interface Layout {
  readonly rowGroups: readonly RowGroup[];
  readonly teams: readonly RowGroup[];
  /** To whom a row group is granted: groups, and principals that are in none of them. */
  readonly toOf: (rowGroup: RowGroup) => readonly (RowGroup | FoundPrincipal)[];
}

/** The most principals of one row group: a policy allows so many members of a group, and so many in one `to`. */
const PRINCIPALS_MAX = 5000;

/** The most row groups, each of which makes two grants at most, and the most groups. */
const ROW_GROUPS_MAX = 2500;
const GROUPS_MAX = 1000;

/** How much shorter a layout must be to be preferred to one that is easier to read. */
const MUCH_SHORTER = 0.67;

/**
 * Divides all access into row groups. The layout that is easiest to read names who has each resource, and makes a group of
 * them. It is used unless another layout is much shorter, or it exceeds the limits of a policy.
 */
export function groupRows(principals: readonly FoundPrincipal[]): Layout {
  const byRows = rowGroupsOf(principals);
  const alike = principalsByRows(principals);
  const classes = alike.filter((rowGroup) => rowGroup.principals.length > 1);
  const last = layoutOf(alike, classes, toClasses(classes));
  const fitting = [
    layoutOf(byRows, byRows.filter(isTeam), toExact(byRows.filter(isTeam))),
    layoutOf(byRows, classes, toClasses(classes)),
    last,
  ].filter(({ rowGroups, teams }) => rowGroups.length <= ROW_GROUPS_MAX && teams.length <= GROUPS_MAX);
  const [first = last, ...others] = fitting;
  return others.reduce((best, other) => (other.length < best.length * MUCH_SHORTER ? other : best), first);
}

interface MeasuredLayout extends Layout {
  /** How many names it contains: a measure of how much there is to read. */
  readonly length: number;
}

function layoutOf(rowGroups: readonly RowGroup[], teams: readonly RowGroup[], toOf: Layout['toOf']): MeasuredLayout {
  const said = rowGroups.map((rowGroup) => rowGroup.rows.length + toOf(rowGroup).length + 1);
  const members = teams.map(({ principals }) => principals.length + 1);
  return { rowGroups, teams, toOf, length: [...said, ...members].reduce((sum, count) => sum + count, 0) };
}

/** Two principals may share a row by chance. Three, or two with more in common, or two account admins get a group. */
function isTeam({ rows, principals }: RowGroup): boolean {
  return principals.length > 2 || (principals.length === 2 && (rows.length > 1 || rows[0]?.node.type === 'account'));
}

/** Each row group has a group of its own, or none. */
function toExact(teams: readonly RowGroup[]): Layout['toOf'] {
  const known = new Set(teams);
  return (rowGroup) => (known.has(rowGroup) ? [rowGroup] : rowGroup.principals);
}

/** A team has exactly the same rows, so anyone who shares a row with one member shares it with all. */
function toClasses(teams: readonly RowGroup[]): Layout['toOf'] {
  const teamOf = new Map(teams.flatMap((team) => team.principals.map((principal) => [principal, team] as const)));
  return ({ principals }) => [...new Set(principals.map((principal) => teamOf.get(principal) ?? principal))];
}

/** Groups the rows by the principals that have them. */
export function rowGroupsOf(principals: readonly FoundPrincipal[]): readonly RowGroup[] {
  const principalsOf = new Map<ResourceNode, Record<GrantLevel, FoundPrincipal[]>>();
  for (const principal of principals) {
    for (const [node, level] of principal.levels) {
      const known = principalsOf.get(node);
      const levels = known ?? { admin: [], viewer: [] };
      if (!known) principalsOf.set(node, levels);
      levels[level].push(principal);
    }
  }
  const rowGroups = new Map<string, { readonly rows: FactoredRow[]; readonly principals: readonly FoundPrincipal[] }>();
  const numberOf = new Map(principals.map((principal, index) => [principal, index]));
  for (const [node, levels] of principalsOf) {
    for (const level of ['admin', 'viewer'] as const) {
      for (const part of partsOf(levels[level])) {
        const key = part.map((principal) => numberOf.get(principal)).join();
        const rowGroup = rowGroups.get(key);
        if (rowGroup) rowGroup.rows.push({ node, level });
        else rowGroups.set(key, { rows: [{ node, level }], principals: part });
      }
    }
  }
  return inOrder([...rowGroups.values()]);
}

/** Groups the principals by their rows. */
function principalsByRows(principals: readonly FoundPrincipal[]): readonly RowGroup[] {
  const alike = new Map<string, FoundPrincipal[]>();
  for (const principal of principals) {
    const key = [...principal.levels].map(([node, level]) => `${node.index} ${level}`).join();
    const known = alike.get(key);
    if (known) known.push(principal);
    else alike.set(key, [principal]);
  }
  return inOrder(
    [...alike.values()].flatMap(partsOf).map((part) => ({
      rows: [...(part[0] as FoundPrincipal).levels].map(([node, level]) => ({ node, level })),
      principals: part,
    })),
  );
}

function partsOf(principals: readonly FoundPrincipal[]): readonly (readonly FoundPrincipal[])[] {
  const parts: (readonly FoundPrincipal[])[] = [];
  for (let from = 0; from < principals.length; from += PRINCIPALS_MAX)
    parts.push(principals.slice(from, from + PRINCIPALS_MAX));
  return parts;
}

/** By the first row, an admin before a viewer, then by the first principal: the order of what was read does not matter. */
function inOrder(rowGroups: readonly RowGroup[]): readonly RowGroup[] {
  return rowGroups
    .map(({ rows, principals }) => ({
      rows: [...rows].sort((a, b) => compareForPolicy(a.node, b.node)),
      principals,
    }))
    .sort(
      (a, b) => compareRows(a.rows[0] as FactoredRow, b.rows[0] as FactoredRow) || compareText(textOf(a), textOf(b)),
    );
}

function compareRows(a: FactoredRow, b: FactoredRow): number {
  return compareForPolicy(a.node, b.node) || compareText(a.level, b.level);
}

function textOf({ principals }: RowGroup): string {
  return principals.map(({ text }) => text).join();
}

/** The most resources of one entry. */
const RESOURCES_MAX = 500;

/** The rows as entries of a policy, one or more for each level, in the order in which the levels first appear. */
export function groupByLevel(rows: readonly FactoredRow[], refOf: RefOfResource): readonly ImportedResources[] {
  const levels = [...new Set(rows.map(({ level }) => level))];
  return levels.flatMap((level: GrantLevel) => {
    const resources = rows.filter((row) => row.level === level).map(({ node }) => refOf(node));
    return chunksOf(resources).map((part) => ({ resources: part, level }));
  });
}

function chunksOf(resources: readonly Remarked[]): readonly (readonly Remarked[])[] {
  const chunks: (readonly Remarked[])[] = [];
  for (let from = 0; from < resources.length; from += RESOURCES_MAX) {
    chunks.push(resources.slice(from, from + RESOURCES_MAX));
  }
  return chunks;
}

const TYPES: readonly ResourceType[] = ['account', 'billing', 'campaigns', 'project', 'inbox', 'domain'];

/** The order of a policy for readers: the account first, each project before its inboxes, domains last. */
function compareForPolicy(a: ResourceNode, b: ResourceNode): number {
  return compareText(sortKey(a), sortKey(b));
}

function sortKey(node: ResourceNode): string {
  const top = node.type === 'inbox' && node.parent ? node.parent : node;
  const own = top === node ? '' : `${node.name} ${node.id}`;
  return [TYPES.indexOf(top.type), top.name, top.id, own, resourceKey(node)].join('\u0000');
}
