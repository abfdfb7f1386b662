import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** The scripts of this folder as JavaScript, for processes of their own. */
export interface Compiled {
  readonly write: string;
  readonly observe: string;
  remove(): void;
}

/** Compiles them below node_modules, where packages are found from. Takes a second or two. */
export function compileScripts(): Compiled {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'grantd-delivery-'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  const config = join(directory, 'tsconfig.json');
  const options = { noEmit: false, allowImportingTsExtensions: false, rootDir: ROOT, outDir: directory };
  const files = ['write', 'observe'].map((name) =>
    join(ROOT, 'test/adapters/policy-file/delivery/support', `${name}.ts`),
  );
  writeFileSync(
    config,
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions: options, files, include: [] }),
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  if (status !== 0) {
    remove();
    throw new Error(`the scripts do not compile: ${stdout}`);
  }
  const support = join(directory, 'test/adapters/policy-file/delivery/support');
  return {
    write: join(support, 'write.js'),
    observe: join(support, 'observe.js'),
    remove,
  };
}
