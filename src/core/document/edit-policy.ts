import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { appendGrants } from './append-grants.ts';
import { dropEntries } from './drop-entries.ts';
import { spliced, toEditable } from './editable.ts';
import type { IncludedText, PolicyTexts, SourceText } from './source-text.ts';

/** A policy after its edits, and the edits that its texts give no safe way to make. */
export interface EditedPolicy {
  readonly source: PolicyTexts;
  readonly undone: readonly PolicyEdit[];
}

/**
 * Makes edits in the texts of a valid policy: each where its place is, and new grants in the root file. Every other byte stays,
 * including comments and order.
 */
export function editPolicy(source: PolicyTexts, edits: readonly PolicyEdit[]): EditedPolicy {
  const undone: PolicyEdit[] = [];
  const edited = (one: SourceText): string => {
    const own = edits.filter((edit) => (edit.kind === 'drop' ? edit.at.file : source.file) === one.file);
    const made = own.length === 0 ? { text: one.text, undone: [] } : editText(one, own);
    undone.push(...made.undone);
    return made.text;
  };
  const root = { ...source, text: edited(source) };
  if (source.included === undefined) return { source: root, undone };
  const included = source.included.map(
    (one): IncludedText => ('source' in one ? { ...one, source: { ...one.source, text: edited(one.source) } } : one),
  );
  return { source: { ...root, included }, undone };
}

/** The texts of two versions of a policy that differ, by the path of the file under `include`. Null: the root file. */
export function changedTexts(
  old: PolicyTexts,
  next: PolicyTexts,
): readonly { readonly path: string | null; readonly file: string; readonly text: string }[] {
  const before = new Map(textsOf(old).map(({ file, text }) => [file, text]));
  return textsOf(next).filter(({ file, text }) => before.get(file) !== text);
}

function textsOf({ file, text, included = [] }: PolicyTexts) {
  return [
    { path: null, file, text },
    ...included.flatMap((one) => ('source' in one ? [{ path: one.path, ...one.source }] : [])),
  ];
}

function editText(
  source: SourceText,
  edits: readonly PolicyEdit[],
): { readonly text: string; readonly undone: readonly PolicyEdit[] } {
  const editable = toEditable(source);
  if (editable === null) return { text: source.text, undone: edits };
  const { splices, undone } = dropEntries(
    edits.filter((edit) => edit.kind === 'drop'),
    editable,
  );
  const added = edits.flatMap((edit) => (edit.kind === 'add-grants' ? appendGrants(edit, editable) : []));
  return { text: spliced(source.text, [...splices, ...added]), undone };
}
