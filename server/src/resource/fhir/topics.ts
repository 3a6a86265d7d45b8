/** A topic that clients can subscribe to. @see http://hl7.org/fhir/uv/subscriptions-backport/ */
export interface Topic {
  readonly url: string;
  readonly title: string;
  /** Resource types whose changes it tells; all when absent. */
  readonly types?: readonly string[];
}

/** A subscription may narrow a topic with filter criteria `Type?search`. Access is checked for every change told, whatever the topic. */
export const topics: readonly Topic[] = [
  { url: 'urn:bedside:topic:changes', title: 'Any resource that the subscriber may see was created or changed' },
  { url: 'urn:bedside:topic:case-changed', title: 'A case or an invitation changed', types: ['Task'] },
  { url: 'urn:bedside:topic:communication', title: 'A message or notice came', types: ['Communication', 'CommunicationRequest'] },
  { url: 'urn:bedside:topic:schedule', title: 'A time was offered, agreed or given up', types: ['Appointment', 'AppointmentResponse', 'Slot'] },
  { url: 'urn:bedside:topic:results', title: 'A report, observation or document came', types: ['DiagnosticReport', 'Composition', 'Observation', 'DocumentReference', 'ImagingStudy'] },
];
export const topicOf = (url: string): Topic | undefined => topics.find((t) => t.url === url);
