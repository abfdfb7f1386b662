import { expect, it } from 'vitest';
import { readBook } from './book.ts';
import { Scene } from './scene.ts';

const BOOK = new Map(readBook().map((entry) => [entry.id, entry]));

/** Replays one scenario of docs/quality/incidents.md, and makes sure that grantd printed what the book says. */
export function incident(id: string, replay: (scene: Scene) => Promise<void>): void {
  it(id, async () => {
    const entry = BOOK.get(id);
    if (entry === undefined) throw new Error(`docs/quality/incidents.md does not tell of ${id}`);
    const scene = new Scene();
    try {
      await replay(scene);
    } finally {
      await scene.close();
    }
    expect(entry.prints.length, 'lines in the book').toBeGreaterThan(0);
    for (const line of entry.prints) expect(scene.printed).toContain(line);
  });
}
