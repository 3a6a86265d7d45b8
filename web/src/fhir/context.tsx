import { createContext, useContext } from 'react';
import type { FhirClient } from './client.ts';

const FhirContext = createContext<FhirClient | undefined>(undefined);
export const FhirProvider = FhirContext.Provider;

/** The client of the signed-in person; throws outside of `FhirProvider`. */
export function useFhir(): FhirClient {
  const client = useContext(FhirContext);
  if (!client) throw new Error('FhirProvider is missing');
  return client;
}
