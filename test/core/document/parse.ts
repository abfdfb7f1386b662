import { toData } from '../../../src/core/document/document-node.ts';
import { type ParsedDocument, parseDocument } from '../../../src/core/document/parse-document.ts';

export function parse(text: string): ParsedDocument {
  return parseDocument({ file: 'a.yaml', text });
}

/** `code line:column+length` of each problem. */
export function found(text: string): readonly string[] {
  return parse(text).problems.kept.map(({ code, at }) => `${code} ${at.line}:${at.column}+${at.length}`);
}

/** The plain data of a text that has a root. */
export function data(text: string): unknown {
  const { root } = parse(text);
  return root && toData(root);
}
