import { Document, type Pair, Scalar, visit, YAMLMap, YAMLSeq } from 'yaml';
import type {
  ImportedGrant,
  ImportedPolicy,
  ImportedResources,
  ImportNote,
  Remarked,
} from '../domain/policy/imported-policy.ts';
import { oddVisible } from '../domain/text/odd-characters.ts';

/** The width at which comments and lists are broken into several lines. */
const COLUMNS = 110;

/** Points editors at the file that the first of the next steps writes. */
const MODELINE = ' yaml-language-server: $schema=./policy.v1.schema.json';

/** The policy as the text of a file: always the same bytes for the same policy. Comments tell a reviewer what to know. */
export function writePolicy(policy: ImportedPolicy): string {
  const root = new YAMLMap<Scalar<string>, unknown>();
  add(root, 'version', 1);
  add(root, 'account', policy.account);
  add(root, 'mode', commented('observe', 'later additive, finally authoritative'));
  add(root, 'protected', list(policy.protected.map(remarked)), PROTECTED);
  add(root, 'unlisted', 'keep', UNLISTED);
  add(root, 'limits', limitsOf(policy.limits), LIMITS);
  if (policy.groups.length > 0) {
    add(root, 'groups', mapOf(policy.groups.map(({ name, members }) => [name, listOf(members, name.length)])), GROUPS);
  }
  if (policy.tokens.length > 0) {
    add(root, 'tokens', mapOf(policy.tokens.map(({ name, ...ids }) => [name, idsOf(ids)])), TOKENS);
  }
  if (policy.roles.length > 0) {
    add(root, 'roles', mapOf(policy.roles.map(({ name, entries }) => [name, list(entries.map(entryMap))])), ROLES);
  }
  if (policy.grants.length > 0) add(root, 'grants', list(policy.grants.map(grantMap)), GRANTS);
  add(root, 'paused', false, [...notesOf(policy.notes), ...PAUSED]);
  const document = new Document(root, { version: '1.2', schema: 'core' });
  document.commentBefore = commentOf([...headOf(policy)]);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, indentSeq: true });
}

/** Grants as the items of a block list, indented by `indent` spaces, to add to an existing policy. */
export function writeGrants(grants: readonly ImportedGrant[], indent: number): string {
  const document = new Document(list(grants.map(grantMap)), { version: '1.2', schema: 'core' });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).replace(/^(?=.)/gm, ' '.repeat(indent));
}

/** Grants as the items of a flow list, on one line. */
export function writeFlowGrants(grants: readonly ImportedGrant[]): string {
  const seq = list(grants.map(grantMap));
  seq.flow = true;
  const document = new Document(seq, { version: '1.2', schema: 'core' });
  visit(document, {
    Scalar: (_key, scalar) => {
      scalar.comment = null;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1);
}

const PROTECTED = ['Never lowered or removed, whatever the rest of the policy says. Owners cannot be changed at all.'];
const UNLISTED = [
  'keep: people whom no grant names keep their access. revoke: they lose it, so joining by invitation gives nothing.',
  '{ revoke: ["*@example.com"] }: those whose e-mail fits lose it, others keep it. Choose before the mode becomes',
  'authoritative, and first read the notes at the end of this file: people who are in no grant would lose their access.',
];
const LIMITS = [
  'Guards hold what exceeds these: principals who lose or gain access, admins who must remain, new account admins.',
];
const GROUPS = ['People with the same access. The names describe it on the day of the import; choose better ones.'];
const TOKENS = ['API tokens whose two ids the account shows together.'];
const ROLES = ['Access that is granted together.'];
const GRANTS = ['Every row of the account that a policy can express.'];
const PAUSED = ['true stops every write. This must be the last line, so that a truncated file is invalid.'];

const NEXT_STEPS = [
  'Next steps:',
  '  1. grantd schema policy > policy.v1.schema.json   so that editors complete and check this file',
  '  2. grantd plan                                    shows no changes: this file matches the account',
  '  3. Commit it. Require a review by CODEOWNERS: anyone who may change this file can make themselves an admin.',
  '  4. Read it. Rename groups and roles, delete what no one should have, and add reason and until where needed.',
  '  5. Run grantd in mode observe for some days, and read its plans. Then use additive, which only adds access,',
  '     and finally authoritative, which also removes it.',
  '  6. grantd import --update adds what was changed by hand in the meantime.',
];

function headOf({ account, summary }: ImportedPolicy): readonly string[] {
  return [
    MODELINE.trimStart(),
    '',
    `Who may do what in the Mailtrap account ${account}, as grantd import found it.`,
    ...summary.flatMap((sentence) => wrapped(sentence, COLUMNS)),
    'The end of the file lists what a policy cannot express. In mode observe grantd writes nothing.',
    '',
    ...NEXT_STEPS,
  ];
}

function notesOf(notes: readonly ImportNote[]): readonly string[] {
  return notes.flatMap(({ says, items }) => [
    ...wrapped(says, COLUMNS),
    ...items.map((item) => `  - ${commentText(item)}`),
    '',
  ]);
}

/** Comment lines in the form that the library needs: each with a space after the #. */
function commentOf(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
}

function add(
  map: YAMLMap<Scalar<string>, unknown>,
  name: string,
  value: unknown,
  comment: readonly string[] = [],
): void {
  const key = new Scalar(name);
  if (comment.length > 0) {
    key.commentBefore = commentOf(comment);
    key.spaceBefore = true;
  }
  map.add({ key, value } as Pair<Scalar<string>, unknown>);
}

function commented(value: string, comment: string | null): Scalar<string> {
  const scalar = new Scalar(value);
  if (comment !== null) scalar.comment = ` ${commentText(comment)}`;
  return scalar;
}

function remarked({ text, remark }: Remarked): Scalar<string> {
  const scalar = commented(text, remark);
  // An id is quoted for people only. YAML would not read `:#` as a comment.
  if (text.includes(':#')) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function list(items: readonly unknown[]): YAMLSeq {
  const seq = new YAMLSeq();
  seq.items.push(...items);
  seq.flow = items.length === 0;
  return seq;
}

/** A list on one line if it fits after a key of that length; otherwise each item has a line of its own. */
function listOf(texts: readonly string[], keyLength: number): YAMLSeq {
  const seq = list(texts.map((text) => new Scalar(text)));
  seq.flow = texts.join(', ').length + keyLength + 6 <= COLUMNS;
  return seq;
}

function mapOf(entries: readonly (readonly [string, unknown])[]): YAMLMap {
  const map = new YAMLMap<Scalar<string>, unknown>();
  for (const [name, value] of entries) add(map, name, value);
  return map;
}

function idsOf({ access, tokenId }: { readonly access: number; readonly tokenId: number }): YAMLMap {
  return mapOf([
    ['access', access],
    ['token', tokenId],
  ]);
}

function limitsOf({ revokes, gains, admins, newAdmins }: ImportedPolicy['limits']): YAMLMap {
  const mostLosers = mapOf([
    ['principals', revokes.principals],
    ['percent', revokes.percent],
  ]);
  return mapOf([
    ['revokes', mostLosers],
    ['gains', mapOf([['principals', gains.principals]])],
    ['admins', admins],
    ['newAdmins', newAdmins],
  ]);
}

function grantMap({ to, gives, reason, until }: ImportedGrant): YAMLMap {
  const [only] = to;
  const whom = to.length === 1 ? new Scalar(only) : listOf(to, 'to'.length);
  return mapOf([
    ['to', whom],
    ...('role' in gives ? [['role', gives.role] as const] : keysOf(gives)),
    ...(reason === undefined ? [] : [['reason', reason] as const]),
    ...(until === undefined ? [] : [['until', until] as const]),
  ]);
}

function entryMap(entry: ImportedResources): YAMLMap {
  return mapOf(keysOf(entry));
}

function keysOf({ resources, level }: ImportedResources): readonly (readonly [string, unknown])[] {
  const [only] = resources;
  const resource =
    resources.length === 1 && only
      ? remarked(only)
      : resources.some(({ remark }) => remark !== null)
        ? list(resources.map(remarked))
        : listOf(
            resources.map(({ text }) => text),
            'resource'.length,
          );
  return [
    ['resource', resource],
    ['level', level],
  ];
}

/**
 * A text for a comment of a policy: one line, with invisible characters and odd spaces escaped. Names come from the account; without
 * escapes they could make the file invalid or hide its real content.
 */
export function commentText(text: string): string {
  const shown = oddVisible(text).replaceAll('\ufffd', '\\u{fffd}');
  return shown.length <= COMMENT_MAX ? shown : `${shown.slice(0, COMMENT_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The longest comment. No one would read a longer line. */
const COMMENT_MAX = 400;

/** Wraps a text into lines of at most `columns` characters. A longer word has a line of its own. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
