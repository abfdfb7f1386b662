import { describe, expect, it } from 'vitest';
import { encodeRows } from '../../../src/adapters/mailtrap/wire/encode-rows.ts';
import { WRITABLE_TYPES } from '../../../src/core/domain/account/resource.ts';
import type { RowWrite } from '../../../src/core/domain/run/ports.ts';

const ROWS: readonly RowWrite[] = [
  { resource: { type: 'project', id: 4001 }, level: 'admin' },
  { resource: { type: 'account', id: 3229 }, level: 'viewer' },
  { resource: { type: 'inbox', id: 3809 }, level: null },
  { resource: { type: 'domain', id: 77 }, level: null },
  { resource: { type: 'billing', id: 3229 }, level: 'viewer' },
  { resource: { type: 'campaigns', id: 3229 }, level: 'admin' },
];

describe('encodeRows', () => {
  it('writes every type, level and removal as the contract has them, in the order given', () => {
    expect(encodeRows(ROWS, 'account')).toBe(
      '{"permissions":[' +
        '{"resource_id":"4001","resource_type":"project","access_level":"admin"},' +
        '{"resource_id":"3229","resource_type":"account","access_level":"viewer"},' +
        '{"resource_id":"3809","resource_type":"inbox","_destroy":true},' +
        '{"resource_id":"77","resource_type":"sending_domain","_destroy":true},' +
        '{"resource_id":"3229","resource_type":"billing","access_level":"viewer"},' +
        '{"resource_id":"3229","resource_type":"email_campaign_permission_scope","access_level":"admin"}]}',
    );
  });

  it.each([
    ['account', 'account', 'account'],
    ['billing', 'billing', 'billing'],
    ['campaigns', 'email_campaign_permission_scope', 'email_campaign_permission_scope'],
    ['project', 'project', 'project'],
    ['inbox', 'inbox', 'sandbox'],
    ['domain', 'sending_domain', 'domain'],
  ] as const)('names %s as each generation does', (type, older, newer) => {
    const rows: readonly RowWrite[] = [{ resource: { type, id: 1 }, level: 'admin' }];
    expect(JSON.parse(encodeRows(rows, 'account')).permissions[0].resource_type).toBe(older);
    expect(JSON.parse(encodeRows(rows, 'token')).permissions[0].resource_type).toBe(newer);
  });

  it.each([
    ['only the other word', ['project', 'sandbox', 'domain'], 'sandbox', 'domain'],
    ['both words', ['inbox', 'sandbox', 'domain', 'sending_domain'], 'inbox', 'sending_domain'],
    ['no word for it', ['project'], 'inbox', 'sending_domain'],
    ['the oldest word, which no document lets anybody write', ['mailsend_domain'], 'inbox', 'sending_domain'],
  ])('where the API used %s, writes the word that it takes', (_, read, inbox, domain) => {
    const rows: readonly RowWrite[] = [
      { resource: { type: 'inbox', id: 1 }, level: 'admin' },
      { resource: { type: 'domain', id: 1 }, level: 'admin' },
    ];
    const { permissions } = JSON.parse(encodeRows(rows, 'account', new Set(read)));
    expect(permissions.map((row: { resource_type: string }) => row.resource_type)).toEqual([inbox, domain]);
  });

  it('has a name for every type that can be written', () => {
    const rows = WRITABLE_TYPES.map((type) => ({ resource: { type, id: 1 }, level: 'viewer' }) as const);
    for (const paths of ['account', 'token'] as const) {
      expect(JSON.parse(encodeRows(rows, paths)).permissions.flatMap(Object.values)).not.toContain(undefined);
    }
  });

  it('lets one id stand under two types', () => {
    const rows: readonly RowWrite[] = [
      { resource: { type: 'account', id: 5 }, level: 'viewer' },
      { resource: { type: 'billing', id: 5 }, level: 'viewer' },
    ];
    expect(JSON.parse(encodeRows(rows, 'account')).permissions).toHaveLength(2);
  });

  it.each<[string, readonly RowWrite[], string]>([
    ['no row at all', [], 'at least one row'],
    [
      'one resource twice',
      [
        { resource: { type: 'inbox', id: 5 }, level: 'viewer' },
        { resource: { type: 'inbox', id: 5 }, level: null },
      ],
      'inbox:#5 twice',
    ],
    ['an organization', [{ resource: { type: 'organization', id: 5 }, level: null }], 'organization:#5: its type'],
    ['templates', [{ resource: { type: 'templates', id: 5 }, level: 'viewer' }], 'templates:#5: its type'],
    ['an unknown type', [{ resource: { type: 'other/x', id: 5 }, level: 'viewer' }], 'other/x:#5: its type'],
    ['an id that is none', [{ resource: { type: 'inbox', id: 0.5 }, level: 'viewer' }], 'inbox:#0.5: its id'],
  ])('never writes %s', (_, rows, message) => {
    expect(() => encodeRows(rows, 'account')).toThrow(RangeError);
    expect(() => encodeRows(rows, 'account')).toThrow(message);
  });
});
