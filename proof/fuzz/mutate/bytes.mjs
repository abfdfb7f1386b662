import { ODD_BYTES } from './odd.mjs';

/** Changes of any bytes whatever. Each takes bytes, chance and the bytes of another input, and gives new bytes. */
export const BYTE_MUTATIONS = [flipBit, setByte, removeSpan, copySpan, insertOddBytes, cutOff, takeFromDonor];

function flipBit(bytes, random) {
  if (bytes.length === 0) return bytes;
  const changed = Buffer.from(bytes);
  changed[random.below(bytes.length)] ^= 1 << random.below(8);
  return changed;
}

function setByte(bytes, random) {
  if (bytes.length === 0) return bytes;
  const changed = Buffer.from(bytes);
  changed[random.below(bytes.length)] = random.below(256);
  return changed;
}

function removeSpan(bytes, random) {
  const { start, end } = span(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

/** Once as a rule, sometimes many times: whatever is not bounded shows then. */
function copySpan(bytes, random) {
  const { start, end } = span(bytes, random);
  const times = random.isLucky(0.1) ? 1 + random.below(200) : 1;
  const copies = Array.from({ length: times }, () => bytes.subarray(start, end));
  return insertAt(bytes, random.below(bytes.length + 1), Buffer.concat(copies));
}

/** A part of it again and again: whatever takes more memory than its text shows then. */
export function repeatPart(bytes, random, most) {
  const { start, end } = span(bytes, random);
  if (start === end) return bytes;
  const part = bytes.subarray(start, end);
  const times = Math.ceil(random.below(most) / part.length);
  const copies = Buffer.alloc(times * part.length, part);
  return insertAt(bytes, random.isLucky(0.5) ? end : random.below(bytes.length + 1), copies).subarray(0, most);
}

function insertOddBytes(bytes, random) {
  return insertAt(bytes, random.isLucky(0.2) ? 0 : random.below(bytes.length + 1), random.pick(ODD_BYTES));
}

function cutOff(bytes, random) {
  return bytes.subarray(0, random.below(bytes.length + 1));
}

function takeFromDonor(bytes, random, donor) {
  const { start, end } = span(donor, random);
  return insertAt(bytes, random.below(bytes.length + 1), donor.subarray(start, end));
}

/** Most spans are short. */
function span(bytes, random) {
  const start = random.below(bytes.length + 1);
  const longest = random.isLucky(0.8) ? 32 : bytes.length;
  return { start, end: Math.min(bytes.length, start + 1 + random.below(longest + 1)) };
}

function insertAt(bytes, at, inserted) {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}
