/** What one check found. Every `warn` and every `fail` has a remedy. */
export type DoctorFinding =
  | { readonly status: 'ok' | 'unknown'; readonly found: string; readonly remedy: null }
  | { readonly status: 'warn' | 'fail'; readonly found: string; readonly remedy: string };

export function ok(found: string): DoctorFinding {
  return { status: 'ok', found, remedy: null };
}

export function warn(found: string, remedy: string): DoctorFinding {
  return { status: 'warn', found, remedy };
}

export function fail(found: string, remedy: string): DoctorFinding {
  return { status: 'fail', found, remedy };
}

export function unknown(found: string): DoctorFinding {
  return { status: 'unknown', found, remedy: null };
}

/** A failure that carries its own remedy, such as a `GrantdError`. */
export function failFrom({ message, remedy }: { readonly message: string; readonly remedy: string }): DoctorFinding {
  return fail(message, remedy);
}
