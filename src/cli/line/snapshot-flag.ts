import type { FlagSpec } from './command.ts';

export const SNAPSHOT_FLAG: FlagSpec = {
  flags: '--snapshot <FILE>',
  says: 'judge by a saved snapshot instead of the account: no network',
};
