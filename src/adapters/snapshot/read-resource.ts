import { isWritableType, type ResourceId, type ResourceType } from '../../core/domain/account/resource.ts';
import type { JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';

/** A resource by its type and id, as an object that was read already says it. */
export function readResourceId(reader: JsonReader, read: JsonObject, place: string): ResourceId {
  return {
    type: readType(reader, read['type'], `${place}.type`),
    id: reader.integer(read['id'], `${place}.id`),
  };
}

function readType(reader: JsonReader, value: unknown, place: string): ResourceType {
  const text = reader.text(value, place);
  if (isResourceType(text)) return text;
  if (typeof value === 'string') reader.report(place, `${JSON.stringify(text)} is no type of resource`);
  return 'other/';
}

function isResourceType(text: string): text is ResourceType {
  return (
    isWritableType(text as ResourceType) || text === 'organization' || text === 'templates' || text.startsWith('other/')
  );
}
