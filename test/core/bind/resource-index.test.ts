import { describe, expect, test } from 'vitest';
import { indexResources } from '../../../src/core/bind/resource-index.ts';
import { resourceKey } from '../../../src/core/domain/account/resource.ts';
import type { ListedResource } from '../../../src/core/domain/account/resource-tree.ts';
import { buildAccount, listed, SMALL_TREE } from '../../support/account-builder.ts';
import { buildRef } from '../../support/policy-builder.ts';

function selected(text: string, tree: readonly ListedResource[] = SMALL_TREE): readonly string[] {
  return indexResources(buildAccount({ tree }).tree).select(buildRef(text).selector).map(resourceKey);
}

/** An account with so many projects, each with one inbox. */
function projects(...names: readonly string[]): readonly ListedResource[] {
  return names.map((name, index) => listed('project', index + 1, name, [listed('inbox', index + 11, 'In/Out')]));
}

describe('a resource is selected', () => {
  test.each<[text: string, found: readonly string[]]>([
    ['account', ['account:#3229']],
    ['billing', ['billing:#3229']],
    ['campaigns', ['campaigns:#3229']],
    ['project:Checkout', ['project:#4001']],
    ['project:#4002', ['project:#4002']],
    ['inbox:#5003', ['inbox:#5003']],
    ['domain:#7001', ['domain:#7001']],
    ['project:*', ['project:#4001', 'project:#4002']],
    ['project:Mob*', ['project:#4002']],
    ['inbox:Checkout/Staging', ['inbox:#5001']],
    ['inbox:Checkout/*', ['inbox:#5001', 'inbox:#5002']],
    ['inbox:*/*', ['inbox:#5001', 'inbox:#5002', 'inbox:#5003']],
    ['inbox:*/Builds', ['inbox:#5003']],
    ['inbox:Mob*/B*', ['inbox:#5003']],
    ['domain:example.com', ['domain:#7001']],
    ['domain:*.com', ['domain:#7001']],
  ])('by %s', (text, found) => {
    expect(selected(text)).toEqual(found);
  });

  test.each([
    'project:checkout',
    'project:Check',
    'project:#5001',
    'project:#9',
    'inbox:Mobile/Staging',
    'inbox:Checkout/Builds',
    'inbox:Mobile/S*',
    'domain:example.org',
    'domain:xample.com',
    'project:Staging',
  ])('never by %s, which is another', (text) => {
    expect(selected(text)).toEqual([]);
  });

  test('by type in an account that has none', () => {
    expect(selected('billing', [])).toEqual([]);
    expect(selected('project:*', [])).toEqual([]);
    expect(selected('inbox:A/B', [])).toEqual([]);
  });

  test('as the account, whether the tree shows it or not', () => {
    expect(selected('account', projects('A'))).toEqual(['account:#3229']);
  });
});

describe('names', () => {
  test('that several have select them all', () => {
    expect(selected('project:Twin', projects('Twin', 'Other', 'Twin'))).toEqual(['project:#1', 'project:#3']);
    expect(selected('inbox:Twin/In/Out'.replace('/Out', '*'), projects('Twin', 'Twin'))).toEqual([
      'inbox:#11',
      'inbox:#12',
    ]);
  });

  test('are one in every normal form, in the account and in the policy', () => {
    const [composed, decomposed] = ['Caf\u00e9', 'Cafe\u0301'];
    for (const name of [composed, decomposed]) {
      for (const text of [composed, decomposed]) {
        expect(selected(`project:${text}`, projects(name))).toEqual(['project:#1']);
        expect(selected(`project:${text}*`, projects(name))).toEqual(['project:#1']);
        const inbox = [listed('project', 1, name, [listed('inbox', 11, name)])];
        expect(selected(`inbox:${text}/${text}`, inbox)).toEqual(['inbox:#11']);
        expect(selected(`inbox:${text}/*${text}`, inbox)).toEqual(['inbox:#11']);
        expect(selected(`domain:${text}`, [listed('domain', 1, name)])).toEqual(['domain:#1']);
      }
    }
  });

  test('of domains ignore the case of A to Z, exact or by pattern', () => {
    const tree = [listed('domain', 1, 'Mail.EXAMPLE.com')];
    for (const text of ['mail.example.COM', 'Mail.EXAMPLE.com', '*.Example.com']) {
      expect(selected(`domain:${text}`, tree)).toEqual(['domain:#1']);
    }
  });

  test('of domains fold nothing but ASCII', () => {
    expect(selected('domain:\u212Aelvin.example', [listed('domain', 1, 'kelvin.example')])).toEqual(
      // NFC itself makes the Kelvin sign a plain K, which then folds.
      ['domain:#1'],
    );
    expect(selected('domain:\u0130zmir.example', [listed('domain', 1, 'izmir.example')])).toEqual([]);
    expect(selected('domain:\u00c9.example', [listed('domain', 1, '\u00e9.example')])).toEqual([]);
  });

  test('of projects and inboxes mind case', () => {
    expect(selected('project:A*', projects('alpha'))).toEqual([]);
    expect(selected('inbox:Alpha/*', projects('alpha'))).toEqual([]);
  });

  test('may contain characters that are special elsewhere', () => {
    const odd = 'a[b]\\c.d/e (f) {g} +$^|?';
    expect(selected(`project:${odd}`, projects(odd, 'axbxcxd'))).toEqual(['project:#1']);
    expect(selected('project:a[b]*', projects(odd, 'ab'))).toEqual(['project:#1']);
    expect(selected('project:*.d/e*', projects(odd, 'xd/e'))).toEqual(['project:#1']);
  });
});

describe('an inbox', () => {
  test('whose name contains a slash is found by a pattern', () => {
    expect(selected('inbox:A/In*', projects('A'))).toEqual(['inbox:#11']);
  });

  test('that lies under no project has no name that could say it', () => {
    const tree = [listed('account', 3229, 'Account', [listed('inbox', 11, 'Loose')])];
    expect(selected('inbox:Account/Loose', tree)).toEqual([]);
    expect(selected('inbox:*/*', tree)).toEqual([]);
    expect(selected('inbox:#11', tree)).toEqual(['inbox:#11']);
  });
});

test('a type that the account lacks has no resources', () => {
  const index = indexResources(buildAccount({}).tree);
  expect(index.ofType('templates')).toEqual([]);
  expect(index.ofType('project').map(resourceKey)).toEqual(['project:#4001', 'project:#4002']);
  expect(index.tree.root.id).toBe(3229);
});
