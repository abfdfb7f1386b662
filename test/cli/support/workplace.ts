import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { loadAccountSeed } from '../../../src/simulator/account-seed.ts';
import type { AccountSeed } from '../../../src/simulator/seed.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/start-simulator.ts';

export const TOKEN = 'simulator-admin-token';

const directories: string[] = [];
const simulators: Simulator[] = [];

afterEach(async () => {
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** An empty directory that is gone after the test. */
export function workplace(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-cli-'));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

/** The example account, served until the test ends. */
export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ seed: exampleSeed(), ...options });
  simulators.push(simulator);
  return simulator;
}

function exampleSeed(): AccountSeed {
  const loaded = loadAccountSeed(
    readFileSync(new URL('../../../config/account.example.yaml', import.meta.url), 'utf8'),
  );
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'));
  return loaded.seed;
}

/** The environment of a grantd that talks to this simulator. */
export function pointedAt({ url }: Simulator): Record<string, string> {
  return { GRANTD_API_URL: url, MAILTRAP_API_TOKEN: TOKEN };
}

/** Ann loses the inbox she is admin of and gets another one; Erin keeps what she has. */
export const POLICY = `version: 1
account: 3229
mode: authoritative
protected: [owner@example.com]
limits:
  revokes: { principals: 5, percent: 50 }
  admins: 2
grants:
  - to: ann@example.com
    resource: "project:Checkout"
    level: viewer
  - to: ann@example.com
    resource: "inbox:Checkout/QA"
    level: admin
    reason: OPS-123
  - to: erin@example.com
    resource: ["project:Mobile iOS", "project:Mobile Android"]
    level: admin
  - to: erin@example.com
    resource: "project:Mobile Legacy"
    level: viewer
tests:
  - { who: erin@example.com, resource: "project:Mobile iOS", expect: admin }
paused: false
`;
