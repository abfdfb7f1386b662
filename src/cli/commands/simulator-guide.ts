import { visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../../report/layout/paint.ts';
import type { AccessSeed, AccountSeed } from '../../simulator/seed.ts';

export interface SimulatorStage {
  readonly seeds: readonly AccountSeed[];
  /** A policy to begin with. */
  readonly policyPath: string;
}

/** How to use a simulator that was just started: lines to copy into another terminal. */
export function simulatorGuide(url: string, stage: SimulatorStage, paint: Paint): string {
  const { seeds, policyPath } = stage;
  const [first] = seeds;
  const account = first?.account.id ?? 0;
  const token = first?.tokens[0]?.secret ?? '';
  const who = first?.accesses?.find(isOrdinary)?.email ?? 'somebody@example.com';
  return [
    `${paint.strong('A simulated Mailtrap is at')} ${url}`,
    ...seeds.map(
      ({ account: { id, name }, accesses }) => `  account ${id} (${name}), ${accesses?.length ?? 0} members`,
    ),
    '',
    'Point grantd at it, in another terminal:',
    `  export GRANTD_API_URL=${url}`,
    `  export MAILTRAP_API_TOKEN=${token}`,
    `  grantd plan ${visibleText(policyPath)}`,
    '',
    'Ask it what Mailtrap would be asked:',
    `  curl -H 'Authorization: Bearer ${token}' ${url}/api/accounts/${account}/account_accesses`,
    '',
    'Be somebody else, see what there is and what was asked, make the next write fail (no token needed):',
    `  curl -s ${url}/_sim/rows -d '{"act":"set-row","who":"${who}","type":"account","id":${account},"level":100}'`,
    `  curl -s ${url}/_sim/state`,
    `  curl -s ${url}/_sim/requests`,
    `  curl -s ${url}/_sim/faults -d '{"kind":"status","status":503,"match":{"method":"PUT"}}'`,
    '',
    'Nothing is saved. Ctrl-C ends it.',
    '',
  ].join('\n');
}

/** Somebody whom it shows to make an account admin. */
function isOrdinary({ kind, owner, rows }: AccessSeed): boolean {
  return kind === 'user' && owner !== true && rows?.every(({ type }) => type !== 'account') === true;
}
