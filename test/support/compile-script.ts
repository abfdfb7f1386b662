import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A script as JavaScript, for processes of its own. */
export interface CompiledScript {
  readonly path: string;
  remove(): void;
}

/** Compiles a script of the tests with what it imports. `name`: its path from the root of the repository, without `.ts`. */
export function compileScript(name: string): CompiledScript {
  const { paths, remove } = compileScripts(dirname(name), [basename(name)]);
  return { path: paths[basename(name)] ?? '', remove };
}

/** Compiles scripts of one folder at once, below node_modules, where packages are found from. Takes a second or two. */
export function compileScripts<Name extends string>(
  folder: string,
  names: readonly Name[],
): { readonly paths: Readonly<Record<Name, string>>; remove(): void } {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'grantd-script-'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  const config = join(directory, 'tsconfig.json');
  const options = { noEmit: false, allowImportingTsExtensions: false, rootDir: ROOT, outDir: directory };
  const files = names.map((name) => join(ROOT, folder, `${name}.ts`));
  writeFileSync(
    config,
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions: options, files, include: [] }),
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  if (status !== 0) {
    remove();
    throw new Error(`${folder}/${names.join(', ')} does not compile: ${stdout}`);
  }
  const paths = Object.fromEntries(names.map((name) => [name, join(directory, folder, `${name}.js`)]));
  return { paths: paths as Record<Name, string>, remove };
}
