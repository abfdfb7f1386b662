/** How many principals a plan affects, for its first line. */
export interface PlanCounts {
  /**
   * Principals that gain, that lose (some of them also gain), and that keep what they have. `notInPolicy` counts everyone
   * else in the account: the unlisted, but also owners, tokens and members without access.
   */
  readonly gain: number;
  readonly lose: number;
  readonly untouched: number;
  readonly notInPolicy: number;
  readonly leftBehind: LeftBehind;
}

/** The users and invites, counted by e-mail, whom no begun grant names and whose rows the policy leaves. */
export interface LeftBehind {
  readonly principals: number;
  /** Those that give access. */
  readonly rows: number;
  /** Whether `unlisted` leaves everyone, or those whose e-mail none of its patterns fits. */
  readonly by: 'keep' | 'patterns';
  /** Of the principals: those who keep something only because a grant that gives it begins soon. */
  readonly shielded: number;
}
