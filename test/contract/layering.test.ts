import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

interface Layer {
  readonly folders: readonly string[];
  /** Folders of `src` that it may import, besides its own. */
  readonly may: readonly string[];
  readonly packages: readonly string[];
  readonly node: readonly string[];
  readonly isPure: boolean;
}

const EFFECTS = ['observe', 'apply'];
const PURE = ['validate', 'resolve', 'bind', 'diff', 'guard', 'explain', 'compare', 'review', 'infer', 'report'];
const ADAPTERS = [
  'load',
  'mailtrap',
  'settings',
  'snapshot',
  'state',
  'audit',
  'notify',
  'telemetry',
  'http',
  'kubernetes',
];
/** What is started, and so may import the command line. */
const ROOTS = /^(main|compile-schemas)\.ts$/;
const LAYER_0 = ['domain', 'document'];

/** The table of ARCHITECTURE.md. A folder that stands in no row fails the first test. */
const LAYERS: readonly Layer[] = [
  { folders: ['domain'], may: [], packages: [], node: [], isPure: true },
  { folders: ['document'], may: ['domain'], packages: ['yaml', 'ajv', 'ajv-formats'], node: [], isPure: true },
  { folders: PURE, may: LAYER_0, packages: [], node: ['node:crypto'], isPure: true },
  { folders: EFFECTS, may: ['domain'], packages: [], node: [], isPure: false },
  { folders: ['reconcile'], may: [...LAYER_0, ...PURE, ...EFFECTS], packages: [], node: [], isPure: false },
  { folders: ADAPTERS, may: LAYER_0, packages: ['*'], node: ['*'], isPure: false },
  {
    folders: ['daemon'],
    may: [...LAYER_0, 'reconcile'],
    packages: ['node-cron'],
    node: ['node:crypto'],
    isPure: false,
  },
  { folders: ['simulator'], may: [], packages: ['yaml', 'ajv'], node: ['*'], isPure: false },
  {
    folders: ['cli', 'main.ts', 'compile-schemas.ts'],
    may: [...LAYER_0, ...PURE, ...EFFECTS, 'reconcile', ...ADAPTERS, 'daemon', 'simulator', 'cli'],
    packages: ['*'],
    node: ['*'],
    isPure: false,
  },
];

interface SourceFile {
  readonly path: string;
  readonly folder: string;
  readonly code: string;
  readonly imports: readonly string[];
}

function walk(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? walk(path) : entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Code without comments and texts, so that a word in a sentence is no token. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '').replace(/'(?:\\.|[^'\\\n])*'/g, "''");
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:^\s*(?:import|export)\b[^;'"]*?from\s*|\bimport\s*\(?\s*)'([^']+)'/gm)].map(
    ([, name]) => `${name}`,
  );
}

const FILES: readonly SourceFile[] = walk(SRC).map((absolute) => {
  const path = relative(SRC, absolute);
  const text = readFileSync(absolute, 'utf8');
  return { path, folder: path.split('/')[0] ?? '', code: codeOf(text), imports: importsOf(text) };
});

function layerOf(folder: string): Layer | undefined {
  return LAYERS.find((layer) => layer.folders.includes(folder));
}

function targetOf(file: SourceFile, name: string): string {
  return join(dirname(file.path), name);
}

/** Every import that breaks a row of the table, as `file → import`. */
function brokenImports(file: SourceFile): readonly string[] {
  const layer = layerOf(file.folder);
  return file.imports
    .filter((name) => {
      if (!layer) return true;
      if (name.startsWith('.')) {
        const folder = targetOf(file, name).split('/')[0] ?? '';
        return folder !== file.folder && !layer.may.includes(folder);
      }
      const [list, key] = name.startsWith('node:') ? [layer.node, name] : [layer.packages, packageOf(name)];
      return !list.includes('*') && !list.includes(key);
    })
    .map((name) => `${file.path} → ${name}`);
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('the layers of the architecture', () => {
  it('every folder has a layer', () => {
    expect([...new Set(FILES.map((file) => file.folder))].filter((folder) => !layerOf(folder))).toEqual([]);
  });

  it('no file imports what its layer may not', () => {
    expect(FILES.flatMap(brokenImports)).toEqual([]);
  });

  it('the walk sees imports at all, of every kind', () => {
    expect(
      importsOf(
        "import a from 'x';\nimport type { B } from './y.ts';\nexport { c } from 'z';\nawait import('w');\nimport 'v';",
      ),
    ).toEqual(['x', './y.ts', 'z', 'w', 'v']);
    expect(FILES.flatMap((file) => file.imports).length).toBeGreaterThan(300);
    const wrong = {
      path: 'diff/x.ts',
      folder: 'diff',
      code: '',
      imports: ['../bind/y.ts', 'pino', 'node:fs', '../domain/z.ts'],
    };
    expect(brokenImports(wrong)).toEqual(['diff/x.ts → ../bind/y.ts', 'diff/x.ts → pino', 'diff/x.ts → node:fs']);
  });

  it('layers 0 and 1 read no clock, no chance, no process, and wait for nothing', () => {
    // Ports are types: that they promise is their point.
    const files = FILES.filter(
      (file) => layerOf(file.folder)?.isPure && !/^domain\/(?:daemon-)?ports\.ts$/.test(file.path),
    );
    const banned =
      /\basync\b|\bawait\b|\bPromise\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\b|\bperformance\b|\bsetTimeout\b|\bconsole\b|\bfetch\(/;
    const found = files
      .filter((file) => banned.test(file.code))
      .map((file) => `${file.path}: ${banned.exec(file.code)?.[0]}`);
    expect(found).toEqual([]);
  });

  it('effect stages and the story touch the world through ports only', () => {
    const banned = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\b|\bsetTimeout\b|\bconsole\b|\bfetch\(/;
    const found = FILES.filter((file) => [...EFFECTS, 'reconcile'].includes(file.folder) && banned.test(file.code));
    expect(found.map((file) => file.path)).toEqual([]);
  });

  it('a preview holds no writer', () => {
    for (const path of ['reconcile/preview.ts', 'reconcile/make-plan.ts', 'observe/observe-account.ts']) {
      expect(FILES.find((file) => file.path === path)?.code).not.toMatch(/writer/i);
    }
  });

  it('wire spellings stand only where the wire is', () => {
    const wire = /_destroy|resource_id|resource_type|specifier_type|access_level|can_update/;
    const found = walk(SRC)
      .map((absolute) => relative(SRC, absolute))
      .filter((path) => !/^(mailtrap|simulator)\//.test(path))
      .filter((path) => wire.test(codeOfTexts(path)));
    expect(found).toEqual([]);
  });

  it('no file imports itself, however long the way', () => {
    const graph = new Map(
      FILES.map((file) => [
        file.path,
        file.imports.filter((name) => name.startsWith('.')).map((name) => targetOf(file, name)),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    function visit(path: string, way: readonly string[]): void {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      if (way.includes(path) || done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
      done.add(path);
    }
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it('there is no barrel and no grab bag, and no file is over 250 lines', () => {
    expect(
      FILES.filter((file) => /(^|\/)(index\.ts|utils?|helpers?|common)(\/|$)/.test(file.path)).map((file) => file.path),
    ).toEqual([]);
    const long = FILES.map(
      (file) => [file.path, readFileSync(join(SRC, file.path), 'utf8').split('\n').length - 1] as const,
    ).filter(([, lines]) => lines > 250);
    expect(long).toEqual([]);
  });

  it('nothing imports the command line, and only it starts the simulator', () => {
    const toCli = FILES.filter((file) => file.folder !== 'cli' && !file.path.match(ROOTS)).filter((file) =>
      file.imports.some((name) => /\/cli\//.test(name)),
    );
    expect(toCli.map((file) => file.path)).toEqual([]);
  });
});

/** Code with its texts, without comments. */
function codeOfTexts(path: string): string {
  return readFileSync(join(SRC, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
}
