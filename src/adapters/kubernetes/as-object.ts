import type { KubeObject } from './cluster.ts';

/** A part of an object of the API, of which nothing is known; empty where it is none. */
export function asObject(value: unknown): KubeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
