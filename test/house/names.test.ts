import { describe, expect, it } from 'vitest';
import { filesBelow, partsOf, textOf } from './repository.ts';

/** The names that a file declares and exports. A re-export declares nothing. */
function exportsOf(text: string): readonly string[] {
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm;
  return [...partsOf(text).code.matchAll(declared)].map(([, name = '']) => name);
}

describe('the names of the source', () => {
  it('no exported name is declared in two files', () => {
    const owners = new Map<string, Set<string>>();
    for (const path of filesBelow('src').filter((one) => one.endsWith('.ts'))) {
      for (const name of exportsOf(textOf(path))) owners.set(name, (owners.get(name) ?? new Set()).add(path));
    }
    expect(owners.size).toBeGreaterThan(500);
    const shared = [...owners].filter(([, paths]) => paths.size > 1);
    expect(shared.map(([name, paths]) => `${name}: ${[...paths].join(', ')}`)).toEqual([]);
  });

  it('an export of every kind is seen', () => {
    const text = [
      'export const a = 1;',
      'export async function b() {}',
      'export class C {}',
      'export interface D {}',
      'export type E = 1;',
      "export { f } from './f.ts';",
      "export type { G } from './g.ts';",
      '// export const h = 1;',
      'const i = 1;',
    ].join('\n');
    expect(exportsOf(text)).toEqual(['a', 'b', 'C', 'D', 'E']);
  });
});
