import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { appendGrants } from './append-grants.ts';
import { dropEntries } from './drop-entries.ts';
import { spliced, toEditable } from './editable.ts';
import type { SourceText } from './source-text.ts';

/** A text after its edits, and the edits that the text gives no safe way to make. */
export interface EditedText {
  readonly text: string;
  readonly undone: readonly PolicyEdit[];
}

/** Makes edits in the text of a valid policy. Every other byte stays, including comments and order. */
export function editPolicy(source: SourceText, edits: readonly PolicyEdit[]): EditedText {
  const editable = toEditable(source);
  if (editable === null) return { text: source.text, undone: edits };
  const { splices, undone } = dropEntries(
    edits.filter((edit) => edit.kind === 'drop'),
    editable,
  );
  const added = edits.flatMap((edit) => (edit.kind === 'add-grants' ? appendGrants(edit, editable) : []));
  return { text: spliced(source.text, [...splices, ...added]), undone };
}
