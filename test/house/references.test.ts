import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SABOTAGES as CHAOS_SABOTAGES } from '../../proof/chaos/sabotages.mjs';
import { SABOTAGES as FUZZ_SABOTAGES } from '../../proof/fuzz/sabotages.mjs';
import { filesBelow, partsOf, quotesOf, ROOT, textOf } from './repository.ts';

const FILES = filesBelow('.');
const FOLDERS = new Set(FILES.flatMap((path) => foldersOf(path)));

/** Folders whose files are data, or of another time. */
const NOT_READ = /^(?:proof\/fuzz\/(?:seeds|regressions)|test\/(?:fixtures|chart\/previous)|CHANGELOG\.md)/;

/** What git does not keep: a file of the user, and what runs of the fuzzer and of the mutants write. */
const NOT_KEPT = /^(?:config\/grantd\.yaml|proof\/fuzz\/crashes|proof\/mutation\/reports)(?:\/|$)/;

describe('what the long runs name in src', () => {
  it('every survivor of the mutants is in a file that is there', () => {
    const survivors: readonly { readonly file: string }[] = JSON.parse(textOf('proof/mutation/survivors.json'));
    expect(survivors.length).toBeGreaterThan(10);
    expect(survivors.map(({ file }) => `src/${file}`).filter((path) => !isThere(path))).toEqual([]);
  });

  it('every line that chaos breaks is there exactly once', () => {
    const edits = CHAOS_SABOTAGES.flatMap((one) => ('also' in one && one.also ? [one, one.also] : [one]));
    expect(edits.length).toBeGreaterThan(5);
    const misplaced = edits.filter(({ file, from }) => timesIn(`src/${file}`, from) !== 1);
    expect(misplaced.map(({ file, from }) => `src/${file}: ${from}`)).toEqual([]);
  });

  it('every safeguard that the fuzzer takes out is there exactly once', () => {
    expect(FUZZ_SABOTAGES.length).toBeGreaterThan(5);
    const misplaced = FUZZ_SABOTAGES.filter(({ file, was }) => timesIn(`src/${file}.ts`, was) !== 1);
    expect(misplaced.map(({ file, was }) => `src/${file}.ts: ${was}`)).toEqual([]);
  });

  it('every module that a target of the fuzzer loads is there', () => {
    const loaded = filesBelow('proof/fuzz/targets').flatMap((path) =>
      [...textOf(path).matchAll(/\bload\('([^']+)'\)/g)].map(([, name]) => `src/${name}.ts`),
    );
    expect(loaded.length).toBeGreaterThan(15);
    expect(loaded.filter((path) => !isThere(path))).toEqual([]);
  });
});

describe('paths in texts', () => {
  it('a path of the repository that a page names is there', () => {
    const pages = readable('.md');
    expect(pages.length).toBeGreaterThan(30);
    expect(pages.flatMap((page) => lostIn(page, textOf(page)))).toEqual([]);
  });

  it('so is one that a comment names', () => {
    const programs = readable('.ts', '.mjs').flatMap((path) => lostIn(path, partsOf(textOf(path)).comments));
    const others = [...readable('.yaml', '.yml', '.tpl'), 'Dockerfile', '.ci/run'].flatMap((path) =>
      lostIn(path, (textOf(path).match(/(?:^|\s)#.*$/gm) ?? []).join('\n')),
    );
    expect([...programs, ...others]).toEqual([]);
  });

  it('so is one that a tool is given: by a script, a configuration or a long run', () => {
    const programs = filesBelow('proof', 'bench').filter(
      (path) => /\.(?:mjs|ts|json)$/.test(path) && !NOT_READ.test(path),
    );
    const given = programs.flatMap((path) => lostIn(path, quotesOf(partsOf(textOf(path)).code).texts.join('\n')));
    const tools = ['package.json', 'knip.json', 'biome.json', 'vitest.config.ts', 'tsconfig.json', '.ci/run'];
    expect([...given, ...tools.flatMap((path) => lostIn(path, textOf(path)))]).toEqual([]);
  });

  it('every relative link of a page leads to a file, and to a heading of it', () => {
    const links = readable('.md').flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => ({ page, link })),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(leadsNowhere).map(({ page, link }) => `${page}: ${link}`)).toEqual([]);
  });

  it('a lost path is seen, whatever stands around it', () => {
    expect(lostIn('a', 'In `src/core/diff/gone.ts`, and (test/gone/).')).toEqual([
      'a: src/core/diff/gone.ts',
      'a: test/gone/',
    ]);
    expect(lostIn('a', 'see src/core/diff, test/{core,run}/*, src/main.ts:12 and docs/decisions/0008.')).toEqual([]);
    expect(lostIn('a', 'https://x.test/src/gone.ts, my/src/gone.ts, src/<name>/run.ts, src/…')).toEqual([]);
  });
});

function readable(...endings: readonly string[]): readonly string[] {
  return FILES.filter((path) => endings.some((ending) => path.endsWith(ending)) && !NOT_READ.test(path));
}

function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

function timesIn(path: string, text: string): number {
  return isThere(path) ? textOf(path).split(text).length - 1 : 0;
}

/** The paths that a text names and that lead nowhere. */
function lostIn(where: string, text: string): readonly string[] {
  const named = text.match(
    /(?<![\w./@:-])(?:src|test|proof|bench|docs|schemas|config|action|helm)\/[\w./{},*-]+(?![\w<…$])/g,
  );
  return [...new Set(named ?? [])]
    .map((path) => path.replace(/[.,]+$/, ''))
    .filter((path) => !path.endsWith('/') || !/[<…$]/.test(text.charAt(text.indexOf(path) + path.length)))
    .filter((path) => !/\/[A-Z]+$/.test(path))
    .filter((path) => !spelledOut(path).every(matches))
    .map((path) => `${where}: ${path}`);
}

/** `a/{b,c}` → a/b, a/c */
function spelledOut(path: string): readonly string[] {
  const [whole, choices = ''] = /\{([^{}]*)\}/.exec(path) ?? [];
  if (whole === undefined) return [path];
  return choices.split(',').flatMap((choice) => spelledOut(path.replace(whole, choice)));
}

/** A file, a folder, one with `*` in it, or a decision by its number. */
function matches(path: string): boolean {
  const trimmed = path.replace(/\/$/, '');
  const escaped = trimmed.replaceAll(/[.+^$()|[\]\\]/g, '\\$&').replaceAll(/\*\*?/g, '.*');
  const isDecision = /^docs\/decisions\/\d{4}$/.test(trimmed);
  const pattern = new RegExp(`^${escaped}${isDecision ? '-.*' : ''}$`);
  return NOT_KEPT.test(path) || [...FOLDERS, ...FILES].some((one) => pattern.test(one));
}

function leadsNowhere({ page, link }: { readonly page: string; readonly link: string }): boolean {
  const [file = '', heading] = link.split('#');
  const target = file === '' ? page : normalize(join(dirname(page), file));
  if (!isThere(target)) return true;
  if (heading === undefined || !target.endsWith('.md')) return false;
  return !anchorsOf(readFileSync(join(ROOT, target), 'utf8')).includes(heading);
}

/** As GitHub makes them of headings: a second one of the same words gets a number. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  const headings = page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} +(.*?) *$/gm);
  return [...headings].map(([, heading = '']) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
