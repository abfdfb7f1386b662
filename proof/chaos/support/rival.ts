import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import { keyOf } from '../../../test/support/oracle.ts';
import { toWire } from '../../../test/support/wire-types.ts';
import type { Rival } from './arbitrary-extra.ts';
import type { OpenWrite } from './run-record.ts';

/**
 * What a second writer makes of the access of a PUT: the row that it wrote is as before, or one of several rows is gone that it did
 * not name. Null where there is none of these.
 */
export function rivalWrite(rival: Rival, put: Omit<OpenWrite, 'after'> | null): AccountWrite | null {
  const [first] = put?.rows ?? [];
  if (put === null || first === undefined) return null;
  const { access: who, rows, before } = put;
  const held = before.get(who)?.rows ?? new Map<string, number>();
  if (rival === 'take-another') {
    const named = new Set(rows.map(({ resource }) => keyOf(resource)));
    const [other, ...more] = [...held.keys()].filter((key) => !named.has(key) && held.get(key) !== 1000);
    return other === undefined || more.length === 0 ? null : { act: 'remove-row', who, ...rowWrite(other) };
  }
  const level = held.get(keyOf(first.resource));
  const row = rowWrite(keyOf(first.resource));
  return level === undefined ? { act: 'remove-row', who, ...row } : { act: 'set-row', who, ...row, level };
}

/** The row of a key, as the simulator names it. */
export function rowWrite(key: string): { readonly type: string; readonly id: number } {
  const [type = '', id = ''] = key.split('#');
  return { type: toWire(type as Parameters<typeof toWire>[0]), id: Number(id) };
}
