import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/build.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { CHART, LONG_TEST_MS, template, valueFiles, whyNoHelm } from './support/helm.ts';

type Values = { readonly [key: string]: unknown };

const DEFAULTS: Values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
const BASE = valuesOf('base');

describe('no value is taken and ignored', skippedFor(whyNoHelm), () => {
  it(
    'each one is set by a value file in which leaving it out renders something else, or nothing',
    () => {
      const effective = new Set<string>();
      for (const name of valueFiles('values')) {
        const values = merge(BASE, valuesOf(name));
        const all = outputOf(values);
        for (const path of leavesOf(DEFAULTS, values, [])) {
          const key = path.join('.');
          if (!effective.has(key) && outputOf(without(values, path)) !== all) effective.add(key);
        }
      }
      expect(
        leavesOf(DEFAULTS, DEFAULTS, [])
          .map((path) => path.join('.'))
          .filter((key) => !effective.has(key)),
      ).toEqual([]);
    },
    LONG_TEST_MS,
  );
});

function valuesOf(name: string): Values {
  return parse(readFileSync(join(ROOT, 'test/chart/values', `${name}.yaml`), 'utf8')) ?? {};
}

/** As Helm lays one value file upon another. */
function merge(below: Values, above: Values): Values {
  const both = Object.entries(above).map(([key, value]) => {
    const other = below[key];
    return [key, isGroup(value) && isGroup(other) ? merge(other, value) : value];
  });
  return { ...below, ...Object.fromEntries(both) };
}

/** The paths of what is a value of its own in the defaults, and is set. */
function leavesOf(defaults: Values, set: Values, above: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(defaults).flatMap(([key, standard]) => {
    if (!(key in set)) return [];
    const path = [...above, key];
    const value = set[key];
    const isMapOfMany = key === 'labels' || /resources|ecurityContext|Probe$/.test(key);
    const isInner = isGroup(standard) && Object.keys(standard).length > 0 && !isMapOfMany && isGroup(value);
    return isInner ? leavesOf(standard, value, path) : [path];
  });
}

function without(values: Values, [key = '', ...rest]: readonly string[]): Values {
  const { [key]: value, ...others } = values;
  return rest.length === 0 ? others : { ...others, [key]: without(value as Values, rest) };
}

function outputOf(values: Values): string {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-chart-'));
  const file = join(directory, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  const { isDone, output } = template(['--values', file]);
  rmSync(directory, { recursive: true });
  return isDone ? output : 'refused';
}

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
