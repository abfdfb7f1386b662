import { readFileSync } from 'node:fs';
import { loadAccountSeed } from '../../src/simulator/account-seed.ts';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';
import { afterTest } from './after-test.ts';

export const EXAMPLE_TEXT = readFileSync(new URL('../../config/account.example.yaml', import.meta.url), 'utf8');
/** The account that is shipped as an example. */
export const EXAMPLE: AccountSeed = seedOf(EXAMPLE_TEXT);

/** Starts a simulator, of the example account by default, that is closed when the test ends. */
export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ seed: EXAMPLE, ...options });
  afterTest(() => simulator.close());
  return simulator;
}

/** An account as YAML describes it. Throws where the text is no account. */
export function seedOf(text: string): AccountSeed {
  const loaded = loadAccountSeed(text);
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'));
  return loaded.seed;
}
