import type { ApiToken } from '../../../core/domain/account/actual-state.ts';
import { decodeRows } from './decode-rows.ts';
import { at, decodeList, fieldsOf, inRecord, integerOf, misfit, textOf, WireMisfit } from './shape.ts';

const OWN_DIGITS = 4;

/** A date with a time and an offset: anything else would be read by guessing. */
const ISO_MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Turns the list of API tokens (documented) into domain values. The list identifies the calling token by its last four
 * digits. If another token ends in the same ones, both count as the caller's, so that grantd writes neither.
 */
export function decodeApiTokens(body: unknown, callingToken: string): readonly ApiToken[] {
  const seen = new Set<number>();
  return decodeList(body, (item) => {
    const token = decodeApiToken(item, callingToken.slice(-OWN_DIGITS));
    if (seen.has(token.tokenId)) throw new WireMisfit('.id', `API token ${token.tokenId} is listed twice`);
    seen.add(token.tokenId);
    return token;
  });
}

function decodeApiToken(item: unknown, ownDigits: string): ApiToken {
  const fields = fieldsOf(item);
  const tokenId = integerOf(fields['id'], '.id');
  return inRecord(`API token ${tokenId}`, () => ({
    tokenId,
    name: textOf(fields['name'], '.name'),
    rows: at(fields, 'resources', (value) => decodeRows(value, new Set(), rowIdOf)),
    expiresAt: at(fields, 'expires_at', decodeMoment),
    isOwnToken: fields['last_4_digits'] === ownDigits,
  }));
}

/** An integer, or the same in digits: the documentation of this list allows both. */
function rowIdOf(value: unknown, place: string): number {
  const isDigits = typeof value === 'string' && /^(?:0|[1-9]\d{0,15})$/.test(value);
  return integerOf(isDigits ? Number(value) : value, place);
}

function decodeMoment(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') throw misfit('a date', value);
  const moment = ISO_MOMENT.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(moment))
    throw new WireMisfit('', 'expected a date with time and offset (ISO 8601), got another string');
  return moment;
}
