import { principalText } from '../../../core/domain/account/principal.ts';
import type { RunEvent } from '../../../core/domain/run/run-result.ts';
import { oddVisible } from '../../../core/domain/text/odd-characters.ts';
import { counted } from '../../../core/domain/text/text.ts';
import { PutWatch } from '../../../run/apply/put-watch.ts';
import { finishCanaries, refuseReplaces } from '../../../run/apply/settle-canaries.ts';
import type { ApplyContext } from './context.ts';

/** Finishes what an earlier process left open, before anything else is shown. Throws `put-replaces`. */
export async function finishEarlier(
  context: ApplyContext,
  underLease: (context: ApplyContext, work: (leading: ApplyContext) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { ledger, call } = context;
  if (ledger.memory().open.length === 0) return refuseReplaces(ledger);
  call.io.stderr.write('An earlier run ended before it read back a PUT. grantd reads that first.\n');
  await underLease(context, ({ ports }) =>
    finishCanaries(ports, new PutWatch(ledger, ports.clock, call.settings.rowsPerPut)),
  );
}

/** What a user must know before the first PUT that leaves rows of its holder unnamed. */
export function firstPutText(
  { principal, rows }: Pick<Extract<RunEvent, { kind: 'canary' }>, 'principal' | 'rows'>,
  { ledger }: Pick<ApplyContext, 'ledger'>,
): string {
  const lines = [
    `grantd first writes to ${oddVisible(principalText(principal))} alone. It then reads whether Mailtrap kept the ${counted(rows, 'row')} that this PUT does not name.`,
  ];
  if (ledger.clear === null) {
    lines.push(
      'If Mailtrap takes them, only this process can give them back: do not end it. With --state-dir, the next one could.',
    );
  }
  return `${lines.join('\n')}\n`;
}
