/** Series of a scrape by name and labels as they are written, e.g. `grantd_held{account="1",policy="p"}`. */
export type Scrape = ReadonlyMap<string, number>;

/** Reads the text format strictly: what is neither a comment nor a well-formed sample throws. */
export function readScrape(text: string): Scrape {
  const series = new Map<string, number>();
  for (const line of text.split('\n').filter((part) => part !== '' && !part.startsWith('#'))) {
    const match = /^([a-z_]+(?:\{(?:[a-z0-9_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})?) (\S+)$/.exec(line);
    if (!match?.[1]) throw new Error(`no sample: ${line}`);
    if (series.has(match[1])) throw new Error(`twice: ${line}`);
    series.set(match[1], Number(match[2] === '+Inf' ? Number.POSITIVE_INFINITY : match[2]));
  }
  return series;
}

/** The value of the only series of this name that has all of these labels; null where there is none. */
export function valueIn(scrape: Scrape, name: string, labels: Readonly<Record<string, string>> = {}): number | null {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const found = [...scrape].filter(
    ([series]) => series.split('{')[0] === name && wanted.every((label) => series.includes(label)),
  );
  if (found.length > 1) throw new Error(`several: ${found.map(([series]) => series).join(' ')}`);
  return found[0]?.[1] ?? null;
}
