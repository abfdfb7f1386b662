import { distanceMost, editDistance } from './suggest.ts';

/** A name that exists, in the form that compares, and what it stands for. */
export interface Candidate<T> {
  readonly form: string;
  readonly value: T;
}

/** How many pairs of names one search compares at most. A suggestion is worth no more time. */
export const COMPARISONS_MOST = 100_000;

/**
 * Returns a function that finds the candidate which the author of a name most likely meant, or null if none is near. Of equally
 * near ones it takes the first. The names of an account may be many, so it compares only those of nearly the same length.
 */
export function nearestOf<T>(candidates: readonly Candidate<T>[]): (form: string) => T | null {
  const same = new Map<string, T>();
  const byLength = new Map<number, Candidate<T>[]>();
  for (const candidate of candidates) {
    const { form, value } = candidate;
    if (!same.has(form)) same.set(form, value);
    const alike = byLength.get(form.length);
    if (alike) alike.push(candidate);
    else byLength.set(form.length, [candidate]);
  }
  let left = COMPARISONS_MOST;

  function among(form: string, length: number, most: number): { readonly value: T; readonly distance: number } | null {
    let best: { readonly value: T; readonly distance: number } | null = null;
    for (const candidate of byLength.get(length) ?? []) {
      if (left === 0) return best;
      left -= 1;
      const distance = editDistance(form, candidate.form);
      if (distance <= most && distance < (best?.distance ?? distance + 1)) best = { value: candidate.value, distance };
    }
    return best;
  }

  return (form) => {
    const exact = same.get(form);
    if (exact !== undefined) return exact;
    const most = distanceMost(form);
    const lengths = Array.from({ length: 2 * most + 1 }, (_, index) => form.length - most + index);
    const found = lengths.map((length) => among(form, length, most)).filter((one) => one !== null);
    return found.sort((a, b) => a.distance - b.distance)[0]?.value ?? null;
  };
}
