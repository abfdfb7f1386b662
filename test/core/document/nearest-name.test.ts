import { describe, expect, test } from 'vitest';
import { COMPARISONS_MOST, nearestOf } from '../../../src/core/document/nearest-name.ts';

const named = (...names: readonly string[]) => nearestOf(names.map((form) => ({ form, value: form.toUpperCase() })));

describe('the nearest of some names', () => {
  test.each([
    ['checkout', 'CHECKOUT'],
    ['chekout', 'CHECKOUT'],
    ['checkuot', 'CHECKOUT'],
    ['mobiles', 'MOBILE'],
    ['web', 'WEB'],
    ['wbe', 'WEB'],
    ['wxx', null],
    ['', null],
    ['checkout-of-old', null],
  ])('%s: %s', (form, found) => {
    expect(named('web', 'mobile', 'checkout')(form)).toBe(found);
  });

  test('is the first of equally near ones, and of equal names', () => {
    expect(named('cat-b', 'cat-a')('cat-x')).toBe('CAT-B');
    const twice = [
      { form: 'trail', value: 1 },
      { form: 'trail', value: 2 },
    ];
    expect(nearestOf(twice)('trail')).toBe(1);
    expect(nearestOf(twice)('trial')).toBe(1);
  });

  test('is nearer than one of another length', () => {
    expect(named('projekt', 'projects-')('projects')).toBe('PROJECTS-');
  });

  test('is found among many, and no longer searched for when that would take too long', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `name-${String(index).padStart(4, '0')}`);
    const find = named(...many);
    expect(find('name-0999')).toBe('NAME-0999');
    for (let search = 0; search < COMPARISONS_MOST / many.length; search += 1) expect(find('nxme-xxx9')).toBeNull();
    expect(find('nmae-0999')).toBeNull();
    expect(find('name-0998')).toBe('NAME-0998');
  });
});
