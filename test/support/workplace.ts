import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeMemory } from '../../src/adapters/state/memory-json.ts';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { afterTest } from './after-test.ts';
import { provenPuts } from './put-ledgers.ts';
import { ACCOUNT, ADMIN_TOKEN } from './small-seed.ts';

/** A directory with these files, by their paths, that is gone after the test. */
export function workplace(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-cli-'));
  afterTest(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** The environment of a grantd that talks to this simulator. */
export function pointedAt({ url }: Simulator): Record<string, string> {
  return { GRANTD_API_URL: url, MAILTRAP_API_TOKEN: ADMIN_TOKEN };
}

/** The same, with a state in which it is proven that a PUT takes nothing that it does not name. */
export function provenAt(simulator: Simulator, account = ACCOUNT): Record<string, string> {
  return { ...pointedAt(simulator), GRANTD_STATE_DIR: provenState(simulator.url, account) };
}

/** A directory with such a state, for an API at this address. */
export function provenState(url: string, account = ACCOUNT): string {
  const memory = { ...emptyMemory(account), puts: provenPuts(url) };
  return workplace({ [`account-${account}.json`]: encodeMemory(memory) });
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
unlisted: keep
paused: false
`;

/** Heidi, who has no row, gets one. Her PUT leaves no row unnamed, so nothing waits for a proof, and a first run is complete. */
export const GIVING_POLICY = `version: 1
account: 3229
mode: additive
protected: [owner@example.com]
limits: { revokes: { principals: 5, percent: 50 }, admins: 2 }
grants: [{ to: heidi@example.com, resource: "project:Checkout", level: viewer }]
paused: false
`;
