// The API has two generations that name the same things differently. Inside the simulator, a resource has its generation A
// name; only answers, and the check of writable types, know the other one.

/** A: `/api/accounts/{id}/…` with `inbox` and `sending_domain`. B: `/api/…` with `sandbox` and `domain` (documented). */
export type Generation = 'A' | 'B';

const NAME_IN_A: ReadonlyMap<string, string> = new Map([
  ['sandbox', 'inbox'],
  ['domain', 'sending_domain'],
]);

const NAME_IN_B: ReadonlyMap<string, string> = new Map([
  ['inbox', 'sandbox'],
  ['sending_domain', 'domain'],
]);

/** Documented: the types that a bulk PUT may name. `organization` and `email_template_permission_scope` are read only. */
const WRITABLE_IN_A: readonly string[] = [
  'account',
  'billing',
  'project',
  'inbox',
  'sending_domain',
  'email_campaign_permission_scope',
];

const WRITABLE: Readonly<Record<Generation, ReadonlySet<string>>> = {
  A: new Set(WRITABLE_IN_A),
  B: new Set(WRITABLE_IN_A.map((type) => NAME_IN_B.get(type) ?? type)),
};

/** The name inside the simulator: a generation B name becomes the generation A name, any other stays as written. */
export function keptType(type: string): string {
  return NAME_IN_A.get(type) ?? type;
}

/** `type:id`. Ids are unique per type only (recorded). `mailsend_domain`, the oldest name, is the same resource. */
export function typedId(type: string, id: number): string {
  return `${type === 'mailsend_domain' ? 'sending_domain' : keptType(type)}:${id}`;
}

/** The name in an answer. An unknown type, and the oldest `mailsend_domain`, are shown as they are. */
export function typeInAnswer(type: string, generation: Generation): string {
  return generation === 'A' ? type : (NAME_IN_B.get(type) ?? type);
}

/** True for the names that this generation accepts in a write. The names of the other generation are refused (assumed). */
export function isWritableIn(type: string, generation: Generation): boolean {
  return WRITABLE[generation].has(type);
}
