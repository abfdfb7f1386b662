import { describe, expect, it } from 'vitest';
import { decodeResources } from '../../../src/adapters/mailtrap/wire/decode-resources.ts';
import { messageOf } from './support/message-of.ts';

function node(fields: Record<string, unknown> = {}) {
  return { id: 1, name: 'A', type: 'project', access_level: 100, resources: [], ...fields };
}

function nested(levels: number): unknown[] {
  let list: unknown[] = [];
  for (let level = levels; level > 0; level -= 1) list = [node({ id: level, resources: list })];
  return list;
}

describe('decodeResources', () => {
  it('reads the newer form, with the account as the root, in the order of the API', () => {
    const body = [
      node({
        id: 3229,
        name: 'Account',
        type: 'account',
        resources: [
          node({ id: 4001, name: 'Checkout', resources: [node({ id: 3809, name: 'Staging', type: 'inbox' })] }),
          node({ id: 77, name: 'example.com', type: 'sending_domain', access_level: 1000 }),
          node({ id: 3229, name: 'Campaigns', type: 'email_campaign_permission_scope' }),
        ],
      }),
    ];
    expect(decodeResources(body)).toEqual([
      {
        type: 'account',
        id: 3229,
        name: 'Account',
        tokenLevel: 100,
        children: [
          {
            type: 'project',
            id: 4001,
            name: 'Checkout',
            tokenLevel: 100,
            children: [{ type: 'inbox', id: 3809, name: 'Staging', tokenLevel: 100, children: [] }],
          },
          { type: 'domain', id: 77, name: 'example.com', tokenLevel: 1000, children: [] },
          { type: 'campaigns', id: 3229, name: 'Campaigns', tokenLevel: 100, children: [] },
        ],
      },
    ]);
  });

  it('reads the older form, whose roots are projects of which two may have one name', () => {
    const roots = decodeResources([node({ id: 1, name: 'Same' }), node({ id: 2, name: 'Same', access_level: 1 })]);
    expect(roots.map(({ id, name, tokenLevel }) => [id, name, tokenLevel])).toEqual([
      [1, 'Same', 100],
      [2, 'Same', 1],
    ]);
  });

  it.each([
    ['account', 'account'],
    ['billing', 'billing'],
    ['project', 'project'],
    ['inbox', 'inbox'],
    ['sandbox', 'inbox'],
    ['sending_domain', 'domain'],
    ['domain', 'domain'],
    ['mailsend_domain', 'domain'],
    ['email_campaign_permission_scope', 'campaigns'],
    ['email_template_permission_scope', 'templates'],
    ['organization', 'organization'],
    ['campaigns', 'other/campaigns'],
    ['Inbox', 'other/Inbox'],
    ['constructor', 'other/constructor'],
  ])('reads the type %s as %s', (wire, type) => {
    expect(decodeResources([node({ type: wire })])[0]?.type).toBe(type);
  });

  it('keeps a level that no one documents, and passes over keys that it does not know', () => {
    expect(decodeResources([node({ access_level: 75, color: 'red', __proto__: { id: 9 } })])[0]?.tokenLevel).toBe(75);
  });

  it.each([
    ['a list without nodes', []],
    ['null', null],
  ])('takes %s below a node for nothing below it', (_, resources) => {
    expect(decodeResources([node({ resources })])[0]?.children).toEqual([]);
  });

  it('takes a node without the key for one with nothing below it, and null for no node', () => {
    const { resources: _, ...leaf } = node();
    expect(decodeResources([leaf, null])).toEqual([
      { type: 'project', id: 1, name: 'A', tokenLevel: 100, children: [] },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['an object where the list belongs', { resources: [] }, 'the body: expected a list, got an object'],
    ['nothing', undefined, 'the body: expected a list, got nothing'],
    ['a text for a node', [node(), 'x'], '[1]: expected an object, got a string'],
    ['a list for a node', [[]], '[0]: expected an object, got a list'],
    ['an id in a text', [node({ id: '1' })], '[0].id: expected an integer, got a string'],
    ['an id beyond 2^53', [node({ id: 2 ** 53 })], '[0].id: expected an integer, got one beyond 2^53'],
    ['a fraction', [node({ id: 1.5 })], '[0].id: expected an integer, got a fraction'],
    ['no id', [node({ id: undefined })], '[0].id: expected an integer, got nothing'],
    ['a level in a text', [node({ access_level: 'admin' })], '[0].access_level: expected an integer, got a string'],
    ['no name', [node({ name: null })], '[0].name: expected a string, got null'],
    ['an empty type', [node({ type: '' })], '[0].type: expected a string, got an empty one'],
    ['a flag for what lies below', [node({ resources: true })], '[0].resources: expected a list, got a boolean'],
    [
      'a fault deep down',
      [node(), node({ resources: [node({ resources: [node({ id: null })] })] })],
      '[1].resources[0].resources[0].id: expected an integer, got null',
    ],
  ])('refuses %s and says where', (_, body, message) => {
    expect(messageOf(() => decodeResources(body))).toBe(message);
  });

  it('reads 64 levels and refuses the next', () => {
    expect(decodeResources(nested(64))).toHaveLength(1);
    expect(() => decodeResources(nested(65))).toThrow('more than 64 levels deep');
  });

  it('refuses more nodes than any account has', () => {
    const leaf = node();
    expect(() => decodeResources(new Array(1_000_001).fill(leaf))).toThrow('more than 1000000 resources');
  });
});
