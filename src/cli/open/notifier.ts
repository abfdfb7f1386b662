import type { NotificationRules } from '../../adapters/notify/ends-soon.ts';
import type { Notifier, NotifyTarget } from '../../adapters/notify/notifier.ts';
import type { EmitEvent } from '../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import type { CallContext } from '../line/command.ts';
import { secretFile } from '../process/secret-file.ts';
import { environmentProxies } from './connect.ts';

/**
 * Without a target, nothing is loaded for it. `endsSoonDays` is 0 for a process that ends after one run: it would report the same
 * ends at each.
 */
export async function openNotifier(
  call: CallContext,
  clock: Clock,
  rules: NotificationRules,
  onEvent: EmitEvent,
): Promise<Notifier> {
  const targets = notifyTargets(call);
  if (targets.length === 0) return { observe: () => {}, flush: async () => {}, close: () => {} };
  const { createNotifier } = await import('../../adapters/notify/notifier.ts');
  const proxies = environmentProxies(call.io);
  return createNotifier({ targets, rules, proxies, source: 'grantd', clock, random: call.io.random, onEvent });
}

/** The receivers of notifications that the settings name. */
export function notifyTargets(call: CallContext): readonly NotifyTarget[] {
  const { webhookUrlFile, webhookSecretFile, slackUrlFile } = call.settings;
  const webhook = secretFile(call, webhookUrlFile, 'webhookUrlFile', 'address');
  const secret = secretFile(call, webhookSecretFile, 'webhookSecretFile', 'secret');
  const slack = secretFile(call, slackUrlFile, 'slackUrlFile', 'address');
  return [
    ...(webhook ? [{ kind: 'webhook' as const, url: webhook, secret }] : []),
    ...(slack ? [{ kind: 'slack' as const, url: slack }] : []),
  ];
}
