import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { walkPath } from '../../../src/adapters/policy-file/walk-path.ts';
import { watchPlaces } from '../../../src/adapters/policy-file/watch-places.ts';
import { skippedFor, whyNotAsRoot } from '../../support/skipped-for.ts';
import { temporary, until, write } from './temporary.ts';

async function watching(path: string) {
  const events: boolean[] = [];
  const failures: unknown[] = [];
  const { places } = await walkPath(path);
  const watch = await watchPlaces(places, {
    onEvent: (isPlace) => events.push(isPlace),
    onFailure: (error) => failures.push(error),
  });
  return { watch, events, failures };
}

test('separates events of a watched name from events of the directory itself', async () => {
  const directory = temporary();
  const path = join(directory, 'a/policy.yaml');
  write(path, 'a');
  const { watch, events, failures } = await watching(path);
  writeFileSync(path, 'b');
  await until(() => events.length > 0);
  expect(events).not.toContain(true);
  rmSync(join(directory, 'a'), { recursive: true });
  await until(() => events.includes(true));
  await watch.close();
  expect(failures).toEqual([]);
});

test('a directory that may not be listed cannot be watched', skippedFor(whyNotAsRoot), async () => {
  const directory = join(temporary(), 'closed');
  mkdirSync(directory);
  write(join(directory, 'policy.yaml'), 'a');
  chmodSync(directory, 0o100);
  await expect(watching(join(directory, 'policy.yaml'))).rejects.toMatchObject({ code: 'EACCES' });
  chmodSync(directory, 0o700);
});
