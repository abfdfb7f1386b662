import type { Answer } from './answer.ts';
import { isRequestObject } from './api-call.ts';
import type { FaultEffect } from './fault.ts';
import { keptType, typedId } from './resource-type.ts';

/** Applies a fault to the body of a success. Other answers stay as they are, and other faults do nothing here. */
export function spoilAnswer(answer: Answer, fault: FaultEffect): Answer {
  if (answer.status !== 200) return answer;
  switch (fault.kind) {
    case 'truncated': {
      const bytes = Buffer.from(answer.body);
      return { ...answer, body: bytes.subarray(0, fault.bytes ?? bytes.length >> 1).toString() };
    }
    case 'shape':
      return withJson(answer, (value) => misshape(value, fault));
    case 'emptied':
      return withJson(answer, (value) => (Array.isArray(value) ? [] : value));
    case 'hidden':
      return withJson(answer, (value) => withoutNode(value, typedId(fault.type, fault.id)));
    default:
      return answer;
  }
}

function withJson(answer: Answer, change: (value: unknown) => unknown): Answer {
  try {
    return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) };
  } catch {
    // Another fault already turned it into something that is not JSON.
    return answer;
  }
}

function misshape(value: unknown, { shape, access }: Extract<FaultEffect, { kind: 'shape' }>): unknown {
  switch (shape) {
    case 'object':
      return Array.isArray(value) ? { data: value } : value;
    case 'list':
      return Array.isArray(value) ? value : [value];
    case 'null':
      return null;
    case 'string-id':
      return withStringIds(value);
    case 'no-email':
      return withAccesses(value, access, ({ specifier }) => ({ specifier: { ...Object(specifier), email: null } }));
    case 'unknown-kind':
      return withAccesses(value, access, () => ({ specifier_type: 'Robot' }));
    case 'two-levels':
      return withAccesses(value, access, () => ({ resources: [10, 100].map(projectRow) }));
  }
}

/** Only account accesses have `specifier_type`, so no other list changes. */
function withAccesses(
  value: unknown,
  id: number | undefined,
  change: (access: Readonly<Record<string, unknown>>) => object,
): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) =>
    isRequestObject(item) && 'specifier_type' in item && (id === undefined || item['id'] === id)
      ? { ...item, ...change(item) }
      : item,
  );
}

function projectRow(level: number): object {
  return { resource_type: 'project', resource_id: 1, access_level: level };
}

function withStringIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStringIds);
  if (!isRequestObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      name === 'id' && typeof field === 'number' ? String(field) : withStringIds(field),
    ]),
  );
}

/** Only nodes of the tree have `type` and `id`, so no other list loses anything. */
function withoutNode(value: unknown, key: string): unknown {
  if (!Array.isArray(value)) return value;
  return value
    .filter((node) => !(isRequestObject(node) && keyOfNode(node) === key))
    .map((node) =>
      isRequestObject(node) && 'resources' in node && 'type' in node
        ? { ...node, resources: withoutNode(node['resources'], key) }
        : node,
    );
}

function keyOfNode({ type, id }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof type === 'string' && typeof id === 'number' ? typedId(keptType(type), id) : undefined;
}
