import type { Bundle, Parameters, Subscription } from '@medplum/fhirtypes';
import type { FhirClient } from './client.ts';
import { FhirError } from './errors.ts';
import { parameter, referenceType } from './reading.ts';

/** Topic of everything the signed-in person may see; the server filters by access. */
export const CHANGES_TOPIC = 'urn:bedside:topic:changes';
const BACKPORT = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

export type LiveState = 'connecting' | 'live' | 'off';
export interface LiveOptions {
  readonly client: FhirClient;
  readonly topic?: string;
  /** Resource types that changed. */
  readonly onChange: (types: readonly string[]) => void;
  readonly onState: (state: LiveState) => void;
  readonly openSocket?: (url: string) => WebSocket;
}

/** Waits 1 s, 2 s, 4 s ... 60 s, spread by up to half, so that a restarted server is not met by everybody at once. */
export const backoffMs = (attempt: number, random = Math.random()): number => Math.min(60_000, 1_000 * 2 ** Math.min(attempt, 6)) * (0.75 + random / 2);

/** The Subscription resource of one tab; it ends by itself. @see http://hl7.org/fhir/uv/subscriptions-backport/ R4 */
export const subscriptionOf = (topic: string, end: Date): Subscription => ({
  resourceType: 'Subscription', status: 'requested', reason: 'What the screens show, live', criteria: topic, end: end.toISOString(),
  meta: { profile: [`${BACKPORT}/backport-subscription`] },
  channel: {
    type: 'websocket', payload: 'application/fhir+json',
    _payload: { extension: [{ url: `${BACKPORT}/backport-payload-content`, valueCode: 'id-only' }] },
    extension: [{ url: `${BACKPORT}/backport-heartbeat-period`, valueUnsignedInt: 30 }],
  } as Subscription['channel'],
});

/** Types of the resources that a subscription-notification Bundle speaks of; empty for handshakes and heartbeats. */
export function changedTypes(bundle: Bundle): string[] {
  const status = bundle.entry?.[0]?.resource;
  const foci = status?.resourceType === 'Parameters'
    ? (status.parameter ?? []).filter((p) => p.name === 'notification-event').flatMap((event) => (event.part ?? []).filter((part) => part.name === 'focus' || part.name === 'additional-context').map((part) => part.valueReference))
    : [];
  const rest = (bundle.entry ?? []).slice(1).map((entry) => entry.fullUrl ?? entry.request?.url ?? (entry.resource ? `${entry.resource.resourceType}/${entry.resource.id ?? 'x'}` : undefined));
  return [...new Set([...foci, ...rest].flatMap((reference) => referenceType(reference) ?? []))];
}

/** Keeps one subscription alive until the returned function is called. */
export function keepLive({ client, topic = CHANGES_TOPIC, onChange, onState, openSocket = (url) => new WebSocket(url) }: LiveOptions): () => void {
  let closed = false;
  let attempt = 0;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let subscriptionId: string | undefined;
  let gap = false;

  const later = (): void => {
    if (closed) return;
    onState('off');
    timer = setTimeout(() => void connect(), backoffMs(attempt));
    attempt += 1;
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => socket?.close(), 95_000);
  };

  async function connect(): Promise<void> {
    onState('connecting');
    try {
      if (!subscriptionId) {
        const made = await client.create(subscriptionOf(topic, new Date(Date.now() + 12 * 3_600_000)));
        subscriptionId = made.id;
      }
      const answer = await client.operation<Parameters>(`Subscription/${subscriptionId}/$get-ws-binding-token`);
      const token = parameter(answer, 'token')?.valueString;
      const url = parameter(answer, 'websocket-url')?.valueUrl;
      if (!token || closed) { if (!closed) later(); return; }
      const own = new URL(url ?? `${client.base}/ws`, location.href);
      open(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${own.pathname}`, token);
    } catch (error) {
      // A subscription that the server forgot is made anew; any other fault leaves it where it is.
      if (error instanceof FhirError && error.kind === 'gone') subscriptionId = undefined;
      later();
    }
  }

  function open(url: string, token: string): void {
    socket = openSocket(url);
    socket.addEventListener('open', () => { socket?.send(`bind-with-token ${token}`); heard(); });
    socket.addEventListener('message', (event) => {
      heard();
      const bundle = parse(event.data);
      if (!bundle) return;
      attempt = 0;
      onState('live');
      // What happened while nobody listened is not told again: after a gap everything is looked at once more.
      if (gap) onChange(['*']);
      gap = false;
      const types = changedTypes(bundle);
      if (types.length > 0) onChange(types);
    });
    socket.addEventListener('close', () => {
      clearTimeout(silence);
      gap = true;
      later();
    });
  }

  void connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    clearTimeout(silence);
    socket?.close();
    if (subscriptionId) void client.remove('Subscription', subscriptionId).catch(() => undefined);
  };
}

function parse(data: unknown): Bundle | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'Bundle' ? value as Bundle : undefined;
  } catch {
    return undefined;
  }
}
