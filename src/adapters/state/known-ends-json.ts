import { KNOWN_ENDS_MOST, type KnownEnd } from '../../core/domain/account/known-ends.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';
import { readMatch, readStateMoment } from './read-values.ts';

/** The principals of one end that have been known since the same moment. */
interface KnownEndsJson {
  readonly end: string;
  readonly since: string;
  readonly principals: string[];
}

/** The known ends as JSON. Those with the same two moments are one entry, since many people often share an end. */
export function knownEndsJson(known: readonly KnownEnd[]): readonly KnownEndsJson[] {
  const groups = new Map<string, KnownEndsJson>();
  for (const { principal, end, since } of known) {
    const key = `${end} ${since}`;
    const group = groups.get(key) ?? { end: instantText(end), since: instantText(since), principals: [] };
    group.principals.push(principal);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const HASH = /^[0-9a-f]{16}$/;

/** Reads what `knownEndsJson` made, and reports what it is not. */
export function readKnownEnds(reader: JsonReader, value: unknown, place: string): readonly KnownEnd[] {
  const known = reader
    .list(value, place, (item, at) => {
      const read = reader.object(item, at, ['end', 'since', 'principals']);
      const end = readStateMoment(reader, read['end'], `${at}.end`);
      const since = readStateMoment(reader, read['since'], `${at}.since`);
      return reader.list(read['principals'], `${at}.principals`, (hash, one): KnownEnd => {
        return { principal: readMatch(reader, hash, one, HASH), end, since };
      });
    })
    .flat();
  if (known.length > KNOWN_ENDS_MOST) reader.report(place, `has over ${KNOWN_ENDS_MOST} principals`);
  return known;
}
