import type { Bundle, ParametersParameter } from '@medplum/fhirtypes';
import { newId } from '../../../kernel/index.ts';
import type { Change } from '../../../resource/fhir/index.ts';

export interface Told { readonly number: bigint; readonly change: Change }

/** A subscription notification: status first, ids only. @see R5 Backport guide, backport-subscription-status-r4 */
export function notification(baseUrl: string, asked: { id: string; topic: string }, type: 'handshake' | 'heartbeat' | 'event-notification', events: bigint, told: readonly Told[], now: Date): string {
  const parameter: ParametersParameter[] = [
    { name: 'subscription', valueReference: { reference: `${baseUrl}/Subscription/${asked.id}` } }, { name: 'topic', valueCanonical: asked.topic },
    { name: 'status', valueCode: 'active' }, { name: 'type', valueCode: type }, { name: 'events-since-subscription-start', valueString: events.toString() },
    ...told.map(({ number, change }): ParametersParameter => ({
      name: 'notification-event', part: [
        { name: 'event-number', valueString: number.toString() }, { name: 'timestamp', valueInstant: change.at.toISOString() }, { name: 'focus', valueReference: { reference: `${change.type}/${change.id}` } },
      ],
    })),
  ];
  const bundle: Bundle = {
    resourceType: 'Bundle', id: newId(), type: 'history', timestamp: now.toISOString(),
    entry: [
      { fullUrl: `urn:uuid:${newId()}`, resource: { resourceType: 'Parameters', parameter }, request: { method: 'GET', url: `Subscription/${asked.id}/$status` }, response: { status: '200' } },
      ...told.map(({ change }) => ({ fullUrl: `${baseUrl}/${change.type}/${change.id}`, request: { method: 'PUT' as const, url: `${change.type}/${change.id}` }, response: { status: '200' } })),
    ],
  };
  return JSON.stringify(bundle);
}
