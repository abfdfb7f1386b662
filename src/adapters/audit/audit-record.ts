import { createHash } from 'node:crypto';
import type { ChangeCause } from '../../core/domain/plan/change-cause.ts';
import type { Json } from '../../core/domain/text/canonical-json.ts';
import { canonicalJson } from '../../core/domain/text/canonical-json.ts';

/** The version of the format; another one means another shape. */
export const AUDIT_VERSION = 1;

/** Takes the place of a previous hash in the first record. */
export const NO_HASH = '0'.repeat(64);

/** grantd neither writes nor reads a longer line. */
export const LINE_BYTES_MAX = 4 * 2 ** 20;

/** A line of the policy. */
export type AuditLineJson = { readonly file: string; readonly line: number };
export type AuditNamedLineJson = AuditLineJson & { readonly name: string };

/** A level: its word, null for no row, and its number if the level is undocumented. */
export type AuditLevelJson = 'viewer' | 'viewer+' | 'admin' | 'owner' | number | null;

export type AuditCauseJson =
  | (AuditLineJson & {
      readonly kind: 'grant' | 'ended';
      readonly resource: string;
      readonly level: 'viewer' | 'admin';
      readonly role: AuditNamedLineJson | null;
      readonly groups: readonly AuditNamedLineJson[];
      readonly otherPaths: number;
      readonly reason: string | null;
      readonly until: string | null;
      readonly endedBy: AuditLineJson | null;
    })
  | (AuditLineJson & { readonly kind: 'not-granted'; readonly groups: readonly AuditNamedLineJson[] })
  /** `stranger` is what 0.1.0 wrote for `unlisted`. grantd still reads it, and writes it no more. */
  | (AuditLineJson & { readonly kind: 'unlisted' | 'offboarded' | 'stranger' });

export type AuditPrincipalJson =
  | { readonly kind: 'user' | 'invite'; readonly email: string }
  | { readonly kind: 'token'; readonly name: string; readonly tokenId: number };

/** One row of a PUT. */
export type AuditRowJson = {
  readonly kind: 'create' | 'raise' | 'lower' | 'remove';
  readonly resource: { readonly type: string; readonly id: number; readonly label: string };
  readonly before: AuditLevelJson;
  readonly after: AuditLevelJson;
  readonly why: readonly AuditCauseJson[];
  /** What brought the change about. Left out where grantd had no memory of the account. */
  readonly cause?: ChangeCause;
};

/** A row that a PUT does not name. */
export type AuditUnnamedJson = Pick<AuditRowJson, 'resource'> & { readonly level: AuditLevelJson };

/** The intent that a record is about. The hash distinguishes it from one of the same number in an earlier file. */
export type IntentRef = { readonly seq: number; readonly hash: string };

/** An approval that lets rows of a PUT pass: an entry of the policy of that revision, or `--approve` by a user of the system. */
export type AuditApprovalJson = {
  readonly digest: string;
  readonly by:
    | (AuditLineJson & { readonly kind: 'policy'; readonly until: string })
    | { readonly kind: 'by-hand'; readonly user: string | null };
};

export type IntentBody = {
  readonly kind: 'intent';
  readonly runId: string;
  readonly access: number;
  readonly principal: AuditPrincipalJson;
  readonly revision: { readonly sha256: string; readonly commit: string | null } | null;
  readonly planDigest: string;
  readonly rows: readonly AuditRowJson[];
  /** Left out if no row needed an approval, and by 0.1.0. */
  readonly approvals?: readonly AuditApprovalJson[];
  /** The rows that the PUT leaves unnamed, if it was not proven yet that such rows stay. 0.1.0 never wrote it. */
  readonly unnamed?: readonly AuditUnnamedJson[];
  /** Who may have caused the drift that the PUT undoes, in Mailtrap's words. Never a proof. 0.1.0 never wrote it. */
  readonly hints?: readonly string[];
};

export type OutcomeBody = {
  readonly kind: 'outcome';
  readonly intent: IntentRef;
  readonly runId: string;
  readonly access: number;
  readonly sent: 'answered' | 'failed';
  /** Of the answer; null if none came. */
  readonly status: number | null;
  readonly requestId: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly mayHaveTakenEffect: boolean;
};

export type UnknownBody = {
  readonly kind: 'unknown';
  readonly intent: IntentRef;
  readonly runId: string;
  readonly access: number;
};

export type RepairedBody = {
  readonly kind: 'repaired';
  /** Beside the log, by its name alone. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
};

export type RecordBody = IntentBody | OutcomeBody | UnknownBody | RepairedBody;

/** Who wrote a record: a process, and which opening of the log by it. */
export type Writer = { readonly host: string; readonly pid: number; readonly id: string };

/** What every record has besides its hash. `open` lists the intents without outcome, this record included. */
export type RecordHead = {
  readonly version: typeof AUDIT_VERSION;
  readonly seq: number;
  readonly prev: string;
  readonly time: string;
  readonly account: number;
  readonly writer: Writer;
  readonly open: readonly number[];
};

export type Unhashed<B extends RecordBody = RecordBody> = RecordHead & B;
export type AuditRecord<B extends RecordBody = RecordBody> = Unhashed<B> & { readonly hash: string };

/** The line of a record, its line end included, and its hash. */
export function encodeRecord(record: Unhashed): { readonly line: Buffer; readonly hash: string } {
  const hash = sha256(canonicalJson(record));
  return { line: Buffer.from(`${canonicalJson({ ...record, hash })}\n`), hash };
}

/** Whether a line is the one spelling of a record that fits its hash: then not a byte of it was edited. */
export function isUnedited(line: string, parsed: Readonly<Record<string, Json>>): boolean {
  const { hash, ...rest } = parsed;
  return canonicalJson(parsed) === line && sha256(canonicalJson(rest)) === hash;
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
