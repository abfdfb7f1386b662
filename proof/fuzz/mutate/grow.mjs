import { LARGE_BYTES_MOST } from './mutate.mjs';

/** Keys of numbers that differ from item to item. */
const IS_NUMBERED = /^(?:id|access|.*_id|tokenId)$/;

/** Of each document so many lists are made long, the first of them. */
const LISTS_MOST = 8;

/** A JSON document with one of its lists made as long as fits: one text for each of the lists. */
export function grownTexts(json) {
  if (!/^\s*[[{]/.test(json)) return [];
  const lists = listsIn(JSON.parse(json)).length;
  return Array.from({ length: Math.min(lists, LISTS_MOST) }, (_, nth) => {
    const document = JSON.parse(json);
    grow(listsIn(document)[nth], LARGE_BYTES_MOST - json.length);
    return JSON.stringify(document);
  });
}

function listsIn(root) {
  const lists = [];
  const waiting = [root];
  for (const value of waiting) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value) && value.length > 0) lists.push(value);
    waiting.push(...Object.values(value));
  }
  return lists;
}

function grow(list, bytes) {
  const items = [...list];
  let left = bytes;
  for (let copy = 1; ; copy += 1) {
    const next = numbered(items[copy % items.length], copy, '');
    left -= JSON.stringify(next).length + 1;
    if (left < 0) return;
    list.push(next);
  }
}

/** The same, as another item: numbers and names that must differ do. */
function numbered(value, copy, key) {
  if (typeof value === 'number' && IS_NUMBERED.test(key)) return value + 100_000 * copy;
  if (typeof value === 'string' && (key === 'name' || value.includes('@'))) return `${copy}${value}`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => numbered(item, copy, ''));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, numbered(item, copy, name)]));
}
