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

/** The pure stages of the core. Each imports the vocabulary and documents, and no other stage. */
const STAGES = ['validate', 'resolve', 'bind', 'diff', 'cause', 'guard', 'explain', 'compare', 'review', 'infer'];
const ADAPTERS = [
  'policy-file',
  'mailtrap',
  'settings',
  'snapshot',
  'state',
  'audit',
  'notify',
  'log',
  'metrics',
  'http',
  'kubernetes',
];
/** The files of `src` that belong to no folder: what is started, and a step of the build. */
const ROOTS = ['main.ts', 'compile-schemas.ts'];

/** One row for each folder of `src`, from the top down, as in ARCHITECTURE.md. A folder without a row fails the first test. */
const LAYERS: readonly Layer[] = [
  {
    folders: ['cli', ...ROOTS],
    may: ['cli', 'daemon', 'report', 'adapters', 'run', 'core', 'platform', 'simulator'],
    packages: ['*'],
    node: ['*'],
    isPure: false,
  },
  {
    folders: ['daemon'],
    may: ['run', 'core', 'platform'],
    packages: ['node-cron'],
    node: ['node:crypto'],
    isPure: false,
  },
  { folders: ['report'], may: ['core'], packages: [], node: ['node:crypto'], isPure: true },
  { folders: ['adapters'], may: ['core', 'platform'], packages: ['*'], node: ['*'], isPure: false },
  { folders: ['run'], may: ['core'], packages: [], node: [], isPure: false },
  { folders: ['core'], may: [], packages: ['yaml', 'ajv', 'ajv-formats'], node: ['node:crypto'], isPure: true },
  { folders: ['platform'], may: [], packages: ['https-proxy-agent'], node: ['*'], isPure: false },
  { folders: ['simulator'], may: [], packages: ['yaml', 'ajv'], node: ['*'], isPure: false },
];

/** The rows inside a folder of `src`. What an inner row does not name, the row of its folder still decides. */
const INNER_LAYERS: readonly Layer[] = [
  { folders: ['core/domain'], may: [], packages: [], node: [], isPure: true },
  {
    folders: ['core/document'],
    may: ['core/domain'],
    packages: ['yaml', 'ajv', 'ajv-formats'],
    node: [],
    isPure: true,
  },
  ...STAGES.map((stage) => ({
    folders: [`core/${stage}`],
    may: ['core/domain', 'core/document'],
    packages: [],
    node: ['node:crypto'],
    isPure: true,
  })),
  { folders: ['core/status'], may: ['core/domain'], packages: [], node: ['node:crypto'], isPure: true },
  ...ADAPTERS.map((adapter) => ({
    folders: [`adapters/${adapter}`],
    may: ['core/domain', 'core/document'],
    packages: ['*'],
    node: ['*'],
    isPure: false,
  })),
  { folders: ['run/observe'], may: [], packages: [], node: [], isPure: false },
  { folders: ['run/apply'], may: [], packages: [], node: [], isPure: false },
  { folders: ['run/reconcile'], may: ['run/observe', 'run/apply'], packages: [], node: [], isPure: false },
];

/** What one file may import beyond its rows, as in ARCHITECTURE.md. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // UTS 46, which compares the domains of e-mails. `domainToASCII` and `domainToUnicode` are pure functions.
  'core/domain/account/email.ts': ['node:url'],
  // A hash is a pure function too. grantd remembers a person by one, and not by the address.
  'core/domain/account/known-ends.ts': ['node:crypto'],
  'core/domain/account/remembered-access.ts': ['node:crypto'],
};

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

/** The folder that an inner row speaks of: `core/diff` of `core/diff/judge-rows.ts`. */
function innerFolderOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function targetOf(file: SourceFile, name: string): string {
  return join(dirname(file.path), name);
}

/** Every import that breaks a row of either table, as `file → import`. */
function brokenImports(file: SourceFile): readonly string[] {
  const inner = innerFolderOf(file.path);
  const innerLayer = INNER_LAYERS.find((layer) => layer.folders.includes(inner));
  return file.imports
    .filter((name) => {
      const layer = layerOf(file.folder);
      if (!layer) return true;
      if (EXCEPTIONS[file.path]?.includes(name)) return false;
      if (!name.startsWith('.')) {
        return [layer, ...(innerLayer ? [innerLayer] : [])].some(({ node, packages }) => {
          const [list, key] = name.startsWith('node:') ? [node, name] : [packages, packageOf(name)];
          return !list.includes('*') && !list.includes(key);
        });
      }
      const target = targetOf(file, name);
      const folder = target.split('/')[0] ?? '';
      if (folder !== file.folder) return !layer.may.includes(folder);
      const targetInner = innerFolderOf(target);
      return innerLayer !== undefined && targetInner !== inner && !innerLayer.may.includes(targetInner);
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
  it('every folder has a layer, and every stage and adapter a row of its own', () => {
    expect([...new Set(FILES.map((file) => file.folder))].filter((folder) => !layerOf(folder))).toEqual([]);
    const rows = INNER_LAYERS.flatMap(({ folders }) => folders);
    const parted = FILES.filter(({ folder }) => ['core', 'run', 'adapters'].includes(folder));
    expect([...new Set(parted.map(({ path }) => innerFolderOf(path)))].sort()).toEqual([...rows].sort());
  });

  it('no file imports what its layer may not', () => {
    expect(FILES.flatMap(brokenImports)).toEqual([]);
  });

  it('every exception is in use, and for that file only', () => {
    for (const [path, names] of Object.entries(EXCEPTIONS)) {
      expect(FILES.find((file) => file.path === path)?.imports).toEqual(expect.arrayContaining([...names]));
      expect(brokenImports({ path: 'core/domain/x.ts', folder: 'core', code: '', imports: names })).toHaveLength(
        names.length,
      );
    }
  });

  it('e-mails are compared by their own form alone: what folds ASCII folds names and domains of resources', () => {
    const folding = FILES.filter(({ code }) => /\bfoldAscii\(|\bmatchesDomain\(/.test(code)).map(({ path }) => path);
    expect(folding.sort()).toEqual([
      'core/bind/resource-index.ts',
      'core/compare/entry.ts',
      'core/domain/account/email.ts',
      'core/domain/policy/name-pattern.ts',
      'core/domain/policy/ref-cover.ts',
      'core/domain/text/text.ts',
      'core/explain/select-nodes.ts',
      'core/infer/resource-refs.ts',
      'core/validate/check-names.ts',
    ]);
  });

  it('the walk sees imports at all, of every kind', () => {
    expect(
      importsOf(
        "import a from 'x';\nimport type { B } from './y.ts';\nexport { c } from 'z';\nawait import('w');\nimport 'v';",
      ),
    ).toEqual(['x', './y.ts', 'z', 'w', 'v']);
    expect(FILES.flatMap((file) => file.imports).length).toBeGreaterThan(300);
    const wrong = {
      path: 'core/diff/x.ts',
      folder: 'core',
      code: '',
      imports: ['../bind/y.ts', 'pino', 'node:fs', 'yaml', '../domain/z.ts', '../../run/apply/z.ts'],
    };
    expect(brokenImports(wrong)).toEqual([
      'core/diff/x.ts → ../bind/y.ts',
      'core/diff/x.ts → pino',
      'core/diff/x.ts → node:fs',
      'core/diff/x.ts → yaml',
      'core/diff/x.ts → ../../run/apply/z.ts',
    ]);
  });

  it('the core and the reports read no clock, no chance, no process, and wait for nothing', () => {
    // Ports are types: that they promise is their point.
    const files = FILES.filter(
      (file) => layerOf(file.folder)?.isPure && !/^core\/domain\/run\/(?:daemon-)?ports\.ts$/.test(file.path),
    );
    const banned =
      /\basync\b|\bawait\b|\bPromise\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\b|\bperformance\b|\bsetTimeout\b|\bconsole\b|\bfetch\(/;
    const found = files
      .filter((file) => banned.test(file.code))
      .map((file) => `${file.path}: ${banned.exec(file.code)?.[0]}`);
    expect(found).toEqual([]);
  });

  it('what runs a plan touches the world through ports only', () => {
    const banned = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\b|\bsetTimeout\b|\bconsole\b|\bfetch\(/;
    const found = FILES.filter((file) => file.folder === 'run' && banned.test(file.code));
    expect(found.map((file) => file.path)).toEqual([]);
  });

  it('a preview holds no writer', () => {
    for (const path of ['run/reconcile/preview.ts', 'run/reconcile/make-plan.ts', 'run/observe/observe-account.ts']) {
      expect(FILES.find((file) => file.path === path)?.code).not.toMatch(/writer/i);
    }
  });

  it('wire spellings occur only in the wire folder of the Mailtrap adapter and in the simulator', () => {
    const wire =
      /_destroy|resource_id|resource_type|specifier_type|access_level|can_update|expires_at|last_4_digits|\{account_/;
    const found = walk(SRC)
      .map((absolute) => relative(SRC, absolute))
      .filter((path) => !/^(adapters\/mailtrap\/wire|simulator)\//.test(path))
      .filter((path) => wire.test(codeOfTexts(path)));
    expect(found).toEqual([]);
  });

  it('requests leave through the sender of the platform alone', () => {
    const found = FILES.filter(({ folder }) => folder !== 'platform').filter(
      ({ code, imports }) => imports.includes('node:https') || /\bfetch\(/.test(code),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
    const opens = /^import \{[^}]*\b(?:connect|createConnection|request|get)\b[^}]*\} from 'node:(?:net|http)'/m;
    const connecting = FILES.filter(({ folder }) => folder !== 'platform').filter(
      ({ path, imports }) =>
        imports.some((name) => /^node:(?:tls|http2|dgram|dns)/.test(name)) ||
        opens.test(readFileSync(join(SRC, path), 'utf8')),
    );
    expect(connecting.map(({ path }) => path)).toEqual([]);
    const agents = FILES.filter(({ imports }) => imports.includes('https-proxy-agent'));
    expect(agents.map(({ path }) => path)).toEqual(['platform/http/tunnel.ts']);
  });

  it('no imports form a cycle', () => {
    const graph = new Map(
      FILES.map((file) => [
        file.path,
        file.imports.filter((name) => name.startsWith('.')).map((name) => targetOf(file, name)),
      ]),
    );
    expect([...graph.values()].flat().length, 'imports between files').toBeGreaterThan(1_000);
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
    const toCli = FILES.filter((file) => file.folder !== 'cli' && !ROOTS.includes(file.path)).filter((file) =>
      file.imports.some((name) => /\/cli\//.test(name)),
    );
    expect(toCli.map((file) => file.path)).toEqual([]);
  });
});

/** Code with its texts, without comments. */
function codeOfTexts(path: string): string {
  return readFileSync(join(SRC, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
}
