/** Policy texts of up to 1 MiB that make a parser, or what comes after it, work hard. */

/** The size that every text stays below: one byte more is refused unread. */
const MOST = 1_048_000;

const HEAD = `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: [owner@example.com]
limits: { revokes: { principals: 5, percent: 20 }, admins: 1 }
`;

const END = 'paused: false\n';

/** So many pieces, each made of its number. */
function times(count, piece, glue = '') {
  return Array.from({ length: count }, (_, index) => piece(index)).join(glue);
}

/** As many of one piece as fit. */
function filled(piece) {
  return piece.repeat(Math.floor(MOST / piece.length));
}

function people(count, prefix = 'p') {
  return times(count, (index) => `${prefix}${index}@example.com`, ', ');
}

function staff(count) {
  return `groups:\n  staff: [${people(count)}]\n`;
}

function grantsTo(count, who = () => 'group:staff', resource = (index) => `project:P${index}`) {
  return times(count, (index) => `  - { to: ${who(index)}, resource: "${resource(index)}", level: viewer }\n`);
}

/** Valid texts: large groups, many patterns, deep roles. */
export const LARGE_TEXTS = {
  'a group of 5000 in 5000 grants': `${HEAD}${staff(5_000)}grants:\n${grantsTo(5_000)}${END}`,
  'a group of 5000 in 30 groups': [
    HEAD,
    staff(5_000),
    times(30, (index) => `  g${index}: [group:${index === 0 ? 'staff' : `g${index - 1}`}, x${index}@example.com]\n`),
    `grants:\n${grantsTo(300, (index) => `group:g${index % 30}`)}${END}`,
  ].join(''),
  'patterns of many stars in many grants': [
    HEAD,
    `grants:\n${grantsTo(
      2_000,
      (index) => `p${index}@example.com`,
      (index) => `project:${'*a'.repeat(60)}${index}*`,
    )}${END}`,
  ].join(''),
  'roles of 500 patterns': [
    HEAD,
    `roles:\n${times(20, (role) => `  r${role}:\n${times(500, (index) => `    - { resource: "inbox:*${index}/*a*b*", level: admin }\n`)}`)}`,
    `grants:\n${times(200, (index) => `  - { to: p${index}@example.com, role: r${index % 20} }\n`)}${END}`,
  ].join(''),
  'many rules and tests': [
    HEAD,
    `never:\n${times(100, (index) => `  - { who: "*x${index}@example.com", resource: "project:*x${index}", level: admin }\n`)}`,
    `grants:\n${grantsTo(1_000, (index) => `p${index}@example.com`)}`,
    `tests:\n${times(1_000, (index) => `  - { who: p${index}@example.com, resource: "project:P${index}", expect: viewer }\n`)}${END}`,
  ].join(''),
  'as many members as fit': `${HEAD}groups:\n${times(8, (group) => `  g${group}: [${people(5_000, `g${group}-`)}]\n`)}grants: []\n${END}`,
};

/** Texts with very many tokens or very many problems, each with the code of one problem that it has. */
export const INVALID_TEXTS = {
  quotes: { text: filled('"'), problem: 'too-many-values' },
  commas: { text: `a: [${filled(',')}`, problem: 'too-many-values' },
  tags: { text: filled('!!a '), problem: 'too-many-values' },
  aliases: { text: filled('- *a\n'), problem: 'too-many-values' },
  anchors: { text: '&a '.repeat(130_000), problem: 'yaml-alias' },
  documents: { text: filled('---\n'), problem: 'too-many-values' },
  'fewer documents': { text: '---\n'.repeat(190_000), problem: 'several-documents' },
  comments: { text: filled('#\n'), problem: 'too-many-values' },
  'open lists': { text: `a: ${filled('[')}`, problem: 'too-deep' },
  'lists in lists': { text: filled('- '), problem: 'too-deep' },
  'unknown keys': { text: times(50_000, (index) => `k${index}: 1\n`), problem: 'unknown-key' },
  'bad numbers': { text: `a: [${'0x1,'.repeat(99_000)}]`, problem: 'ambiguous-number' },
  'too many e-mails': { text: `protected: [${people(45_000)}]\n`, problem: 'over-limit' },
  'grants that are none': { text: `${HEAD}grants: [${'1,'.repeat(99_000)}]\n${END}`, problem: 'wrong-type' },
  'rules that all grants break': {
    text: [
      HEAD,
      `never:\n${'  - { who: "*@example.com", resource: "project:*", level: viewer }\n'.repeat(100)}`,
      `grants:\n${grantsTo(5_000, () => 'a@example.com')}${END}`,
    ].join(''),
    problem: 'never-broken',
  },
};
