import { dirname, isAbsolute, join } from 'node:path';
import type { SchemaCheck } from '../../core/document/check-schema.ts';
import { type DocumentNode, valueAt } from '../../core/document/document-node.ts';
import { parseDocument } from '../../core/document/parse-document.ts';
import { clippedProblem, type Problem, placeText } from '../../core/domain/text/problem.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { SETTING_KEYS, type SettingKey } from './settings-table.ts';

/** A settings file as text; `named` is false for one that was merely found where grantd looks for it. */
export interface SettingsFile {
  readonly file: string;
  readonly text: string;
  readonly named: boolean;
}

/** One value of a settings file, as it is spelled, and its place. */
export interface WrittenSetting {
  readonly text: string;
  readonly where: string;
}

/** One entry of `accounts` as it is spelled, and its place. */
export interface WrittenAccount {
  readonly policy: WrittenSetting;
  readonly tokenFile: WrittenSetting;
  readonly where: string;
}

export interface ReadSettings {
  readonly written: ReadonlyMap<SettingKey, WrittenSetting>;
  /** Null where the file has none. */
  readonly accounts: readonly WrittenAccount[] | null;
  readonly problems: readonly SettingsProblem[];
}

/** Reads a settings file as far as its shape goes; what a value means is judged together with the other sources. */
export function readWrittenSettings(source: SettingsFile, check: SchemaCheck): ReadSettings {
  const { root, problems } = parseDocument(source);
  const all: readonly Problem[] = root === null ? problems : [...problems, ...check(root)];
  // A file in which every line is commented out says nothing, and that is fine.
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

/** A path in a settings file is meant from where that file is, wherever grantd is started. */
export function besideFile(path: string, file: string): string {
  return path === '-' || isAbsolute(path) ? path : join(dirname(file), path);
}
