import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { appendGrants } from './append-grants.ts';
import { cutEntries } from './cut-entries.ts';
import { dropEntries } from './drop-entries.ts';
import { type Splice, spliced, toEditable } from './editable.ts';
import { setEnds } from './set-ends.ts';
import { type EditedLines, shownEdit } from './shown-edit.ts';
import type { IncludedText, PolicyTexts, SourceText } from './source-text.ts';

/** A policy after its edits, and the edits that its texts give no safe way to make. */
export interface EditedPolicy {
  readonly source: PolicyTexts;
  readonly lines: readonly EditedFile[];
  readonly undone: readonly PolicyEdit[];
}

/** The lines of one file that edits change. */
export interface EditedFile {
  readonly file: string;
  readonly lines: readonly EditedLines[];
}

/**
 * Makes edits in the texts of a valid policy: each where its place is, and new grants in the root file. Every other byte stays,
 * including comments and order.
 */
export function editPolicy(source: PolicyTexts, edits: readonly PolicyEdit[]): EditedPolicy {
  const undone: PolicyEdit[] = [];
  const lines: EditedFile[] = [];
  const edited = (one: SourceText): string => {
    const own = edits.filter((edit) => fileOf(edit, source) === one.file);
    const made = own.length === 0 ? { splices: [], undone: [] } : editText(one, own);
    undone.push(...made.undone);
    if (made.splices.length > 0) lines.push({ file: one.file, lines: shownEdit(one.text, made.splices) });
    return spliced(one.text, made.splices);
  };
  const root = { ...source, text: edited(source) };
  if (source.included === undefined) return { source: root, lines, undone };
  const included = source.included.map(
    (one): IncludedText => ('source' in one ? { ...one, source: { ...one.source, text: edited(one.source) } } : one),
  );
  return { source: { ...root, included }, lines, undone };
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

/** New grants and ends belong to the root file. */
function fileOf(edit: PolicyEdit, { file }: SourceText): string {
  return edit.kind === 'drop' || edit.kind === 'cut' ? edit.at.file : file;
}

function editText(
  source: SourceText,
  edits: readonly PolicyEdit[],
): { readonly splices: readonly Splice[]; readonly undone: readonly PolicyEdit[] } {
  const editable = toEditable(source);
  if (editable === null) return { splices: [], undone: edits };
  const dropped = dropEntries(
    edits.filter((edit) => edit.kind === 'drop'),
    editable,
  );
  const added = edits.flatMap((edit) => (edit.kind === 'add-grants' ? appendGrants(edit, editable) : []));
  const cuts = edits.filter((edit) => edit.kind === 'cut');
  const cut = cuts.length === 0 ? [] : cutEntries(cuts, editable);
  const ends = edits.filter((edit) => edit.kind === 'set-ends');
  const set = ends.map((edit) => setEnds(edit, editable));
  const undone = [...(cut === null ? cuts : []), ...ends.filter((_, index) => set[index] === null)];
  return {
    splices: [...dropped.splices, ...added, ...(cut ?? []), ...set.flatMap((some) => some ?? [])],
    undone: [...dropped.undone, ...undone],
  };
}
