import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A script as JavaScript, for processes of its own. */
export interface CompiledScript {
  readonly path: string;
  remove(): void;
}

/** Compiles a script of the tests with what it imports, below node_modules, where packages are found from. */
export function compileScript(name: string): CompiledScript {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'grantd-script-'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  const config = join(directory, 'tsconfig.json');
  const options = { noEmit: false, allowImportingTsExtensions: false, rootDir: ROOT, outDir: directory };
  const files = [join(ROOT, `${name}.ts`)];
  writeFileSync(
    config,
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions: options, files, include: [] }),
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  if (status !== 0) {
    remove();
    throw new Error(`the script does not compile: ${stdout}`);
  }
  return { path: join(directory, `${name}.js`), remove };
}
