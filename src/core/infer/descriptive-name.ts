import type { GrantLevel } from '../domain/account/access-level.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { FactoredRow, RowGroup } from './group-rows.ts';
import { slugOf } from './unique-names.ts';

/** The word for each level in the name of a group, and of a role. */
const WORDS = {
  group: { admin: 'admins', viewer: 'viewers', both: 'team' },
  role: { admin: 'admin', viewer: 'viewer', both: 'member' },
} as const;

/** The most resources that a name lists one by one. */
const LISTED_MAX = 2;

/** The longest name that names each level by itself. */
const LONG = 48;

/** A name that says what the principals of a row group have, as in `checkout-viewers-staging-admins`. */
export function descriptiveName({ rows }: Pick<RowGroup, 'rows'>, kind: keyof typeof WORDS): string {
  const words = WORDS[kind];
  const of = (level: GrantLevel) => rows.filter((row) => row.level === level).map(({ node }) => node);
  const [admin, viewer] = [of('admin'), of('viewer')];
  if (viewer.length === 0) return `${scopeName(admin)}-${words.admin}`;
  if (admin.length === 0) return `${scopeName(viewer)}-${words.viewer}`;
  const wide = scopeName(viewer);
  const each = `${wide}-${words.viewer}-${withoutPrefix(scopeName(admin), wide)}-${words.admin}`;
  const isShort = viewer.length <= LISTED_MAX && admin.length <= LISTED_MAX && each.length <= LONG;
  return isShort ? each : `${scopeName(rows.map(({ node }: FactoredRow) => node))}-${words.both}`;
}

function withoutPrefix(name: string, prefix: string): string {
  return name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : name;
}

/** A name for several resources: their project, the words that all their names start with, or the first of them. */
function scopeName(nodes: readonly ResourceNode[]): string {
  const names = nodes.map(nodeName);
  const [first = '', second = ''] = names;
  if (nodes.length === 1) return first;
  const tops = new Set(nodes.map((node) => (node.type === 'inbox' ? node.parent : node)));
  const [top] = tops;
  if (tops.size === 1 && top) {
    return nodes.some((node) => node === top) ? nodeName(top) : `${nodeName(top)}-inbox`;
  }
  const shared = sharedWords(names);
  if (shared !== '') return shared;
  return nodes.length === LISTED_MAX ? `${first}-and-${second}` : `${first}-and-${nodes.length - 1}-more`;
}

function nodeName(node: ResourceNode): string {
  if (node.type === 'account' || node.type === 'billing' || node.type === 'campaigns') return node.type;
  const own = slugOf(node.name) || `${node.type}-${node.id}`;
  return node.type === 'inbox' && node.parent ? `${nodeName(node.parent)}-${own}` : own;
}

/** The words that all names start with. At least one of them must be a word, not a number. */
function sharedWords(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => name.split('-'));
  const differs = first.findIndex((word, index) => others.some((other) => other[index] !== word));
  const shared = first.slice(0, differs < 0 ? first.length : differs);
  return shared.some((word) => /[a-z]{2}/.test(word)) ? shared.join('-') : '';
}
