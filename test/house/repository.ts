import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What git does not keep, and what is of somebody else. */
const LEFT_OUT = new Set(['.git', 'coverage', 'dist', 'node_modules', '.stryker-tmp', 'crashes']);

/** Every file below a folder or at a path of the repository, as a path from its root. */
export function filesBelow(...paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const below = readdirSync(join(ROOT, path), { withFileTypes: true });
    return below.flatMap((entry) => {
      const one = path === '.' ? entry.name : `${path}/${entry.name}`;
      if (LEFT_OUT.has(entry.name)) return [];
      return entry.isDirectory() ? filesBelow(one) : [one];
    });
  });
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The comments of a program, and the code without them. */
export function partsOf(text: string): { readonly code: string; readonly comments: string } {
  const comment = /\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/.*$/gm;
  return { code: text.replace(comment, ''), comments: (text.match(comment) ?? []).join('\n') };
}

/** The texts of a program in single quotes, and the code with empty ones in their place. */
export function quotesOf(code: string): { readonly code: string; readonly texts: readonly string[] } {
  const quoted = /'((?:\\.|[^'\\\n])*)'/g;
  return { code: code.replace(quoted, "''"), texts: [...code.matchAll(quoted)].map(([, text = '']) => text) };
}
