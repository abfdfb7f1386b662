import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadAccountSeed, loadAccountSeeds } from '../../src/simulator/account-seed.ts';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { EXAMPLE, EXAMPLE_TEXT, simulate } from '../support/simulate.ts';

const HEAD = 'account: { id: 1, name: A }\n';
const UUID = '0b1f7c52-5101-4000-8000-000000005101';
const TOKENS = 'tokens: [{ name: t, secret: s }]\n';

function errorsOf(text: string): readonly string[] {
  const loaded = loadAccountSeed(text);
  return 'errors' in loaded ? loaded.errors : [];
}

describe('the example account', () => {
  it('has the tokens, people and names that the documents speak of', () => {
    expect(EXAMPLE.account).toEqual({ id: 3229, name: 'Example' });
    expect(EXAMPLE.tokens.map(({ secret }) => secret)).toEqual([
      'simulator-admin-token',
      'simulator-project-token',
      'simulator-ci-token-0001',
    ]);
    expect(EXAMPLE.tokens[2]).toMatchObject({ name: 'ci', id: 2496915, access: 5142 });
    expect(EXAMPLE_TEXT.split('\n')[0]).toBe('# yaml-language-server: $schema=../schemas/account.v1.schema.json');
  });

  it('tells its own token apart by the last four characters', () => {
    const endings = EXAMPLE.tokens.filter(({ id }) => id !== undefined).map(({ secret }) => secret.slice(-4));
    expect(new Set(endings).size).toBe(endings.length);
  });
});

describe('the schema', () => {
  it('describes every property', () => {
    const schema = JSON.parse(readFileSync(new URL('../../schemas/account.v1.schema.json', import.meta.url), 'utf8'));
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const bare: string[] = [];
    walk(schema, '');
    expect(bare).toEqual([]);

    function walk(node: unknown, path: string): void {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, child] of Object.entries(node)) {
        if (path.endsWith('/properties') && !('description' in child) && !described(child))
          bare.push(`${path}/${name}`);
        walk(child, `${path}/${name}`);
      }
    }

    function described({ $ref }: { $ref?: string }): boolean {
      return $ref !== undefined && 'description' in schema.definitions[$ref.replace('#/definitions/', '')];
    }
  });
});

describe('a seed is refused with the place and the remedy', () => {
  it.each<[name: string, text: string, errors: readonly (string | RegExp)[]]>([
    ['nothing', '', [/^1:1: the seed: must be object/]],
    ['a number', '3', [/^1:1: the seed: must be object/]],
    ['broken YAML', 'account: [1\n', [/^\d+:\d+: .*fix the YAML/]],
    ['a duplicate key', `${HEAD}${HEAD}${TOKENS}`, [/^2:1: Map keys must be unique/]],
    ['an unknown tag', `account: !!python/x { id: 1, name: A }\n${TOKENS}`, [/^1:\d+: Unresolved tag/]],
    ['two documents', `${HEAD}${TOKENS}---\n${HEAD}`, [/^\d+:\d+: .*multiple documents/]],
    ['a missing part', TOKENS, ['1:1: the seed: account is missing; add it.']],
    ['an unknown key', `${HEAD}${TOKENS}acceses: []\n`, [/^1:1: the seed: acceses is unknown here; remove it/]],
    ['a wrong type', `${HEAD}tokens:\n  - { name: t, secret: s, id: x }\n`, [/^3:31: tokens\/0\/id: must be integer/]],
    [
      'an id that is no safe integer',
      `account: { id: 9007199254740993, name: A }\n${TOKENS}`,
      [/^1:16: account\/id: must be <= 9007199254740991/],
    ],
    [
      'a wrong word',
      `${HEAD}${TOKENS}roots: trees\n`,
      ['3:8: roots: must be one of account, projects; write one of these.'],
    ],
    ['no token', `${HEAD}tokens: []\n`, [/^2:9: tokens: must NOT have fewer than 1 items/]],
    [
      'a secret that no header can carry',
      `${HEAD}tokens: [{ name: t, secret: "a b" }]\n`,
      [/^2:29: tokens\/0\/secret: must match pattern/],
    ],
    [
      'several problems',
      'account: { id: 0 }\ntokens: 3\n',
      [/name is missing/, /account\/id: must be >= 1/, /tokens: must be array/],
    ],
    [
      'a resource twice',
      `${HEAD}${TOKENS}resources: [{ type: inbox, id: 1, name: a }, { type: sandbox, id: 1, name: b }]\n`,
      [/^3:\d+: resources\/1\/id: resource inbox:1 is already used at resources\/0\/id/],
    ],
    [
      'an account as a resource',
      `${HEAD}${TOKENS}resources: [{ type: account, id: 1, name: a }]\n`,
      [/resources\/0\/type: the account is not a resource/],
    ],
    [
      'an access twice',
      `${HEAD}${TOKENS}accesses: [{ access: 1, kind: user, email: a }, { access: 1, kind: user, email: b }]\n`,
      [/accesses\/1\/access: access id 1 is already used at accesses\/0\/access/],
    ],
    [
      'an access id of a token and a user',
      `${HEAD}tokens: [{ name: t, secret: s, access: 1 }]\naccesses: [{ access: 1, kind: user, email: a }]\n`,
      [/tokens\/0\/access: access id 1 is already used/],
    ],
    [
      'a token id twice',
      `${HEAD}tokens: [{ name: t, secret: s, id: 1 }, { name: u, secret: v, id: 1 }]\n`,
      [/tokens\/1\/id: token id 1 is already used/],
    ],
    [
      'a listed token without an id',
      `${HEAD}tokens: [{ name: t, secret: s, listed: true }]\n`,
      [/tokens\/0\/listed: a token in the list needs an id/],
    ],
    [
      'an end that is no time',
      `${HEAD}tokens: [{ name: t, secret: s, expiresAt: soon }]\n`,
      [/tokens\/0\/expiresAt: soon is not a time/],
    ],
    [
      'a uuid twice',
      `${HEAD}${TOKENS}resources: [{ type: domain, id: 1, name: a, uuid: ${UUID} }, { type: domain, id: 2, name: b, uuid: ${UUID.toUpperCase()} }]\n`,
      [/^3:\d+: resources\/1\/uuid: uuid 0b1f7c52-.* is already used at resources\/0\/uuid/],
    ],
    [
      'a uuid that is none',
      `${HEAD}${TOKENS}resources: [{ type: domain, id: 1, name: a, uuid: "5101" }]\n`,
      [/^3:\d+: resources\/0\/uuid: must match pattern/],
    ],
    [
      'a duplicate key in JSON',
      '{"account":{"id":1,"id":2,"name":"A"},"tokens":[]}',
      [/^1:\d+: Map keys must be unique/],
    ],
    ['JSON with a problem', '{"account":{"id":1,"name":"A"},\n"tokens":[]}', [/^2:10: tokens: must NOT have fewer/]],
    [
      'a row on nothing',
      `${HEAD}tokens: [{ name: t, secret: s, rows: [{ type: inbox, id: 9, level: 1 }] }]\n`,
      [/^2:\d+: tokens\/0\/rows\/0\/id: inbox 9 is not in this account; add it/],
    ],
    [
      'two rows on one resource',
      `${HEAD}tokens: [{ name: t, secret: s, rows: [{ type: account, id: 1, level: 1 }, { type: account, id: 1, level: 2 }] }]\n`,
      [/tokens\/0\/rows\/1: row on account:1 is already used/],
    ],
    [
      'a list of two',
      `- ${HEAD}  ${TOKENS}- account: { id: 2, name: B }\n  tokens: [{ name: u, secret: v }]\n`,
      [/^1:1: 2 accounts are listed; write exactly one/],
    ],
    [
      'too many aliases',
      `${HEAD}tokens:\n${'  - &a0 { name: t, secret: s }\n'}${bomb()}`,
      [/^1:1: Excessive alias count/],
    ],
  ])('%s', (_name, text, errors) => {
    expect(errorsOf(text)).toEqual(
      errors.map((error) => (typeof error === 'string' ? error : expect.stringMatching(error))),
    );
  });

  it('even if it is nested too deeply', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(errorsOf(deep)[0]).toMatch(/^1:\d+: Maximum call stack size exceeded; fix the YAML\.$/);
  });

  it('does not repeat a secret', () => {
    const errors = errorsOf(`${HEAD}tokens: [{ name: t, secret: hush-hush }, { name: u, secret: hush-hush }]\n`);
    expect(errors).toEqual([expect.stringMatching(/tokens\/1\/secret: this secret is already used/)]);
    expect(errors.join()).not.toContain('hush-hush');
  });

  it('with the number of the account in a list', () => {
    const loaded = loadAccountSeeds(`- ${HEAD}  ${TOKENS}- ${HEAD}  tokens: [{ name: u, secret: s }]\n`);
    expect(loaded).toEqual({
      errors: [
        expect.stringMatching(/^3:18: 1\/account\/id: account 1 is already used at 0\/account\/id/),
        expect.stringMatching(/^4:31: 1\/tokens\/0\/secret: this secret is already used at 0\/tokens\/0\/secret/),
      ],
    });
  });

  it('by the program too, all problems at once', async () => {
    const seed: AccountSeed = {
      account: { id: 1, name: 'A' },
      tokens: [],
      accesses: [{ access: 1, kind: 'user', email: 'a', rows: [{ type: 'inbox', id: 2, level: 10 }] }],
    };
    await expect(startSimulator({ seed })).rejects.toMatchObject({
      problems: [expect.stringMatching(/^accesses\/0/), expect.stringMatching(/^tokens/)],
    });
    await expect(startSimulator({ seed: [] })).rejects.toThrow('no account is given');
  });
});

describe('a seed', () => {
  it('may be JSON, and use the names of generation B', async () => {
    const text = JSON.stringify({
      account: { id: 1, name: 'A' },
      resources: [{ type: 'sandbox', id: 2, name: 'I' }],
      tokens: [{ name: 't', secret: 's', rows: [{ type: 'inbox', id: 2, level: 100 }] }],
    });
    const loaded = loadAccountSeed(text);
    if ('errors' in loaded) throw new Error(loaded.errors.join('\n'));
    expect((await simulate({ seed: loaded.seed })).state().resources).toMatchObject([{ type: 'inbox', id: 2 }]);
  });

  it('gives a token without an access one that nobody else has', async () => {
    const ids = (await simulate()).state().accesses.map(({ access }) => access);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** Aliases of aliases, each line ten times the one before. */
function bomb(): string {
  const line = (level: number) =>
    `x${level}: &x${level} [${Array(10)
      .fill(level === 0 ? 'x' : `*x${level - 1}`)
      .join(', ')}]\n`;
  return Array.from({ length: 7 }, (_, level) => line(level)).join('');
}
