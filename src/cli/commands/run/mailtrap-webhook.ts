import type { MailtrapWebhook } from '../../../adapters/http/mailtrap-webhook.ts';
import { decodeEvents } from '../../../adapters/mailtrap/wire/decode-events.ts';
import { ACCOUNT_PLACEHOLDER } from '../../../adapters/settings/path-kinds.ts';
import type { Daemon } from '../../../daemon/daemon.ts';
import type { CallContext } from '../../line/command.ts';
import { InvalidSettings } from '../../line/errors.ts';
import { secretFile, settingsWarner } from '../../process/secret-file.ts';

const MAILTRAP_SECRET_NOUN = 'signing secret';

/** What takes Mailtrap's audit events for a daemon; null without the setting. Throws `InvalidSettings` for a file that has no secret. */
export function openMailtrapWebhook(
  call: CallContext,
  daemon: Pick<Daemon, 'hasAccount' | 'deliver'>,
): MailtrapWebhook | null {
  const { mailtrapWebhookSecretFile: written } = call.settings;
  if (written === null) return null;
  const secrets = new SecretFiles(call, written);
  return {
    secretOf: (account) => (daemon.hasAccount(account) ? secrets.secretOf(account) : null),
    receive: (account, body) => daemon.deliver(account, decodeEvents(body)),
  };
}

/** The signing secrets of the accounts, each from a file of its own, or from the one file that is named. */
class SecretFiles {
  readonly #call: CallContext;
  readonly #written: string;
  readonly #found = new Map<string, () => string>();
  readonly #warned = new Set<string>();

  constructor(call: CallContext, written: string) {
    this.#call = call;
    this.#written = written;
    if (!written.includes(ACCOUNT_PLACEHOLDER)) this.#open(written);
  }

  /** Null where the file of the account has no secret. It is looked for again each time, and its problem is printed once. */
  secretOf(account: number): string | null {
    const file = this.#written.replaceAll(ACCOUNT_PLACEHOLDER, String(account));
    try {
      return (this.#found.get(file) ?? this.#open(file))();
    } catch (error) {
      if (!(error instanceof InvalidSettings)) throw error;
      if (!this.#warned.has(file)) error.problems.forEach(settingsWarner(this.#call.io, this.#call.paint.stderr));
      this.#warned.add(file);
      return null;
    }
  }

  #open(file: string): () => string {
    const read = secretFile(this.#call, file, 'mailtrapWebhookSecretFile', MAILTRAP_SECRET_NOUN);
    this.#found.set(file, read);
    return read;
  }
}
