import { describe, expect, it } from 'vitest';
import { filesBelow, partsOf, quotesOf, textOf } from './repository.ts';

/** Words that were replaced by the field's own. None is a part of a name: of code, a file, a key, a code, a metric or a setting. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  agenda: ['agenda'],
  alarm: ['alarm', 'alarms'],
  desk: ['desk', 'desks'],
  door: ['door', 'doors'],
  fate: ['fate', 'fates'],
  lesson: ['lesson', 'lessons'],
  letter: ['letter', 'letters'],
  mailbox: ['mailbox'],
  parcel: ['parcel', 'parcels'],
  patient: ['patient', 'patients'],
  reign: ['reign', 'reigns'],
  scene: ['scene', 'scenes'],
  spared: ['spare', 'spared', 'spares'],
  'stands-in': ['stands-in', 'stand-in'],
  stranger: ['stranger', 'strangers'],
  succession: ['succession', 'successions'],
  told: ['told'],
  want: ['want', 'wants', 'wanted', 'unwanted'],
  wish: ['wish', 'wishes', 'wished'],
  withhold: ['withhold', 'withholds', 'withheld'],
};

/** 0.1.0 wrote `stranger` into audit logs and plans, which stay readable. Only the code that reads them knows the word. */
const READS_0_1_0 = [
  'src/adapters/audit/audit-record.ts',
  'src/adapters/audit/read-body.ts',
  'src/report/audit/text.ts',
  'src/report/plan/differences.ts',
  'schemas/audit.v1.schema.json',
];

/** Idioms that a reader has to guess at. None is in a comment, in a text or on a page. */
const PHRASES = ['stands in', 'stand in', 'grantd has a fault', 'is told', 'are told', 'whoever'];

const BANNED = new Map(Object.entries(WORDS).flatMap(([word, forms]) => forms.map((form) => [form, word] as const)));

/** `deferRow` → defer, row; `grantd_held_parts` → grantd, held, parts; two neighbours also as one with a hyphen. */
function wordsOf(name: string): readonly string[] {
  const words = (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase());
  return [...words, ...words.slice(1).map((word, index) => `${words[index]}-${word}`)];
}

function bannedIn(name: string): readonly string[] {
  return wordsOf(name).filter((word) => BANNED.has(word));
}

function isReadOf010(path: string, name: string): boolean {
  return READS_0_1_0.includes(path) && /^strangers?$/.test(name);
}

function phrasesIn(text: string): readonly string[] {
  const folded = text.replaceAll(/\s+(?:\*|\/\/|#)?\s*/g, ' ').toLowerCase();
  return PHRASES.filter((phrase) => new RegExp(`\\b${phrase}\\b`).test(folded));
}

/** Texts that are names, as codes, keys, metrics and settings are: one word, or several without a space. */
function isName(text: string): boolean {
  return /^[A-Za-z][\w]*(?:[-._/][\w]+)*$/.test(text);
}

function namesOfCode(text: string): readonly string[] {
  const { code, texts } = quotesOf(partsOf(text).code);
  const withoutTemplates = code.replaceAll(/`[^`]*`/g, (template) =>
    [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner).join(' '),
  );
  return [...new Set([...(withoutTemplates.match(/[A-Za-z_$][\w$]*/g) ?? []), ...texts.filter(isName)])];
}

/** The keys of a JSON document, and the values that are names: properties, codes, kinds. */
function namesOfJson(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/"([^"\\\n]+)"/g)].map(([, name = '']) => name).filter(isName))];
}

const CODE = filesBelow('src', 'action').filter((path) => /\.(?:ts|mjs)$/.test(path));
const JSONS = [...filesBelow('schemas'), ...filesBelow('helm')].filter((path) => path.endsWith('.json'));
const PAGES = [...filesBelow('docs', 'config'), 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'];

describe('the words of grantd', () => {
  it('no file, name or code of the source has a word that was replaced', () => {
    expect(CODE.length).toBeGreaterThan(300);
    const found = CODE.flatMap((path) =>
      [path, ...namesOfCode(textOf(path))]
        .filter((name) => bannedIn(name).length > 0 && !isReadOf010(path, name))
        .map((name) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('no schema has one as a key or a value', () => {
    expect(JSONS.length).toBeGreaterThan(10);
    const found = JSONS.flatMap((path) =>
      namesOfJson(textOf(path))
        .filter((name) => bannedIn(name).length > 0 && !isReadOf010(path, name))
        .map((name) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('no comment, text or page has an idiom that was replaced', () => {
    const found = [...CODE, ...JSONS, ...PAGES].flatMap((path) =>
      phrasesIn(textOf(path)).map((phrase) => `${path}: ${phrase}`),
    );
    expect(found).toEqual([]);
  });

  it('a word is seen in every kind of name, and not in another word', () => {
    expect(wordsOf('strangerRow')).toContain('stranger');
    expect(wordsOf('WITHHELD_REASONS')).toContain('withheld');
    expect(wordsOf('grantd_withheld_changes')).toContain('withheld');
    expect(wordsOf('src/core/diff/spare-row.ts')).toContain('spare');
    expect(wordsOf('standsIn')).toContain('stands-in');
    expect(wordsOf('outdoorUse')).not.toContain('door');
    expect(namesOfCode(`// told\nconst at = \`told \${run.kind} by\`; say('told somebody', 'was-told');`)).toEqual([
      'const',
      'at',
      'run',
      'kind',
      'say',
      'was-told',
    ]);
    expect(namesOfJson('{ "fate": { "enum": ["in-doubt"], "description": "What became of it." } }')).toEqual([
      'fate',
      'enum',
      'in-doubt',
      'description',
    ]);
    expect(bannedIn('fateOfRow')).toEqual(['fate']);
    expect(phrasesIn('/**\n * It is\n * told at once, and understands inboxes.\n */')).toEqual(['is told']);
  });
});
