import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Before a command: it then runs as on a machine without IPv6. */
export const WITHOUT_IPV6 = ['python3', fileURLToPath(new URL('no-ipv6.py', import.meta.url))] as const;

/** Why no process can be kept from IPv6 here, or null. Printed, so that skipped tests are seen. */
export const whyNoFilter: string | null = (() => {
  const [python, script] = WITHOUT_IPV6;
  const { status, stderr } = spawnSync(python, [script, 'true'], { encoding: 'utf8' });
  if (status === 0) return null;
  const reason = `skipped: no process can be kept from IPv6 here: ${`${stderr ?? ''}`.trim() || 'there is no python3'}`;
  process.stderr.write(`${reason}\n`);
  return reason;
})();
