import { principalText } from '../../../core/domain/account/principal.ts';
import { type OpenCanary, rowsLeftOpen } from '../../../core/domain/account/put-memory.ts';
import type { StateStore } from '../../../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { oddVisible } from '../../../core/domain/text/odd-characters.ts';
import { counted } from '../../../core/domain/text/text.ts';
import { InvalidSettings } from '../../line/errors.ts';
import { connect } from '../../open/connect.ts';
import { NEVER } from '../../process/node-io.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, fail } from './finding.ts';

/**
 * Whether a process ended between a PUT and the read after it: then rows may be missing until a run gives them back. The state says
 * that, whatever the policy says. Null if not.
 */
export async function leftOpenFinding(context: DoctorContext, store: StateStore): Promise<DoctorFinding | null> {
  const open = new Map(await store.openPuts());
  const look = await context.policyLook();
  if (look.kind === 'valid' && context.call.settings.stateConfigMap !== null) {
    const { account } = look.resolved.policy;
    const { memory } = await store.load(account);
    if (memory.puts.open.length > 0) open.set(account, memory.puts.open);
  }
  if (open.size === 0) return null;
  const sentences: string[] = [];
  for (const [account, canaries] of open) sentences.push(await sentenceOf(context, account, canaries));
  return fail(
    sentences.join('; '),
    `start grantd run with this state and a token of the account, whatever the policy says: it reads first, and gives back what is missing`,
  );
}

async function sentenceOf(context: DoctorContext, account: number, canaries: readonly OpenCanary[]): Promise<string> {
  const names = await namesIn(context, account);
  const parts = canaries.map((canary) => {
    const rows = rowsLeftOpen([canary]);
    return `${counted(rows, 'row')} of ${names.get(canary.access) ?? `account access ${canary.access}`}`;
  });
  const wait = canaries.length === 1 && rowsLeftOpen(canaries) === 1 ? 'waits' : 'wait';
  return `${parts.join(' and ')} in account ${account} ${wait} to be given back, if the PUT of a process that ended took them`;
}

/** The principals by account access; none if the account cannot be read. */
async function namesIn({ call, token }: DoctorContext, account: number): Promise<ReadonlyMap<number, string>> {
  if (!token.ok) return new Map();
  const { token: read } = token;
  const secret = () => {
    const text = read();
    call.secrets.add(text);
    return text;
  };
  try {
    const { reader } = await connect(call.io, { account, token: secret, settings: call.settings });
    const { value } = await reader.readAccesses(NEVER);
    return new Map(value.map(({ access, principal }) => [access, oddVisible(principalText(principal))]));
  } catch (error) {
    if (error instanceof GrantdError || error instanceof InvalidSettings) return new Map();
    throw error;
  }
}
