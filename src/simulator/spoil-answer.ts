import type { Answer } from './answer.ts';
import { isJsonObject } from './api-call.ts';
import type { FaultEffect } from './fault.ts';
import { keptType, resourceKey } from './resource-type.ts';

/** Turns the body of a success into what a fault makes of it; other answers and other faults leave it as it is. */
export function spoilAnswer(answer: Answer, fault: FaultEffect): Answer {
  if (answer.status !== 200) return answer;
  switch (fault.kind) {
    case 'truncated': {
      const bytes = Buffer.from(answer.body);
      return { ...answer, body: bytes.subarray(0, fault.bytes ?? bytes.length >> 1).toString() };
    }
    case 'shape':
      return withJson(answer, (value) => misshape(value, fault.shape));
    case 'emptied':
      return withJson(answer, (value) => (Array.isArray(value) ? [] : value));
    case 'hidden':
      return withJson(answer, (value) => withoutNode(value, resourceKey(fault.type, fault.id)));
    default:
      return answer;
  }
}

function withJson(answer: Answer, change: (value: unknown) => unknown): Answer {
  try {
    return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) };
  } catch {
    // Another fault made it something else than JSON already.
    return answer;
  }
}

function misshape(value: unknown, shape: Extract<FaultEffect, { kind: 'shape' }>['shape']): unknown {
  switch (shape) {
    case 'object':
      return Array.isArray(value) ? { data: value } : value;
    case 'list':
      return Array.isArray(value) ? value : [value];
    case 'null':
      return null;
    case 'string-id':
      return withStringIds(value);
  }
}

function withStringIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStringIds);
  if (!isJsonObject(value)) return value;
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
    .filter((node) => !(isJsonObject(node) && keyOfNode(node) === key))
    .map((node) =>
      isJsonObject(node) && 'resources' in node && 'type' in node
        ? { ...node, resources: withoutNode(node['resources'], key) }
        : node,
    );
}

function keyOfNode({ type, id }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof type === 'string' && typeof id === 'number' ? resourceKey(keptType(type), id) : undefined;
}
