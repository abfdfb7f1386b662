import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_MAP_BYTES_MAX, createConfigMapStateStore } from '../../../src/adapters/kubernetes/config-map-store.ts';
import { KubeApi } from '../../../src/adapters/kubernetes/kube-api.ts';
import { encodeMemory } from '../../../src/adapters/state/memory-json.ts';
import { decodePutReplaces, encodePutReplaces } from '../../../src/adapters/state/put-memory-json.ts';
import { readMemory } from '../../../src/adapters/state/read-memory.ts';
import {
  type AccountMemory,
  emptyMemory,
  type WrittenChange,
} from '../../../src/core/domain/account/account-memory.ts';
import { rowsHash } from '../../../src/core/domain/account/remembered-access.ts';
import type { StateStore } from '../../../src/core/domain/run/daemon-ports.ts';
import { FakeJumpClock } from '../mailtrap/support/clocks.ts';
import { ApiServer } from './support/api-server.ts';
import { failureOf } from './support/failure.ts';

const NAME = 'grantd-state-3229';
const PATH = `/api/v1/namespaces/team/configmaps/${NAME}`;
const MEMORY: AccountMemory = { ...emptyMemory(3229), provenPairs: [{ access: 5142, tokenId: 1 }] };
const WRITTEN: WrittenChange = {
  access: 5142,
  resource: { type: 'inbox', id: 1 },
  after: 10,
  writtenAt: [1],
  hasBeenInPlace: false,
  contestedSince: null,
  triedAt: 1,
};
const OTHER: AccountMemory = { ...emptyMemory(3229), provenPairs: [{ access: 5142, tokenId: 2 }] };

let server: ApiServer;
let isHeld: boolean;

beforeEach(async () => {
  server = await ApiServer.start();
  isHeld = true;
});

afterEach(() => server.close());

function newStore(): StateStore {
  const api = new KubeApi({
    url: new URL(server.url),
    namespace: 'team',
    token: () => 'a-token',
    ca: () => null,
    version: 'test',
  });
  return createConfigMapStateStore({
    api,
    nameOf: (account) => `grantd-state-${account}`,
    codec: { encode: encodeMemory, decode: readMemory, encodePutReplaces, decodePutReplaces },
    clock: new FakeJumpClock(),
    requestMs: 1_000,
    mayWrite: () => isHeld,
  });
}

function data(): Record<string, string> {
  return (server.configMap(NAME)?.['data'] ?? {}) as Record<string, string>;
}

describe('a state in a ConfigMap', () => {
  it('is nothing at first, is made by the first save, and is what another replica loads', async () => {
    const store = newStore();
    expect(await store.load(3229)).toEqual({ memory: emptyMemory(3229), lost: null });
    expect(server.configMap(NAME)).toBeUndefined();
    await store.save(MEMORY);
    expect(data()).toEqual({ 'state.json': encodeMemory(MEMORY) });
    expect(await newStore().load(3229)).toEqual({ memory: MEMORY, lost: null });
  });

  it('is not written again where nothing changed', async () => {
    const store = newStore();
    await store.load(3229);
    await store.save(MEMORY);
    const before = server.requests.length;
    await store.save(MEMORY);
    expect(server.requests.length).toBe(before);
  });

  it('replaces only what was read: after a conflict it looks again, and keeps what others wrote beside it', async () => {
    const store = newStore();
    await store.load(3229);
    await store.save(MEMORY);
    const stored = server.configMap(NAME);
    if (stored === undefined) throw new Error('nothing stored');
    server.put(PATH, {
      ...stored,
      metadata: { ...stored.metadata, labels: { a: 'b' } },
      data: { ...data(), note: 'x' },
    });
    await store.save(OTHER);
    expect(data()).toEqual({ 'state.json': encodeMemory(OTHER), note: 'x' });
    expect(server.configMap(NAME)?.metadata['labels']).toEqual({ a: 'b' });
  });

  it('is left to the replica that leads now', async () => {
    const store = newStore();
    await store.load(3229);
    await store.save(MEMORY);
    isHeld = false;
    const error = await failureOf(store.save(OTHER));
    expect(error).toMatchObject({ code: 'state-unwritable' });
    expect(error.message).toContain('this replica no longer leads the account');
    expect(data()).toEqual({ 'state.json': encodeMemory(MEMORY) });
  });

  it('is made again if someone deleted it', async () => {
    const store = newStore();
    await store.load(3229);
    await store.save(MEMORY);
    server.delete(PATH);
    await store.save(OTHER);
    expect(data()).toEqual({ 'state.json': encodeMemory(OTHER) });
  });

  it.each([
    ['that was cut off', '{"version":1,'],
    ['of another version', '{"version":2}'],
    ['of another account', encodeMemory(emptyMemory(1))],
  ])('%s is lost, told, and kept beside the next one', async (_, text) => {
    server.put(PATH, { metadata: { name: NAME }, data: { 'state.json': text } });
    const store = newStore();
    const { memory, lost } = await store.load(3229);
    expect(memory).toEqual(emptyMemory(3229));
    expect(lost).toContain(`the state in the ConfigMap ${NAME} is lost`);
    await store.save(MEMORY);
    expect(data()).toEqual({ 'state.json': encodeMemory(MEMORY), 'state.json.lost': text });
  });

  it('that the API does not return is lost for now, and is not overwritten unseen', async () => {
    server.put(PATH, { metadata: { name: NAME }, data: { 'state.json': encodeMemory(OTHER), note: 'x' } });
    const store = newStore();
    server.trouble = 'down';
    expect((await store.load(3229)).lost).toContain('cannot be read');
    const error = await failureOf(store.save(MEMORY));
    expect(error).toMatchObject({ code: 'state-unwritable' });
    server.trouble = null;
    await store.save(MEMORY);
    expect(data()).toEqual({ 'state.json': encodeMemory(MEMORY), note: 'x' });
  });

  it('is saved although an answer was lost on the way', async () => {
    const store = newStore();
    await store.load(3229);
    server.trouble = 'answers-lost';
    await failureOf(store.save(MEMORY));
    server.trouble = null;
    await store.save(OTHER);
    expect(data()).toEqual({ 'state.json': encodeMemory(OTHER) });
  });

  it('says which right it lacks', async () => {
    server.forbidden.add('create configmaps');
    const store = newStore();
    await store.load(3229);
    const error = await failureOf(store.save(MEMORY));
    expect(error.message).toContain('403');
    expect(error.remedy).toContain('docs/high-availability.md');
  });

  it('beyond what a ConfigMap holds, leaves out the oldest writes, and keeps what is contested', async () => {
    const written: readonly WrittenChange[] = Array.from({ length: 10_000 }, (_, index) => ({
      access: index,
      resource: { type: 'inbox' as const, id: index },
      after: 10 as const,
      writtenAt: [index],
      hasBeenInPlace: false,
      contestedSince: index < 100 ? index : null,
      triedAt: index,
    }));
    const store = newStore();
    await store.load(3229);
    await store.save({ ...MEMORY, written });
    const text = data()['state.json'] ?? '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(CONFIG_MAP_BYTES_MAX);
    const { memory, lost } = await newStore().load(3229);
    expect(lost).toBe(null);
    const newest = memory.written.length - 100;
    expect(memory).toEqual({ ...MEMORY, written: [...written.slice(0, 100), ...written.slice(-newest)] });
    // One more would not fit.
    const more = { ...memory, written: [...written.slice(0, 100), ...written.slice(-newest - 1)] };
    expect(Buffer.byteLength(encodeMemory(more))).toBeGreaterThan(CONFIG_MAP_BYTES_MAX);
    const before = server.requests.length;
    await store.save({ ...MEMORY, written });
    expect(server.requests).toHaveLength(before);
  });

  it('never leaves out a spent approval, or what stays held', async () => {
    const spent = Array.from({ length: 4_000 }, (_, index) => ({
      digest: `sha256:${String(index).padStart(64, '0')}`,
      until: Date.UTC(2999, 11, 31),
    }));
    const staying = Array.from({ length: 2_000 }, (_, access) => ({
      rule: 'gain-limit' as const,
      access,
      rows: [{ type: 'inbox' as const, id: access }],
      limit: { principals: 1, percent: null },
    }));
    const written = Array.from({ length: 5_000 }, () => WRITTEN);
    await newStore().save({ ...MEMORY, spent, staying, written });
    const { memory } = await newStore().load(3229);
    expect([memory.spent, memory.staying]).toEqual([spent, staying]);
    expect(memory.written.length).toBeLessThan(written.length);
    const more = [...spent, ...spent.map((one) => ({ ...one, until: one.until + 1_000 }))];
    const error = await failureOf(newStore().save({ ...MEMORY, spent: more, staying }));
    expect(error.code).toBe('state-unwritable');
  });

  it('leaves out the last ends before any write', async () => {
    const written = Array.from({ length: 3_500 }, (_, access) => ({ ...WRITTEN, access }));
    const knownEnds = Array.from({ length: 10_000 }, (_, index) => ({
      principal: index.toString(16).padStart(16, '0'),
      end: 1_000 * index,
      since: index,
    }));
    const store = newStore();
    await store.load(3229);
    await store.save({ ...MEMORY, written, knownEnds });
    const { memory } = await newStore().load(3229);
    expect(memory.written).toHaveLength(3_500);
    expect(memory.knownEnds.length).toBeGreaterThan(0);
    expect(memory.knownEnds.length).toBeLessThan(10_000);
    expect(memory.knownEnds).toEqual(knownEnds.slice(0, memory.knownEnds.length));
    const many = Array.from({ length: 9_000 }, (_, access) => ({ ...WRITTEN, access }));
    await store.save({ ...MEMORY, written: many, knownEnds });
    expect((await newStore().load(3229)).memory.knownEnds).toEqual([]);
  });

  it('beyond what a ConfigMap holds, leaves out accesses before anything else, and then no access is known to be new', async () => {
    const remembered = new Map(
      Array.from({ length: 20_000 }, (_, index) => [
        index,
        { access: index, emailHash: null, rowsHash: rowsHash([]), wasAccountAdmin: false },
      ]),
    );
    const written = Array.from({ length: 2_000 }, (_, index) => ({ ...WRITTEN, access: index }));
    await newStore().save({ ...MEMORY, written, remembered, remembersAll: true });
    const { memory } = await newStore().load(3229);
    expect(memory.written).toEqual(written);
    expect(memory.provenPairs).toEqual(MEMORY.provenPairs);
    expect(memory.remembersAll).toBe(false);
    expect(memory.remembered.size).toBeGreaterThan(10_000);
    expect([...memory.remembered.keys()]).toEqual([...remembered.keys()].slice(0, memory.remembered.size));
  });

  it('is not kept where even without them it is beyond what a ConfigMap holds', async () => {
    const provenPairs = Array.from({ length: 40_000 }, (_, index) => ({ access: index, tokenId: index }));
    for (const written of [[], [WRITTEN]]) {
      const error = await failureOf(newStore().save({ ...MEMORY, provenPairs, written }));
      expect(error.message).toContain(String(CONFIG_MAP_BYTES_MAX));
    }
    expect(server.requests).toEqual([]);
  });
});

describe('the record of a PUT that replaces rows', () => {
  const FOUND = { account: 3229, api: 'https://mailtrap.io', foundAt: 0, runId: 'run-1', accesses: [101] };

  it('has a key of its own beside the state, and goes without it', async () => {
    const store = newStore();
    await store.save(MEMORY);
    expect(await store.readPutReplaces(3229)).toBe(null);
    await store.savePutReplaces(FOUND);
    expect(Object.keys(data()).sort()).toEqual(['put-replaces.json', 'state.json']);
    await store.save(OTHER);
    expect(await newStore().readPutReplaces(3229)).toEqual(FOUND);
    expect((await newStore().load(3229)).memory).toEqual(OTHER);
    expect(await newStore().clearPutReplaces(3229)).toBe(true);
    expect(await newStore().clearPutReplaces(3229)).toBe(false);
    expect(Object.keys(data())).toEqual(['state.json']);
    expect((await newStore().load(3229)).memory).toEqual(OTHER);
  });

  it('fails the run if the cluster does not answer', async () => {
    const store = newStore();
    await server.close();
    await expect(store.readPutReplaces(3229)).rejects.toMatchObject({ code: 'cluster-unreachable' });
  });

  it('is not written by who no longer leads', async () => {
    isHeld = false;
    await expect(newStore().savePutReplaces(FOUND)).rejects.toMatchObject({ code: 'state-unwritable' });
  });
});
