import type { Call, FlagSpec } from './command.ts';

/** `--format`, with the first format as its default. */
export function formatFlag(...formats: readonly string[]): FlagSpec {
  return {
    flags: '--format <FORMAT>',
    says: `what to print (default: ${formats[0]}); JSON is stable and versioned`,
    choices: formats,
  };
}

export function textFlag({ flags }: Pick<Call, 'flags'>, name: string): string | undefined {
  const value = flags.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** The values of a flag that may be repeated, in their order. */
export function listFlag({ flags }: Pick<Call, 'flags'>, name: string): readonly string[] {
  const value = flags.get(name);
  return typeof value === 'object' ? value : [];
}

/** A value as every JSON output is laid out. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
