import { didYouMean } from '../../core/document/suggest.ts';
import { type Kind, shown } from './kinds.ts';

/** A zone of the IANA database by its name, as far as this Node knows it. No offset: it would ignore summer time. */
export function timeZone(): Kind<string> {
  return {
    placeholder: 'ZONE',
    schema: { type: 'string', minLength: 1 },
    read: (text) => {
      if (/^[A-Za-z]/.test(text) && isKnown(text)) return { value: text };
      return { misfit: `${shown(text)} is no time zone that is known here`, remedy: remedyFor(text) };
    },
  };
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Zones of the same first letter: a suggestion looks at so many words only. */
function remedyFor(text: string): string {
  const first = text.slice(0, 1).toLowerCase();
  const near = Intl.supportedValuesOf('timeZone').filter((zone) => zone.toLowerCase().startsWith(first));
  return didYouMean(text, near, 'write a name of the IANA database, such as Etc/UTC or Europe/Berlin');
}
