import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';

export const ADMIN = ADMIN_TOKEN;
export const PROJECT = 'simulator-project-token';

/** The access ids of the example account that tests speak of. */
export const OWNER = 5001;
export const ANN = 5004;
export const BOB = 5005;
export const JUDY = 5011;
export const CI = 5142;

/** A resource of the tree, in the older spelling or the newer. */
export interface Node {
  readonly type: string;
  readonly id: number;
  readonly name: string;
  readonly access_level: number;
  readonly resources: readonly Node[];
}

/** An account access as it is listed. */
export interface Access {
  readonly id: number;
  readonly specifier_type: string;
  readonly specifier: Readonly<Record<string, unknown>>;
  readonly resources: readonly { resource_type: string; resource_id: number; access_level: number }[];
  readonly permissions: Readonly<Record<string, boolean>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` where the body is no JSON. */
  readonly json: unknown;
}

export interface Request {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
}

/** Sends `METHOD /path`; the admin token and JSON unless told otherwise. */
export async function send(simulator: Simulator, call: string, request: Request = {}): Promise<Reply> {
  const [method = 'GET', path = '/'] = call.split(' ');
  const { token = ADMIN, headers = {}, body, text = body === undefined ? undefined : JSON.stringify(body) } = request;
  const response = await fetch(simulator.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === null ? {} : { 'Api-Token': token }),
      ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const received = await response.text();
  return { status: response.status, headers: response.headers, text: received, json: parsed(received) };
}

/** The bulk PUT of generation A. */
export function put(simulator: Simulator, access: number, ...permissions: readonly unknown[]): Promise<Reply> {
  return send(simulator, `PUT /api/accounts/3229/account_accesses/${access}/permissions/bulk`, {
    body: { permissions },
  });
}

/** One item of a bulk PUT. */
export function item(type: string, id: string | number, rest: object = { access_level: 'viewer' }): object {
  return { resource_type: type, resource_id: id, ...rest };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
