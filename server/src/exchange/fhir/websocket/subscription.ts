import type { Subscription } from '@medplum/fhirtypes';
import { unprocessable } from '../../../kernel/index.ts';
import { checkFilter, topicOf, type OpenFhirRepository } from '../../../resource/fhir/index.ts';

const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

/** A Subscription resource as the feed needs it. */
export interface Asked {
  readonly id: string;
  readonly topic: string;
  readonly types: readonly string[] | undefined;
  /** Search text by resource type, from the filter criteria. */
  readonly filters: ReadonlyMap<string, string>;
  readonly heartbeatMs: number;
  readonly end: number;
}

/** Understands a topic subscription over WebSocket. @throws unprocessable that names the element. */
export function askedOf(repository: OpenFhirRepository, resource: Subscription): Asked {
  const wrong = (at: string, message: string): never => { throw unprocessable('subscription', message, { details: { at: `Subscription.${at}` } }); };
  const topic = topicOf(resource.criteria ?? '') ?? wrong('criteria', 'There is no such topic.');
  if (resource.channel?.type !== 'websocket') wrong('channel.type', 'Only websocket channels are served.');
  const criteria = (resource as { _criteria?: { extension?: { url?: string; valueString?: string }[] } })._criteria?.extension ?? [];
  const filters = new Map<string, string>();
  for (const e of criteria) {
    if (e.url !== `${backport}/backport-filter-criteria`) continue;
    const [type = '', filter = ''] = (e.valueString ?? '').split('?', 2);
    if (topic.types && !topic.types.includes(type)) wrong('criteria', `The topic does not tell of ${type.slice(0, 60)}.`);
    checkFilter(repository, type, filter);
    filters.set(type, filter);
  }
  const beat = resource.channel?.extension?.find((e) => e.url === `${backport}/backport-heartbeat-period`)?.valueUnsignedInt ?? 30;
  return {
    id: resource.id!, topic: topic.url, types: filters.size > 0 ? [...filters.keys()] : topic.types, filters,
    heartbeatMs: Math.min(Math.max(beat, 5), 600) * 1000, end: resource.end === undefined ? Infinity : Date.parse(resource.end),
  };
}
