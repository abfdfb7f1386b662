import type { PrincipalName } from '../../src/core/domain/account/principal.ts';
import type { ResourceType } from '../../src/core/domain/account/resource.ts';
import type { LoggedRequest } from '../../src/simulator/request-log.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { keyOf, type RowMap } from './oracle.ts';
import { fromWire } from './wire-types.ts';

/** What one account access holds, as the simulator itself knows it, in the domain's words. */
export interface Holder {
  readonly access: number;
  readonly kind: 'User' | 'Invite' | 'ApiToken';
  /** As the account spells it. */
  readonly who: string;
  readonly name: PrincipalName;
  readonly rows: RowMap;
}

/** Who holds what at one moment, by account access id. */
export type Snapshot = ReadonlyMap<number, Holder>;

/** What everybody holds now, whatever stale reads show. */
export function snapshotOf(simulator: Simulator): Snapshot {
  return new Map(
    simulator.state().accesses.map(({ access, kind, who, rows }): [number, Holder] => {
      const name = kind === 'ApiToken' ? { token: who } : { email: who.toLowerCase() };
      const held: RowMap = new Map(rows.map(({ type, id, level }) => [keyOf({ type: fromWire(type), id }), level]));
      return [access, { access, kind, who, name, rows: held }];
    }),
  );
}

/** One row of a PUT: the level that it sets, 0 to remove it. */
export interface SentRow {
  readonly key: string;
  readonly type: ResourceType;
  readonly id: number;
  readonly level: number;
}

/** The bulk PUT that a logged request was, as it stands on the wire. */
export function sentPut({ path, body }: LoggedRequest): { readonly access: number; readonly rows: readonly SentRow[] } {
  const { permissions } = body as {
    permissions: readonly { resource_type: ResourceType; resource_id: string; access_level?: string }[];
  };
  const rows = permissions.map(({ resource_type: type, resource_id: id, access_level: level }): SentRow => {
    const resource = { type: fromWire(type), id: Number(id) };
    return { ...resource, key: keyOf(resource), level: level === undefined ? 0 : level === 'admin' ? 100 : 10 };
  });
  return { access: Number(/account_accesses\/(\d+)/.exec(path)?.[1]), rows };
}
