import { dirname, isAbsolute, join } from 'node:path';
import type { SchemaCheck } from '../../core/document/check-schema.ts';
import { type DocumentNode, valueAt } from '../../core/document/document-node.ts';
import { parseDocument } from '../../core/document/parse-document.ts';
import { clippedProblem, type Problem, placeText } from '../../core/domain/text/problem.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { SETTING_KEYS, type SettingKey } from './settings-table.ts';

/** A settings file as text. `named` is false for a file that grantd found by itself where it looks for one. */
export interface SettingsFile {
  readonly file: string;
  readonly text: string;
  readonly named: boolean;
}

/** One value of a settings file as written, and its place. */
export interface WrittenSetting {
  readonly text: string;
  readonly where: string;
}

/** One entry of `accounts` as written, and its place. */
export interface WrittenAccount {
  readonly policy: WrittenSetting;
  readonly tokenFile: WrittenSetting;
  readonly where: string;
}

/** The contents of a settings file, before the values are judged. */
export interface ReadSettings {
  readonly written: ReadonlyMap<SettingKey, WrittenSetting>;
  /** Null if the file has no `accounts`. */
  readonly accounts: readonly WrittenAccount[] | null;
  readonly problems: readonly SettingsProblem[];
}

/** Reads a settings file and checks its shape. `resolveSettings` judges the values, together with the other sources. */
export function readWrittenSettings(source: SettingsFile, check: SchemaCheck): ReadSettings {
  const { root, problems } = parseDocument(source);
  const all: readonly Problem[] = root === null ? problems.kept : [...problems.kept, ...check(root)];
  // A file in which every line is commented out is fine: it sets nothing.
  const found = all.filter(({ code }) => code !== 'empty-file');
  const sound = found.length > 0 ? null : root;
  return {
    written: valuesOf(sound),
    accounts: accountsOf(sound),
    problems: found.map(clippedProblem).map(({ at, code, message, remedy }) => ({
      where: placeText(at),
      message: `${message} (${code})`,
      remedy,
    })),
  };
}

function valuesOf(root: DocumentNode | null): ReadonlyMap<SettingKey, WrittenSetting> {
  const values = new Map<SettingKey, WrittenSetting>();
  for (const key of SETTING_KEYS) {
    const value = writtenAt(root, key);
    if (value) values.set(key, value);
  }
  return values;
}

function accountsOf(root: DocumentNode | null): readonly WrittenAccount[] | null {
  const list = valueAt(root, 'accounts');
  if (list?.kind !== 'list') return null;
  return list.items.flatMap((item) => {
    const policy = writtenAt(item, 'policy');
    const tokenFile = writtenAt(item, 'tokenFile');
    return policy && tokenFile ? [{ policy, tokenFile, where: placeText(item.at) }] : [];
  });
}

function writtenAt(map: DocumentNode | null, key: string): WrittenSetting | undefined {
  const value = valueAt(map, key);
  return value?.kind === 'scalar' ? { text: String(value.value), where: placeText(value.at) } : undefined;
}

/** Resolves a path of a settings file from the directory of the file, wherever grantd was started. */
export function besideFile(path: string, file: string): string {
  return path === '-' || isAbsolute(path) ? path : join(dirname(file), path);
}
