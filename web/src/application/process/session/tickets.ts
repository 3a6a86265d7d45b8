import type { Parameters } from '@medplum/fhirtypes';
import { parameter } from '../../../fhir/index.ts';

/** Ways into the room and to the whiteboard; the first opens once, so it is asked for last. */
export interface Tickets { readonly ticket: string; readonly whiteboardTicket: string | undefined; readonly url: string | undefined }
const text = (answer: Parameters, name: string): string | undefined => parameter(answer, name)?.valueString ?? parameter(answer, name)?.valueUrl ?? parameter(answer, name)?.valueUri;
export const ticketsOf = (answer: Parameters): Tickets => ({ ticket: text(answer, 'ticket') ?? '', whiteboardTicket: text(answer, 'whiteboardTicket'), url: text(answer, 'url') });

/** The address of the signalling as a WebSocket of this page's server. */
export const socketUrl = (url: string | undefined): { url: string } | Record<string, never> => {
  if (!url) return {};
  const { pathname, search } = new URL(url, location.href);
  return { url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${pathname}${search}` };
};
