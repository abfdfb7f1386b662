import { COMMAND_LOADERS } from './command-loaders.ts';
import type { Command } from './line/command.ts';

/** Every command of this version, in the order of the help. */
export const COMMANDS: readonly Command[] = await Promise.all([...COMMAND_LOADERS.values()].map((load) => load()));
