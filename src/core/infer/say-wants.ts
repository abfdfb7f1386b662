import type { GrantLevel } from '../domain/account/access-level.ts';
import type { ImportedResources, Remarked } from '../domain/policy/imported-policy.ts';
import type { Row } from './factor-rows.ts';
import type { SpellResource } from './spell-resources.ts';

/** Most resources of one entry. */
const RESOURCES_MAX = 500;

/** The rows by level, in the order in which the levels first appear. */
export function wantsOf(rows: readonly Row[], spell: SpellResource): readonly ImportedResources[] {
  const levels = [...new Set(rows.map(({ level }) => level))];
  return levels.flatMap((level: GrantLevel) => {
    const resources = rows.filter((row) => row.level === level).map(({ node }) => spell(node));
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
