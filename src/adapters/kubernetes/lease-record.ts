import { asObject, type KubeObject } from './cluster.ts';

/** The fields of a Lease, and the object that they come from. */
export interface LeaseRecord {
  /** Null if no one leads. */
  readonly holder: string | null;
  /** How long the holder leads without a renewal, as it says itself; null if it says nothing. */
  readonly durationMs: number | null;
  readonly transitions: number;
  readonly acquireTime: string | null;
  readonly renewTime: string | null;
  readonly object: KubeObject;
}

/** What a leader writes into a Lease. */
export interface LeaseWrite {
  /** Null gives it back. */
  readonly holder: string | null;
  readonly durationMs: number;
  readonly transitions: number;
  /** ISO 8601. */
  readonly acquireTime: string;
  readonly renewTime: string;
}

/** Reads a Lease of coordination.k8s.io/v1. A field that is missing or of another type counts as absent. */
export function readLease(object: KubeObject): LeaseRecord {
  const spec = asObject(object['spec']);
  const holder = spec['holderIdentity'];
  const seconds = spec['leaseDurationSeconds'];
  const transitions = spec['leaseTransitions'];
  return {
    holder: typeof holder === 'string' && holder !== '' ? holder : null,
    durationMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null,
    transitions: typeof transitions === 'number' && Number.isSafeInteger(transitions) ? transitions : 0,
    acquireTime: textOf(spec['acquireTime']),
    renewTime: textOf(spec['renewTime']),
    object,
  };
}

/** Whether two readings are of the same record: no one renewed or took the Lease in between. */
export function isSameRecord(a: LeaseRecord, b: LeaseRecord): boolean {
  const facts = ({ holder, durationMs, transitions, acquireTime, renewTime }: LeaseRecord) =>
    JSON.stringify([holder, durationMs, transitions, acquireTime, renewTime]);
  return facts(a) === facts(b);
}

/** A Lease that does not exist yet. */
export function newLease(name: string, namespace: string, write: LeaseWrite): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace },
    spec: specOf(write),
  };
}

/** The same Lease with another spec. It keeps its resourceVersion, so the API refuses it if anyone wrote since. */
export function nextLease({ object }: LeaseRecord, write: LeaseWrite): KubeObject {
  return { ...object, spec: { ...asObject(object['spec']), ...specOf(write) } };
}

function specOf({ holder, durationMs, transitions, acquireTime, renewTime }: LeaseWrite): KubeObject {
  return {
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    leaseTransitions: transitions,
    acquireTime: microTime(acquireTime),
    renewTime: microTime(renewTime),
  };
}

/** Kubernetes wants six digits of a second. */
function microTime(iso: string): string {
  return iso.replace(/\.(\d{3})Z$/, '.$1000Z');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
