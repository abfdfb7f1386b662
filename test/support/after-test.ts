const ends: (() => unknown)[] = [];

/** Does something when the test that runs is over: what began last ends first. Also from `beforeEach`, and while a file is loaded. */
export function afterTest(end: () => unknown): void {
  ends.push(end);
}

/** What `each-file.ts` has Vitest do after each test. */
export async function endAll(): Promise<void> {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
}
