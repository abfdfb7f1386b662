import type { AccountMemory } from '../../core/domain/account/account-memory.ts';
import { emptyMemory } from '../../core/domain/account/account-memory.ts';
import type { StateStore } from '../../core/domain/run/daemon-ports.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { ConfigMapCalls } from './config-map-calls.ts';
import type { KubeApi } from './kube-api.ts';
import { StateMap } from './state-map.ts';

/** How a memory becomes a text, and what a text comes to. */
export interface MemoryCodec {
  encode(memory: AccountMemory): string;
  decode(text: string, account: number): { readonly memory: AccountMemory } | { readonly fault: string };
}

export interface ConfigMapStoreOptions {
  readonly api: KubeApi;
  /** The name of the ConfigMap of an account. */
  readonly nameOf: (account: number) => string;
  readonly codec: MemoryCodec;
  readonly clock: Clock;
  readonly requestMs: number;
  /** Whether this process may still write what it remembers: what somebody else wrote meanwhile is theirs. */
  readonly mayWrite: (account: number) => boolean;
}

/** More is not kept: a ConfigMap holds 1 MiB, and what was lost stands beside what is remembered. */
export const CONFIG_MAP_BYTES_MAX = 900 * 1024;

/** A text that was lost is kept beside the new one up to this length. */
const LOST_BYTES_MAX = 100 * 1024;

/** How often a save is tried: each time but the first, somebody else wrote in between. */
const TRIES_MOST = 3;

/** A store of one ConfigMap for each account. What is written replaces only what was read. */
export function createConfigMapStateStore(options: ConfigMapStoreOptions): StateStore {
  const maps = new Map<number, StateMap>();
  const mapOf = (account: number): StateMap => {
    const name = options.nameOf(account);
    const known = maps.get(account) ?? new StateMap(new ConfigMapCalls(options, name));
    maps.set(account, known);
    return known;
  };
  return {
    load: (account) => mapOf(account).inTurn((map) => load(map, account, options)),
    save: (memory) => mapOf(memory.account).inTurn((map) => save(map, memory, options)),
  };
}

async function load(map: StateMap, account: number, options: ConfigMapStoreOptions): ReturnType<StateStore['load']> {
  const where = `the state in the ConfigMap ${options.nameOf(account)}`;
  try {
    await map.read();
  } catch (error) {
    if (!(error instanceof GrantdError)) throw error;
    return { memory: emptyMemory(account), lost: visibleText(`${where} cannot be read: ${error.message}`) };
  }
  const { text } = map;
  if (text === null) return { memory: emptyMemory(account), lost: null };
  const read = options.codec.decode(text, account);
  if ('memory' in read) return { memory: read.memory, lost: null };
  map.putAside(Buffer.byteLength(text) <= LOST_BYTES_MAX ? text : null);
  return { memory: emptyMemory(account), lost: visibleText(`${where} is lost: ${read.fault}`) };
}

async function save(map: StateMap, memory: AccountMemory, options: ConfigMapStoreOptions): Promise<void> {
  const { nameOf, codec, mayWrite } = options;
  const text = codec.encode(memory);
  const what = `the state in the ConfigMap ${nameOf(memory.account)}`;
  if (Buffer.byteLength(text) > CONFIG_MAP_BYTES_MAX) {
    throw new GrantdError(
      'state-unwritable',
      `${what} would have more than ${CONFIG_MAP_BYTES_MAX} bytes, and no more are kept`,
      'see why so many changes come back; grantd goes on and remembers them as long as it runs',
    );
  }
  if (map.text === text) return;
  try {
    for (let tries = 1; tries <= TRIES_MOST; tries += 1) {
      if (!mayWrite(memory.account)) throw notOurs(what);
      if (await map.write(text)) return;
      await map.read();
    }
  } catch (error) {
    if (!(error instanceof GrantdError) || error.code === 'state-unwritable') throw error;
    map.forget();
    throw new GrantdError('state-unwritable', `${what} cannot be saved: ${error.message}`, error.remedy, error);
  }
  const message = `${what} cannot be saved: somebody else writes it again and again`;
  throw new GrantdError('state-unwritable', message, 'let nobody but grantd write to it');
}

function notOurs(what: string): GrantdError {
  const message = `${what} is not saved: the Lease of the account is not held here any more`;
  return new GrantdError('state-unwritable', message, 'nothing is to be done: the replica that holds it keeps its own');
}
