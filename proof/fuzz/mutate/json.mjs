import { ODD_TEXTS, ODD_VALUES } from './odd.mjs';

/** Where an object has no key of this name, and JSON.parse gives it one all the same. */
const PROTO = '__proto__';
const NODES_MOST = 5_000;

/** Characters: what is longer would be cut off, and be no JSON any more. */
const NESTED_MOST = 50_000;

/** Changes of JSON that leave it JSON, so that they get past the parser. Other texts are left as they are. */
export const JSON_MUTATIONS = [changeValue, changeValue, changeValue, changeKey, repeatKey, nestInItself];

function changeValue(bytes, random, donor) {
  return withPlace(bytes, random, (holder, key) => {
    if (!Array.isArray(holder)) {
      if (random.isLucky(0.3)) delete holder[key];
      else set(holder, key, random.isLucky(0.8) ? oddValue(holder[key], random) : partOf(donor, random));
    } else if (random.isLucky(0.25)) holder.splice(key, 1);
    else if (random.isLucky(0.35)) holder.splice(random.below(holder.length + 1), 0, holder[key]);
    else if (random.isLucky(0.3)) holder.reverse();
    else holder[key] = oddValue(holder[key], random);
  });
}

function changeKey(bytes, random) {
  return withPlace(bytes, random, (holder, key) => {
    if (Array.isArray(holder)) return;
    const value = holder[key];
    if (random.isLucky(0.5)) delete holder[key];
    set(holder, random.isLucky(0.3) ? PROTO : random.pick([...ODD_TEXTS, key.toUpperCase(), `${key} `]), value);
  });
}

/** A key that stands twice: which of the two counts, and does everybody agree? */
function repeatKey(bytes, random) {
  const text = bytes.toString('utf8');
  const keys = [...text.matchAll(/"[^"\\]*"(?=\s*:)/g)];
  if (keys.length === 0) return bytes;
  const { index, 0: key } = random.pick(keys);
  return Buffer.from(`${text.slice(0, index)}${key}:${JSON.stringify(random.pick(ODD_VALUES))},${text.slice(index)}`);
}

/** A value with itself inside itself, many times: what recurses shows then. */
function nestInItself(bytes, random) {
  const mark = '"the place where it goes on"';
  return withPlace(bytes, random, (holder, key) => {
    const inner = placesIn(holder[key]);
    if (inner.length === 0) return;
    const place = random.pick(inner);
    const innermost = JSON.stringify(place.holder[place.key]);
    place.holder[place.key] = JSON.parse(mark);
    const [before, after] = JSON.stringify(holder[key]).split(mark);
    const times = Math.min(random.pick([2, 20, 70, 300]), Math.floor(NESTED_MOST / (before.length + after.length)));
    set(holder, key, JSON.parse(`${before.repeat(times)}${innermost}${after.repeat(times)}`));
  });
}

/** Near to what stood there, or nothing like it. */
function oddValue(value, random) {
  if (typeof value === 'number' && random.isLucky(0.5)) return value + random.pick([-1, 1, 0.5, 2 ** 53, -2 * value]);
  if (typeof value === 'string' && random.isLucky(0.3)) return random.pick([value.toUpperCase(), `${value} `, [value]]);
  if (random.isLucky(0.05)) return deep(random.pick([50, 500, 5_000]), value);
  return random.pick(ODD_VALUES);
}

function deep(depth, value) {
  let nested = value;
  for (let level = 0; level < depth; level += 1) nested = [nested];
  return nested;
}

function partOf(donor, random) {
  const parsed = parse(donor);
  const places = parsed === undefined ? [] : placesIn(parsed);
  if (places.length === 0) return null;
  const { holder, key } = random.pick(places);
  return structuredClone(holder[key]);
}

function withPlace(bytes, random, change) {
  const parsed = parse(bytes);
  const places = parsed === undefined ? [] : placesIn(parsed);
  if (places.length === 0) return bytes;
  const { holder, key } = random.pick(places);
  try {
    change(holder, key);
    return Buffer.from(JSON.stringify(parsed, null, random.isLucky(0.1) ? 1 : 0));
  } catch (error) {
    // Deeper than this stack: changes of bytes get there too.
    if (error instanceof RangeError || error.name === 'DataCloneError') return bytes;
    throw error;
  }
}

function placesIn(root) {
  const places = [];
  const waiting = [root];
  while (waiting.length > 0 && places.length < NODES_MOST) {
    const holder = waiting.pop();
    if (typeof holder !== 'object' || holder === null) continue;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      waiting.push(holder[key]);
    }
  }
  return places;
}

function set(holder, key, value) {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
