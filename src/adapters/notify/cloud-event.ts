import { instantText } from '../../core/domain/text/instant.ts';
import type { NotificationData, NotificationRequest } from './notification.ts';

const DATA_SCHEMA = 'https://grantd.dev/schemas/event.v1.schema.json';

/** An event of CloudEvents 1.0, in structured mode. */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** The same in every try to deliver it. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The account id; left out until a valid policy has said it. */
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: typeof DATA_SCHEMA;
  readonly data: NotificationData;
}

export function cloudEvent({ id, source, notification }: NotificationRequest): CloudEvent {
  const { at, data } = notification;
  return {
    specversion: '1.0',
    id,
    source,
    type: `dev.grantd.${data.kind}`,
    ...(data.account === null ? {} : { subject: String(data.account) }),
    time: instantText(at),
    datacontenttype: 'application/json',
    dataschema: DATA_SCHEMA,
    data,
  };
}
