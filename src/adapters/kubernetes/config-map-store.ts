import type { AccountMemory } from '../../core/domain/account/account-memory.ts';
import { emptyMemory, newestWritten } from '../../core/domain/account/account-memory.ts';
import type { PutReplaces } from '../../core/domain/account/put-memory.ts';
import { firstRemembered } from '../../core/domain/account/remembered-access.ts';
import type { StateStore } from '../../core/domain/run/daemon-ports.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { ConfigMapCalls } from './config-map-calls.ts';
import type { KubeApi } from './kube-api.ts';
import { StateMap } from './state-map.ts';

/** Turns a memory into a text, and a text into a memory; and the same for a PUT that replaces rows. */
export interface MemoryCodec {
  encode(memory: AccountMemory): string;
  decode(text: string, account: number): { readonly memory: AccountMemory } | { readonly fault: string };
  encodePutReplaces(found: PutReplaces): string;
  decodePutReplaces(text: string, account: number): PutReplaces;
}

export interface ConfigMapStoreOptions {
  readonly api: KubeApi;
  /** The name of the ConfigMap of an account. */
  readonly nameOf: (account: number) => string;
  readonly codec: MemoryCodec;
  readonly clock: Clock;
  readonly requestMs: number;
  /** Whether this process may still write its state. If not, another replica leads and writes its own. */
  readonly mayWrite: (account: number) => boolean;
}

/** The longest state: a ConfigMap holds 1 MiB, and a state that was lost is kept beside the new one. */
export const CONFIG_MAP_BYTES_MAX = 900 * 1024;

/** The longest lost state that is kept beside the new one, in bytes. */
const LOST_BYTES_MAX = 100 * 1024;

/** How often grantd tries to save: before each try but the first, someone else wrote. */
const TRIES_MOST = 3;

/** A store with one ConfigMap for each account. A write replaces only the version that was read. */
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
    // The rights of grantd do not include a list of ConfigMaps.
    openPuts: async () => new Map(),
    readPutReplaces: (account) =>
      mapOf(account).inTurn(async (map) => {
        await map.read();
        return map.putReplaces === null ? null : options.codec.decodePutReplaces(map.putReplaces, account);
      }),
    savePutReplaces: (found) =>
      mapOf(found.account).inTurn(async (map) => {
        await write(map, found.account, options, () => map.writePutReplaces(options.codec.encodePutReplaces(found)));
      }),
    clearPutReplaces: (account) =>
      mapOf(account).inTurn(async (map) => {
        await map.read();
        if (map.putReplaces === null) return false;
        await write(map, account, options, () => map.writePutReplaces(null));
        return true;
      }),
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
  const { nameOf, codec } = options;
  const text = fittingText(memory, codec);
  const what = `the state in the ConfigMap ${nameOf(memory.account)}`;
  if (text === null) {
    throw new GrantdError(
      'state-unwritable',
      `${what} would have more than ${CONFIG_MAP_BYTES_MAX} bytes, which is the limit`,
      'approve smaller parts, and delete approvals that were used; grantd goes on and remembers everything while it runs',
    );
  }
  if (map.text === text) return;
  await write(map, memory.account, options, () => map.write(text));
}

/** Writes until no one else wrote in between. */
async function write(
  map: StateMap,
  account: number,
  { nameOf, mayWrite }: ConfigMapStoreOptions,
  attempt: () => Promise<boolean>,
): Promise<void> {
  const what = `the state in the ConfigMap ${nameOf(account)}`;
  try {
    for (let tries = 1; tries <= TRIES_MOST; tries += 1) {
      if (!mayWrite(account)) throw notOurs(what);
      if (await attempt()) return;
      await map.read();
    }
  } catch (error) {
    if (!(error instanceof GrantdError) || error.code === 'state-unwritable') throw error;
    map.forget();
    throw new GrantdError('state-unwritable', `${what} cannot be saved: ${error.message}`, error.remedy, error);
  }
  const message = `${what} cannot be saved: someone else keeps writing it`;
  throw new GrantdError('state-unwritable', message, 'let only grantd write to it');
}

/** What a state that is too long leaves out, in this order: as much of each as does not fit. */
const LEFT_OUT: readonly {
  readonly size: (memory: AccountMemory) => number;
  readonly keep: (memory: AccountMemory, most: number) => AccountMemory;
}[] = [
  {
    size: ({ knownEnds }) => knownEnds.length,
    keep: (memory, most) => ({ ...memory, knownEnds: memory.knownEnds.slice(0, most) }),
  },
  {
    size: ({ remembered }) => remembered.size,
    keep: (memory, most) => ({ ...memory, ...firstRemembered(memory, most) }),
  },
  {
    size: ({ written }) => written.length,
    keep: (memory, most) => ({ ...memory, written: newestWritten(memory.written, most) }),
  },
];

/** As much of the memory as fits. Null if what is never left out is too long alone. */
function fittingText(memory: AccountMemory, { encode }: MemoryCodec): string | null {
  const textOf = (one: AccountMemory) => {
    const text = encode(one);
    return Buffer.byteLength(text) > CONFIG_MAP_BYTES_MAX ? null : text;
  };
  let left = memory;
  let fitting = textOf(left);
  for (const { size, keep } of LEFT_OUT) {
    if (fitting !== null) return fitting;
    const whole = left;
    fitting = longestText(size(whole), (most) => textOf(keep(whole, most)));
    left = keep(whole, 0);
  }
  return fitting;
}

/** The text with the most items that fits; null if none does, and where there is nothing to leave out. */
function longestText(size: number, textWith: (most: number) => string | null): string | null {
  let fitting = size === 0 ? null : textWith(0);
  let [fits, tooMany] = [0, size];
  while (fitting !== null && tooMany - fits > 1) {
    const most = Math.floor((fits + tooMany) / 2);
    const text = textWith(most);
    if (text === null) tooMany = most;
    else [fits, fitting] = [most, text];
  }
  return fitting;
}

function notOurs(what: string): GrantdError {
  const message = `${what} is not saved: this replica no longer leads the account`;
  return new GrantdError(
    'state-unwritable',
    message,
    'you need to do nothing: the replica that leads keeps its own state',
  );
}
