/** The conditions of an account, in the order in which they are told. */
export const CONDITION_TYPES = ['Ready', 'Reconciling', 'Stalled', 'Held', 'Paused'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/**
 * Every reason of a condition, with one line on what it means, which is also its message where names are left out. The
 * list is closed: docs/http.md has a row for each, and a test compares both ways.
 */
export const CONDITION_REASONS = {
  Succeeded: 'the last run left nothing to write',
  Observed: 'the last run did all that the policy asks: it only observes',
  StandingBy: 'another replica writes to the account',
  LeaseUnknown: 'nobody knows which replica writes to the account, and it is only read here',
  FileLagsBehind: 'the policy file holds what was superseded already, and is waited for',
  Starting: 'no policy has been read since the start',
  PolicyInvalid: 'the policy file holds an invalid text',
  PolicyUnreadable: 'the policy file cannot be read',
  AccountConflict: 'the policy file is refused for the account that it names',
  NewRevision: 'no run has ended yet by the newest text of the policy',
  RunFailed: 'the last run failed, and wrote nothing',
  PartlyWritten: 'the last run did not write everything',
  RunsFail: 'runs fail again and again',
  RunOverdue: 'the run under way is past its deadline',
  GuardsHold: 'guards hold a part of the plan',
  NothingHeld: 'guards hold nothing',
  Running: 'a run is under way',
  Retrying: 'the last run is to be tried again',
  Idle: 'nothing is under way',
  Progressing: 'runs go on',
  PolicySaysSo: 'the policy is paused: nothing is written',
  NotPaused: 'the policy is not paused',
} as const;

export type ConditionReason = keyof typeof CONDITION_REASONS;
