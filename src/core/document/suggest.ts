/** The largest distance at which one word may be a typing mistake for another. */
const MAX_DISTANCE = 2;

/** Beyond these limits a suggestion costs more time than it is worth. */
const MAX_WORD = 64;
const MAX_CANDIDATES = 200;

/** The candidate that the author most likely meant, or null if none is near. Case does not matter. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = distanceMost(word) + 1;
  for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The largest distance at which something may be meant by this word: less for a short one, none for a very long one. */
export function distanceMost(word: string): number {
  return word.length > MAX_WORD ? 0 : Math.max(0, Math.min(MAX_DISTANCE, Math.floor((word.length - 1) / 2)));
}

/** A remedy that suggests the nearest candidate, or `otherwise` if none is near. */
export function didYouMean(word: string, candidates: readonly string[], otherwise: string): string {
  const near = nearest(word, candidates);
  return near === null ? otherwise : `did you mean ${near}?`;
}

/** How many letters to insert, delete, replace or swap with a neighbour. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : replaced;
      row[j] = Math.min(at(row, j - 1) + 1, at(last, j) + 1, replaced, swapped);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

/** The loops above only use indexes that are filled. */
function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
