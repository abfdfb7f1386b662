import { expect, test } from 'vitest';
import { ensureBuilt } from '../../test/support/build.ts';
import { startCommand } from '../../test/support/process.ts';
import { workplace } from '../../test/support/workplace.ts';

const PLAY = new URL('official-client.mjs', import.meta.url).pathname;

test('without a registry nothing is played, and that is said', async () => {
  ensureBuilt();
  const env = { npm_config_registry: 'http://127.0.0.1:9' };
  const ended = await startCommand([process.execPath, PLAY], { cwd: workplace({}), env }).ended;
  expect(ended).toMatchObject({ code: 3, stdout: 'skipped: the npm registry cannot be reached (ECONNREFUSED)\n' });
});
