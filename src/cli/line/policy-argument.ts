import type { ArgumentSpec } from './command.ts';

export const POLICY_ARGUMENT: ArgumentSpec = {
  name: '[POLICY]',
  says: 'the policy file (then GRANTD_POLICY, then ./policy.yaml); - reads standard input',
};
