/** The conditions of an account, in the order in which grantd reports them. */
export const CONDITION_TYPES = ['Ready', 'Reconciling', 'Stalled', 'Held', 'Paused'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/**
 * Every reason of a condition, with one line on what it means. The line is also the message if names are left out. The
 * list is closed: docs/http.md has a row for each, and a test compares both ways.
 */
export const CONDITION_REASONS = {
  Succeeded: 'the last run left nothing to write',
  Observed: 'the policy only observes, and the last run did so',
  StandingBy: 'another replica writes to the account',
  LeaseUnknown: 'this replica cannot find out which replica leads the account, and only reads it',
  FileLagsBehind: 'the policy file holds a superseded version, and grantd waits for a newer one',
  Starting: 'grantd has not read a policy since the start',
  PolicyInvalid: 'the policy file is invalid',
  PolicyUnreadable: 'grantd cannot read the policy file',
  AccountConflict: 'grantd refuses the policy file because of the account that it names',
  NewRevision: 'no run with the newest version of the policy has ended yet',
  RunFailed: 'the last run failed, and wrote nothing',
  PartlyWritten: 'the last run did not write everything',
  StorageUnwritable: 'grantd cannot write its state or its audit log, for example because the disk is full',
  RunsFail: 'runs fail again and again',
  PutReplaces: 'someone has to look at what a PUT did',
  RunOverdue: 'the run under way is past its deadline',
  GuardsHold: 'guards hold a part of the plan',
  ChangesDeferred:
    'changes wait because something that they rely on is in doubt, or a name of the policy matches no resource',
  NothingHeld: 'guards hold nothing',
  Running: 'a run is under way',
  Retrying: 'grantd will retry the last run',
  Idle: 'nothing is under way',
  Progressing: 'runs go on',
  PolicyPaused: 'the policy is paused: nothing is written',
  NotPaused: 'the policy is not paused',
} as const;

export type ConditionReason = keyof typeof CONDITION_REASONS;
