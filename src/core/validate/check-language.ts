import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { PolicyDraft } from './read-policy.ts';

/** `paused` ends the file, so that a file that is cut off somewhere is invalid, wherever that is. */
export function checkPausedLast({ root }: PolicyDraft): readonly Problem[] {
  const paused = root.entries.find(({ key }) => key === 'paused');
  const last = root.entries.at(-1);
  if (!paused || !last || paused === last) return [];
  const message = `\`paused\` must be the last key of the file, and \`${last.key}\` follows it`;
  return [
    errorAt(paused.keyAt, 'paused-not-last', message, 'move the line to the end: a file that is cut off then lacks it'),
  ];
}

/** Unlisted principals lose access only where grantd may take access away at all. */
export function checkUnlisted({ policy }: PolicyDraft): readonly Problem[] {
  const { answer, at } = policy.unlisted;
  if (answer !== 'revoke' || policy.mode === 'authoritative') return [];
  const message = `\`unlisted: revoke\` needs mode authoritative; mode ${policy.mode} takes nothing away`;
  return [errorAt(at, 'revoke-needs-authoritative', message, 'write `unlisted: keep`, or change the mode')];
}
